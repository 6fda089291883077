using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace KlApi.Tests.Host;

/// <summary>The whole service in this process, in the Production environment, on a data directory of its own that goes with it.</summary>
public sealed class Service : WebApplicationFactory<Program>
{
    private readonly string _data = Directory.CreateTempSubdirectory("kl-tests-").FullName;
    private readonly Dictionary<string, string> _settings = [];

    public string DataDirectory => _data;

    /// <summary>Sets a value of the configuration, for example <c>KlService:Limits:OpenJobs</c>, before the first request.</summary>
    public Service With(string key, string value)
    {
        _settings[key] = value;
        return this;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("KlService:DataDirectory", _data);
        builder.UseSetting("KlService:DrainSeconds", "0");
        builder.UseSetting("Serilog:MinimumLevel", "Warning");
        foreach (var (key, value) in _settings) builder.UseSetting(key, value);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(_data)) Directory.Delete(_data, recursive: true);
    }
}

/// <summary>An answer with its body read.</summary>
public sealed record Answer(int Status, string? MediaType, string Text, HttpResponseMessage Message)
{
    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The first message that a problem has at a pointer, or null.</summary>
    public string? ErrorAt(string pointer) => Json["errors"]?[pointer]?[0]?.GetValue<string>();
}

/// <summary>How tests talk to the service.</summary>
public static class Requests
{
    public static Task<Answer> PostJson(this HttpClient client, string path, string json, string mediaType = "application/json") =>
        client.Ask(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, mediaType) });

    public static Task<Answer> Fetch(this HttpClient client, string path) => client.Ask(new HttpRequestMessage(HttpMethod.Get, path));

    public static async Task<Answer> Ask(this HttpClient client, HttpRequestMessage request)
    {
        var message = await client.SendAsync(request);
        return new Answer((int)message.StatusCode, message.Content.Headers.ContentType?.MediaType, await message.Content.ReadAsStringAsync(), message);
    }
}
