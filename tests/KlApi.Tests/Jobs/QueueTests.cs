using System.Diagnostics;
using KlApi.Jobs;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

public sealed class QueueTests
{
    [Fact]
    public async Task Queue_WithOneWorker_RunsByPriorityAndThenByAge()
    {
        using var service = new Service().With("KlService:Workers", "1");
        var client = service.CreateClient();
        var blocker = await client.Submit(JobRequests.Walk(60, 10));
        await client.Until(blocker, job => (string?)job["status"] == "running");
        int[] priorities = [0, 9, 3, 0, 9, 3, 9];
        var ids = new List<(int Priority, string Id)>();
        foreach (var priority in priorities) ids.Add((priority, await client.Submit(JobRequests.Walk(2, 2, $", \"priority\": {priority}"))));
        var started = new List<(DateTime At, string Id)>();
        foreach (var (_, id) in ids) started.Add((DateTime.Parse((string)(await client.Finished(id))["startedAt"]!), id));
        Assert.Equal(
            ids.OrderByDescending(entry => entry.Priority).ThenBy(entry => entry.Id, StringComparer.Ordinal).Select(entry => entry.Id),
            started.OrderBy(entry => entry.At).Select(entry => entry.Id));
    }

    [Fact]
    public async Task Queue_ThatIsFull_Is429UntilThereIsRoom()
    {
        using var service = new Service().With("KlService:Workers", "1").With("KlService:Limits:OpenJobs", "3");
        var client = service.CreateClient();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++) ids.Add(await client.Submit(JobRequests.Walk(1000, 10)));
        var refused = await client.PostJson("/v1/jobs", JobRequests.Walk());
        Assert.Equal(429, refused.Status);
        Assert.NotNull(refused.Message.Headers.RetryAfter);
        await client.PostJson($"/v1/jobs/{ids[2]}/cancel", "");
        Assert.Equal(202, (await client.PostJson("/v1/jobs", JobRequests.Walk())).Status);
    }

    [Fact]
    public async Task Cancel_OfAWaitingJob_EndsItAtOnceAndTwiceIsOnce()
    {
        using var service = new Service().With("KlService:Workers", "1");
        var client = service.CreateClient();
        await client.Submit(JobRequests.Walk(1000, 10));
        var waiting = await client.Submit(JobRequests.Walk());
        for (var i = 0; i < 2; i++)
        {
            var answer = await client.PostJson($"/v1/jobs/{waiting}/cancel", "");
            Assert.Equal(200, answer.Status);
            Assert.Equal("cancelled", (string?)answer.Json["status"]);
            Assert.Null(answer.Json["startedAt"]);
        }
    }

    [Fact]
    public async Task Cancel_OfARunningJob_EndsItWithinAStepAnd100Milliseconds()
    {
        using var service = new Service();
        var client = service.CreateClient();
        var id = await client.Submit(JobRequests.Walk(1000, 20));
        await client.Until(id, job => (int)job["progress"]!["step"]! > 0);
        Assert.Equal(409, (await client.Ask(new HttpRequestMessage(HttpMethod.Delete, $"/v1/jobs/{id}"))).Status);
        var clock = Stopwatch.StartNew();
        var answer = await client.PostJson($"/v1/jobs/{id}/cancel", "");
        Assert.Equal(200, answer.Status);
        Assert.Equal("cancelled", (string?)answer.Json["status"]);
        // A step of 20 ms, 100 ms, and room for a machine that does other things as well.
        Assert.InRange(clock.ElapsedMilliseconds, 0, 600);
        Assert.Equal(200, (await client.PostJson($"/v1/jobs/{id}/cancel", "")).Status);
        Assert.Equal(204, (await client.Ask(new HttpRequestMessage(HttpMethod.Delete, $"/v1/jobs/{id}"))).Status);
    }

    [Fact]
    public async Task Cancel_OfAFinishedJob_Is409()
    {
        using var service = new Service();
        var client = service.CreateClient();
        var id = await client.Submit(JobRequests.Walk(2));
        await client.Finished(id);
        var answer = await client.PostJson($"/v1/jobs/{id}/cancel", "");
        Assert.Equal(409, answer.Status);
        Assert.Equal("job-finished", (string?)answer.Json["code"]);
    }

    [Fact]
    public async Task Job_ThatRunsTooLong_FailsWithTheLimit()
    {
        using var service = new Service().With("KlService:Limits:JobSeconds", "1");
        var client = service.CreateClient();
        var job = await client.Finished(await client.Submit(JobRequests.Walk(1000, 20)));
        Assert.Equal("failed", (string?)job["status"]);
        Assert.Equal("time-limit", (string?)job["error"]!["code"]);
    }

    [Fact]
    public void VirtualStart_IsStrictInPriorityAndThenInAge()
    {
        var old = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var late = new DateTimeOffset(2045, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var priority = 0; priority < 9; priority++)
            Assert.True(JobQueue.VirtualStart(priority + 1, late) < JobQueue.VirtualStart(priority, old));
        Assert.True(JobQueue.VirtualStart(3, old) < JobQueue.VirtualStart(3, old.AddMilliseconds(1)));
        Assert.True(JobQueue.VirtualStart(0, late) < old);
    }
}
