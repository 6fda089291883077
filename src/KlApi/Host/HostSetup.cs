using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace KlApi.Host;

/// <summary>Registers the cross-cutting concerns, each of which has its own file here, and puts them in the order in which a request meets them.</summary>
internal static class HostSetup
{
    public static void AddHost(this WebApplicationBuilder builder)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddOptions<Settings>().Bind(configuration.GetSection("KlService")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<Limits>().Bind(configuration.GetSection("KlService:Limits")).ValidateDataAnnotations().ValidateOnStart();
        Logging.AddLogging(builder);
        Server.AddServer(builder);
        Page.AddPage(builder);
        Throttle.AddThrottle(services);
        Admission.AddAdmission(services);
        Health.AddHealth(services);
        Metrics.AddMetrics(services);
        Shutdown.AddShutdown(services);
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddSingleton<Errors>();
        services.AddSingleton<IExceptionHandler>(provider => provider.GetRequiredService<Errors>());
        services.AddProblemDetails();
        OpenApi.AddOpenApi(services);
    }

    public static void UseHost(this WebApplication app)
    {
        // Not by IOptions: what is out of bounds is to be said when the host starts, for all settings at once.
        var settings = app.Configuration.GetSection("KlService").Get<Settings>() ?? new Settings();
        Server.UseKnownProxies(app, settings.KnownProxies);
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<RequestLog>();
        app.UseExceptionHandler();
        app.UseStatusCodePages(app.Services.GetRequiredService<Errors>().Explain);
        app.UseMiddleware<Methods>();
        app.UseRateLimiter();
        Page.UsePage(app);
        if (settings.Swagger) OpenApi.UseOpenApi(app);
        app.UseRouting();
        app.UseMiddleware<KnownParameters>();
        app.UseRequestTimeouts();
        Health.MapHealth(app);
        Metrics.MapMetrics(app);
        app.MapGet("/v1/limits", (IOptions<Limits> limits) => limits.Value)
            .Describe("Limits", "What one request, one client and all of them together may ask of this machine.")
            .WithTags("Operations");
    }
}
