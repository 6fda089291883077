using KlApi.Jobs;
using KlApi.Tests.Host;
using Microsoft.Extensions.DependencyInjection;

namespace KlApi.Tests.Jobs;

public sealed class WatchTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Stream_OfARunningJob_TellsAllInOrderAndEndsWithIt()
    {
        var id = await _client.Submit(JobRequests.Walk(60, 10));
        var events = await _client.Events(id);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(entry => entry.Id));
        Assert.Equal(["queued", "running", "succeeded"], events.Where(entry => entry.Type == "status").Select(entry => (string)entry.Data["status"]!));
        Assert.Equal("status", events[^1].Type);
        Assert.Equal(Enumerable.Range(1, 60), events.Where(entry => entry.Type == "metric").Select(entry => (int)entry.Data["step"]!));
        var progress = events.Where(entry => entry.Type == "progress").Select(entry => (int)entry.Data["step"]!).ToList();
        Assert.Equal(progress.Order(), progress);
        Assert.Equal(60, progress[^1]);
    }

    [Fact]
    public async Task Stream_ResumedAnywhere_HasNoGapsAndNoRepeats()
    {
        var id = await _client.Submit(JobRequests.Walk(80, 10));
        var first = await _client.Events(id, null, 7);
        var second = await _client.Events(id, first[^1].Id, 20);
        var third = await _client.Events(id, second[^1].Id);
        var whole = await _client.Events(id);
        Assert.Equal(whole.Select(Text), first.Concat(second).Concat(third).Select(Text));

        static string Text((long Id, string Type, System.Text.Json.Nodes.JsonNode Data) entry) => $"{entry.Id} {entry.Type} {entry.Data.ToJsonString()}";
    }

    [Fact]
    public async Task Stream_AfterTheLastEventOfAFinishedJob_Is204()
    {
        var id = await _client.Submit(JobRequests.Walk(3));
        var events = await _client.Events(id);
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{id}/events");
        request.Headers.Add("Last-Event-ID", $"{events[^1].Id}");
        Assert.Equal(204, (await _client.Ask(request)).Status);
    }

    [Fact]
    public async Task Events_AskedForAsJson_ComeAsAPage()
    {
        var id = await _client.Submit(JobRequests.Walk(30));
        var events = await _client.Events(id);
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{id}/events?limit=10&after=5");
        request.Headers.Accept.ParseAdd("application/json");
        var page = (await _client.Ask(request)).Json;
        Assert.True((bool)page["hasMore"]!);
        Assert.Equal(Enumerable.Range(6, 10), page["data"]!.AsArray().Select(entry => (int)entry!["id"]!));
        Assert.Equal(events[5].Data.ToJsonString(), page["data"]![0]!["data"]!.ToJsonString());
    }

    [Fact]
    public async Task Watchers_ThatLeft_TakeNoRoom()
    {
        using var own = new Service();
        using var client = own.CreateClient();
        var id = await client.Submit(JobRequests.Walk(30, 10));
        await client.Events(id, atMost: 3);
        await client.Events(id);
        await client.PostWith(JobRequests.Walk(3), ("Prefer", "wait=20"));
        await client.PostWith(JobRequests.Walk(300, 10), ("Prefer", "wait=1"));
        var changes = own.Services.GetRequiredService<JobChanges>();
        // A stream notices a little later that its client has left.
        for (var i = 0; i < 100 && changes.Count > 0; i++) await Task.Delay(50);
        Assert.Equal(0, changes.Count);
    }

    [Theory]
    [InlineData("?after=x")]
    [InlineData("?limit=0")]
    [InlineData("?after=-1")]
    public async Task Events_WithANonsensicalPlace_Are400(string query)
    {
        var id = await _client.Submit(JobRequests.Walk(1));
        Assert.Equal(400, (await _client.Fetch($"/v1/jobs/{id}/events{query}")).Status);
    }
}
