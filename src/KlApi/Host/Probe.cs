using System.Net;

namespace KlApi.Host;

/// <summary>
/// <c>KlApi.dll --probe</c> asks the service that runs with the same configuration whether it is ready: exit code 0 if so, else 1. For
/// containers whose image has no curl.
/// </summary>
internal static class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static async Task<int> Run(string[] args)
    {
        var configuration = WebApplication.CreateBuilder([.. args.Where(argument => argument != "--probe")]).Configuration;
        var address = Address(configuration);
        using var handler = new HttpClientHandler { UseProxy = false, AllowAutoRedirect = false };
        // The certificate names the public host; this is the same machine.
        handler.ServerCertificateCustomValidationCallback = (_, _, _, _) => true;
        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri(address, Health.Ready));
            Console.WriteLine($"{address} {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            return answer.StatusCode == HttpStatusCode.OK ? 0 : 1;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException)
        {
            Console.Error.WriteLine($"{address} does not answer: {unreachable.Message}");
            return 1;
        }
    }

    /// <summary>The address to ask, found as the server finds where to listen: endpoints, then URLs, then ports, then the default.</summary>
    public static Uri Address(IConfiguration configuration)
    {
        var urls = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>().ToList();
        if (urls.Count == 0) urls = Split(configuration["urls"]);
        if (urls.Count == 0) urls = [.. Split(configuration["http_ports"]).Select(port => $"http://*:{port}"), .. Split(configuration["https_ports"]).Select(port => $"https://*:{port}")];
        if (urls.Count == 0) urls = [Server.DefaultUrl];
        var addresses = urls.Select(BindingAddress.Parse).ToList();
        return Local(addresses.Find(address => address.Scheme == "http") ?? addresses[0]);
    }

    /// <summary>"*", "+", any name and the any-addresses mean every interface to the server; of these the probe takes loopback.</summary>
    private static Uri Local(BindingAddress address)
    {
        var host = address.Host;
        if (!IPAddress.TryParse(host.Trim('[', ']'), out var ip)) host = host == "localhost" ? host : "127.0.0.1";
        else if (ip.Equals(IPAddress.Any)) host = "127.0.0.1";
        else if (ip.Equals(IPAddress.IPv6Any)) host = "[::1]";
        return new UriBuilder(address.Scheme, host, address.Port).Uri;
    }

    private static List<string> Split(string? list) =>
        [.. (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
