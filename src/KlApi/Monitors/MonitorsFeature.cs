using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Monitors;

/// <summary>References whose profiles are kept, the batches that were compared with them, and how they went over time.</summary>
internal static class MonitorsFeature
{
    public static IServiceCollection AddMonitors(this IServiceCollection services)
    {
        services.AddSingleton<MonitorTable>();
        services.AddSingleton<BatchTable>();
        services.AddHostedService<MonitorQuota>();
        services.Configure<SwaggerGenOptions>(options => options.OperationFilter<BatchBodyFilter>());
        return services;
    }

    public static void MapMonitors(this WebApplication app)
    {
        var group = app.MapGroup("/v1/monitors").WithTags("Monitors");
        CreateMonitor.Map(group);
        ReadMonitors.Map(group);
        DeleteMonitor.Map(group);
        TakeBatch.Map(group);
        ReadTimeline.Map(group);
    }
}
