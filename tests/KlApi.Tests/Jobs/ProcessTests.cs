using System.Diagnostics;
using Dapper;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

/// <summary>What can only be shown on a process of its own.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Terminate_WithARunningJobAndAnOpenStream_EndsInTimeAndTheJobGoesOn()
    {
        await using var service = WalkingProcess.Create();
        await service.Start();
        var id = await service.Client.Submit(JobRequests.Walk(600, 5));
        var waiting = service.Client.PostWith(JobRequests.Walk(601, 5), ("Prefer", "wait=30"));
        await service.Client.Until(id, job => (int)job["progress"]!["step"]! > 50);
        var stream = service.Client.Events(id);
        await Task.Delay(200);
        var time = await service.Terminate();
        Assert.Equal(0, service.Process.ExitCode);
        Assert.InRange(time.TotalSeconds, 0, 5);
        var seen = await stream;
        Assert.NotEmpty(seen);
        Assert.Equal(202, (await waiting).Status);
        using (var tables = WalkingProcess.Open(service.DataDirectory))
        {
            Assert.Equal("interrupted", tables.ExecuteScalar<string>("SELECT state FROM training_jobs WHERE id = @id", new { id }));
            Assert.Equal(0, tables.ExecuteScalar<long>("SELECT crashes FROM training_jobs WHERE id = @id", new { id }));
            // The last step before the end is in the checkpoint: nothing is computed twice.
            Assert.Equal(
                tables.ExecuteScalar<long>("SELECT max(step) FROM job_events WHERE job_id = @id AND type = 'metric'", new { id }),
                tables.ExecuteScalar<long>("SELECT step FROM job_checkpoints WHERE job_id = @id", new { id }));
        }

        await service.Start();
        var rest = await service.Client.Events(id, seen[^1].Id);
        Assert.Equal(seen[^1].Id + 1, rest[0].Id);
        var job = await service.Client.Finished(id);
        Assert.Equal(2, (int)job["attempts"]!);
        Assert.Equal(new Walk { Seed = 7, Steps = 600 }.ExpectedHash(), (string?)job["result"]!["hash"]);
    }

    [Fact]
    public async Task PoisonousJob_FailsAfterThreeDeathsAndTheOthersFinish()
    {
        await using var service = WalkingProcess.Create().With("KlService__Workers", "3");
        await service.Start();
        var innocents = new Dictionary<string, int>();
        for (var steps = 400; steps < 402; steps++) innocents.Add(await service.Client.Submit(JobRequests.Walk(steps, 5)), steps);
        var poison = await service.Client.Submit(JobRequests.Walk(10, 0, ", \"killsProcessAtStep\": 1"));
        var deaths = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < 60 && deaths < 10;)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await service.Process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            deaths++;
            if (!await TryStart(service)) continue;
            var job = await TryJob(service, poison);
            if (job is "failed") break;
        }

        var failed = await service.Client.Finished(poison);
        Assert.Equal("failed", (string?)failed["status"]);
        Assert.Equal("crashed", (string?)failed["error"]!["code"]);
        Assert.Equal(3, (int)failed["attempts"]!);
        Assert.Equal(3, deaths);
        foreach (var (id, steps) in innocents)
            Assert.Equal(new Walk { Seed = 7, Steps = steps }.ExpectedHash(), (string?)(await service.Client.Finished(id))["result"]?["hash"]);
    }

    [Fact]
    public async Task SecondProcess_OnTheSameDirectory_IsRefusedInWords()
    {
        await using var service = WalkingProcess.Create();
        await service.Start();
        var start = new ProcessStartInfo("dotnet", Path.Combine(AppContext.BaseDirectory, "KlApi.dll")) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["KlService__DataDirectory"] = service.DataDirectory;
        using var second = Process.Start(start)!;
        var words = second.StandardError.ReadToEndAsync();
        _ = second.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await second.WaitForExitAsync(patience.Token);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("is in use by another process", await words, StringComparison.Ordinal);
        Assert.Equal(202, (await service.Client.PostJson("/v1/jobs", JobRequests.Walk())).Status);
    }

    private static async Task<bool> TryStart(ServiceProcess service)
    {
        try
        {
            await service.Start();
            return true;
        }
        catch (Xunit.Sdk.TrueException) when (service.Process.HasExited)
        {
            return false;
        }
    }

    private static async Task<string?> TryJob(ServiceProcess service, string id)
    {
        try
        {
            return (string?)(await service.Client.Job(id))["status"];
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
