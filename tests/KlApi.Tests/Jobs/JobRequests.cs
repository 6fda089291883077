using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

/// <summary>What tests of jobs ask for again and again.</summary>
internal static class JobRequests
{
    public static string Walk(int steps = 10, int stepMilliseconds = 0, string more = "") =>
        $$"""{ "kind": "walk", "seed": 7, "steps": {{steps}}, "stepMilliseconds": {{stepMilliseconds}}{{more}} }""";

    /// <summary>Submits and returns the id.</summary>
    public static async Task<string> Submit(this HttpClient client, string body)
    {
        var answer = await client.PostJson("/v1/jobs", body);
        Assert.True(answer.Status == 202, answer.Text);
        return (string)answer.Json["id"]!;
    }

    public static Task<Answer> PostWith(this HttpClient client, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return client.Ask(request);
    }

    public static async Task<JsonNode> Job(this HttpClient client, string id) => (await client.Fetch($"/v1/jobs/{id}")).Json;

    public static Task<JsonNode> Finished(this HttpClient client, string id, int seconds = 30) =>
        client.Until(id, job => (string)job["status"]! is "succeeded" or "failed" or "cancelled", seconds);

    public static async Task<JsonNode> Until(this HttpClient client, string id, Func<JsonNode, bool> condition, int seconds = 30)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var job = await client.Job(id);
            if (condition(job)) return job;
            Assert.True(clock.Elapsed.TotalSeconds < seconds, $"Still {job}");
            await Task.Delay(20);
        }
    }

    /// <summary>Reads a stream of events to its end, or until enough have come.</summary>
    public static async Task<List<(long Id, string Type, JsonNode Data)>> Events(this HttpClient client, string id, long? after = null, int atMost = int.MaxValue)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{id}/events");
        if (after is { } last) request.Headers.Add("Last-Event-ID", $"{last}");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var events = new List<(long, string, JsonNode)>();
        var (number, type) = (0L, "");
        while (events.Count < atMost && await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) number = long.Parse(line[4..]);
            if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
            if (line.StartsWith("data: ", StringComparison.Ordinal)) events.Add((number, type, JsonNode.Parse(line[6..])!));
        }

        return events;
    }
}
