using KlApi.Tests.Host;

namespace KlApi.Tests.Monitors;

/// <summary>What monitors promise when their process is killed; on a real one.</summary>
public class MonitorKillTests
{
    [Fact]
    public async Task Kill_DuringManyBatches_LosesNoneThatWasAcceptedAndARetryDoublesNone()
    {
        await using var service = new ServiceProcess();
        await service.Start();
        var id = await service.Client.Create();
        var accepted = new Dictionary<string, string>();
        for (var round = 0; round < 2; round++)
        {
            var sent = new List<Task<(string Key, Answer? Answer)>>();
            for (var i = 0; i < 60; i++) sent.Add(Send(service.Client, id, $"key-{round}-{i}"));
            while (sent.Count(task => task.IsCompleted) < 20) await Task.Delay(5);
            await service.Kill();
            foreach (var (key, answer) in await Task.WhenAll(sent))
                if (answer is { Status: 201 }) accepted.Add(key, answer.Text);
            await service.Start();
        }

        Assert.InRange(accepted.Count, 20, 119);
        // Every batch again: those that were accepted give their first answer, the others are taken now.
        for (var round = 0; round < 2; round++)
            for (var i = 0; i < 60; i++)
            {
                var (key, answer) = await Send(service.Client, id, $"key-{round}-{i}");
                Assert.Equal(201, answer!.Status);
                if (accepted.TryGetValue(key, out var first)) Assert.Equal(first, answer.Text);
            }

        var timeline = new List<string>();
        for (var after = 0; ;)
        {
            var page = (await service.Client.Fetch($"{MonitorRequests.Path}/{id}/timeline?limit=100&after={after}")).Json;
            timeline.AddRange(page["data"]!.AsArray().Select(entry => (string)entry!["label"]!));
            Assert.Equal(Enumerable.Range(after + 1, page["data"]!.AsArray().Count), page["data"]!.AsArray().Select(entry => (int)entry!["number"]!));
            if (!(bool)page["hasMore"]!) break;
            after += 100;
        }

        Assert.Equal(120, timeline.Count);
        Assert.Equal(120, timeline.Distinct().Count());
        Assert.Equal(100, (int)(await service.Client.Fetch($"{MonitorRequests.Path}/{id}")).Json["rows"]!);
    }

    private static async Task<(string Key, Answer? Answer)> Send(HttpClient client, string id, string key)
    {
        try
        {
            return (key, await client.Batch(id, $$"""{ "rows": [ { "size": 0.25, "plan": "a" }, { "size": 1.5, "plan": "b" } ], "label": "{{key}}" }""", key));
        }
        catch (HttpRequestException)
        {
            return (key, null);
        }
    }
}
