using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace KlApi.Host;

/// <summary>
/// Where the server listens, and what one connection may ask of it. Without a word in the configuration it listens on loopback only:
/// who wants more says so (<c>ASPNETCORE_URLS</c>, as the container image does with its port).
/// </summary>
internal static class Server
{
    public const string DefaultUrl = "http://localhost:5080";

    /// <summary>Kestrel's own default, stated: slower bodies are ended after a grace of five seconds.</summary>
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    public static void AddServer(WebApplicationBuilder builder)
    {
        if (!IsAddressConfigured(builder.Configuration)) builder.WebHost.UseUrls(DefaultUrl);
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<Limits>>(Configure);
    }

    public static bool IsAddressConfigured(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration["urls"]) || !string.IsNullOrEmpty(configuration["http_ports"]) ||
        !string.IsNullOrEmpty(configuration["https_ports"]) || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();

    /// <summary>Behind a proxy the client's address and scheme are what the proxy says, if the configuration names that proxy.</summary>
    public static void UseKnownProxies(WebApplication app, string[] proxies)
    {
        if (proxies.Length == 0) return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        // Only what the configuration names: the framework itself would trust every client on loopback.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies) options.KnownProxies.Add(IPAddress.Parse(proxy));
        app.UseForwardedHeaders(options);
    }

    private static void Configure(KestrelServerOptions kestrel, IOptions<Limits> limits)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = limits.Value.Connections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.MinRequestBodyDataRate = SlowestBody;
        kestrel.Limits.MaxRequestBodySize = limits.Value.JsonBytes;
    }
}
