using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using KlApi.Tests.Host;

namespace KlApi.Tests.Monitors;

/// <summary>Monitors as tests make and feed them.</summary>
internal static class MonitorRequests
{
    public const string Path = "/v1/monitors";

    /// <summary>A numeric column and one of categories, a hundred rows.</summary>
    public static async Task<string> Create(this HttpClient client, string more = "")
    {
        var answer = await client.PostJson(Path, $$"""{ "name": "tests", "reference": { "columns": { {{Columns(0, 100)}} } }{{more}} }""");
        Assert.Equal(201, answer.Status);
        return answer.Json["id"]!.GetValue<string>();
    }

    /// <summary>Numbers around a place and categories, as members of a JSON object.</summary>
    public static string Columns(double shift, int rows) =>
        $"\"size\": [{string.Join(',', Enumerable.Range(0, rows).Select(i => (Math.Sin(i * 1.3) + shift).ToString("R", CultureInfo.InvariantCulture)))}], \"plan\": [{string.Join(',', Enumerable.Range(0, rows).Select(i => i % 3 == 0 ? "\"b\"" : "\"a\""))}]";

    public static Task<Answer> Batch(this HttpClient client, string id, string body, string? key = null, string mediaType = "application/json", string query = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{Path}/{id}/batches{query}") { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return client.Ask(request);
    }
}
