using KlApi.Host;
using KlApi.Storage.Logits;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Storage;

/// <summary>Durable storage, for the features that keep something.</summary>
internal static class StorageRegistration
{
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider =>
        {
            var settings = provider.GetRequiredService<IOptions<Settings>>().Value;
            if (settings.Database.Length > 0)
                throw new StartRefusedException("KlService__Database is set, but this version keeps everything in SQLite: leave it empty.");
            return new DataDirectory(Path.GetFullPath(settings.DataDirectory, provider.GetRequiredService<IHostEnvironment>().ContentRootPath));
        });
        services.AddSingleton<Database>();
        services.AddSingleton<StorageQuota>();
        services.AddHostedService<DatabaseStart>();
        services.AddSingleton<BaselineTable>();
        services.AddSingleton<BaselineFiles>();
        services.AddSingleton<BaselineInputs>();
        services.AddHostedService(provider => provider.GetRequiredService<BaselineFiles>());
        services.Configure<SwaggerGenOptions>(options => options.OperationFilter<LogitsBodyFilter>());
        services.AddHealthChecks().AddCheck<StorageReadiness>("storage", tags: ["ready"]);
        return services;
    }
}
