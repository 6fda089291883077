using System.Reflection;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace KlApi.Host;

/// <summary>Registers the cross-cutting concerns, each of which has its own file here, in the order in which a request meets them.</summary>
internal static class HostSetup
{
    public static void AddHost(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<Settings>().Bind(configuration.GetSection("KlService")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<Limits>().Bind(configuration.GetSection("KlService:Limits")).ValidateDataAnnotations().ValidateOnStart();
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddSingleton<Errors>();
        services.AddSingleton<IExceptionHandler>(provider => provider.GetRequiredService<Errors>());
        services.AddProblemDetails();
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo { Title = "KlService", Version = "v1", Description = "Measures, estimates and minimises Kullback–Leibler divergence." });
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            options.OperationFilter<ExampleFilter>();
            foreach (var assembly in new[] { Assembly.GetExecutingAssembly(), typeof(KlCore.Problems).Assembly })
                options.IncludeXmlComments(assembly);
        });
    }

    public static void UseHost(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(app.Services.GetRequiredService<Errors>().Explain);
        app.UseSwagger();
        app.UseSwaggerUI();
        app.MapGet("/v1/limits", (IOptions<Limits> limits) => limits.Value)
            .Describe("Limits", "What one request, one client and all of them together may ask of this machine.")
            .WithTags("Operations");
    }
}
