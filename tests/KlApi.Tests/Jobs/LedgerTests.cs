using System.Diagnostics.Metrics;
using Dapper;
using KlApi.Host;
using KlApi.Jobs;
using KlApi.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KlApi.Tests.Jobs;

/// <summary>The fence and the lease, by hand: two workers that both believe that a job is theirs.</summary>
public sealed class LedgerTests : IDisposable
{
    private readonly TemporaryDatabase _storage = new TemporaryDatabase().Started();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly JobLedger _ledger;
    private readonly JobStore _store;

    public LedgerTests()
    {
        var meters = new JobMeters(_services.GetRequiredService<IMeterFactory>(), new RunningJobs());
        _ledger = new JobLedger(_storage.Database, new JobChanges(), meters);
        _store = new JobStore(_storage.Database, new JobChanges(), meters, Options.Create(new Limits()), TimeProvider.System);
    }

    public void Dispose()
    {
        _services.Dispose();
        _storage.Dispose();
    }

    [Fact]
    public async Task Zombie_AfterANewerClaim_CanWriteNothing()
    {
        var id = await Submit();
        var zombie = await _ledger.Claim(id, "zombie", default);
        await Expire(id);
        var heir = await _ledger.Claim(id, "heir", default);
        Assert.True(heir!.Job.Fence > zombie!.Job.Fence);
        await Assert.ThrowsAsync<FencedException>(() => _ledger.Note(id, zombie.Job.Fence, Beat(5)));
        await Assert.ThrowsAsync<FencedException>(() => _ledger.Finish(id, zombie.Job.Fence, Succeeded("zombie")));
        await Assert.ThrowsAsync<FencedException>(() => _ledger.HandBack(id, zombie.Job.Fence));
        await _ledger.Finish(id, heir.Job.Fence, Succeeded("heir"));
        await Assert.ThrowsAsync<FencedException>(() => _ledger.Finish(id, zombie.Job.Fence, Succeeded("zombie")));
        var job = await _store.Find(id, default);
        Assert.Equal("\"heir\"", job!.Result);
        Assert.Equal(0, job.Step);
        Assert.Equal(0, await Count("SELECT count(*) FROM job_checkpoints"));
    }

    [Fact]
    public async Task Claim_OfALiveJob_IsRefused()
    {
        var id = await Submit();
        Assert.NotNull(await _ledger.Claim(id, "owner", default));
        Assert.Null(await _ledger.Claim(id, "other", default));
    }

    [Theory]
    [InlineData("succeeded")]
    [InlineData("failed")]
    [InlineData("cancelled")]
    public async Task Claim_OfAFinishedJob_IsRefused(string state)
    {
        var id = await Submit();
        var claim = await _ledger.Claim(id, "owner", default);
        await _ledger.Finish(id, claim!.Job.Fence, new Ending(state, null, null, []));
        await Expire(id);
        Assert.Null(await _ledger.Claim(id, "other", default));
        Assert.Equal(state, (await _store.Find(id, default))!.State);
    }

    [Fact]
    public async Task Finish_Twice_AsAfterALostAnswer_IsNoError()
    {
        var id = await Submit();
        var claim = await _ledger.Claim(id, "owner", default);
        await _ledger.Finish(id, claim!.Job.Fence, Succeeded("once"));
        await _ledger.Finish(id, claim.Job.Fence, Succeeded("once"));
        Assert.Equal(1, await Count("SELECT count(*) FROM job_events WHERE data LIKE '%succeeded%'"));
    }

    [Fact]
    public async Task Cancel_WhileItsOwnerIsDead_EndsAtTheNextClaim()
    {
        var id = await Submit();
        await _ledger.Claim(id, "dead", default);
        Assert.Equal("running", (await _store.Cancel(id, default))!.State);
        await Expire(id);
        Assert.Null(await _ledger.Claim(id, "heir", default));
        Assert.Equal("cancelled", (await _store.Find(id, default))!.State);
    }

    [Fact]
    public async Task Cancel_ThatComesAfterTheEnd_ChangesNothing()
    {
        var id = await Submit();
        var claim = await _ledger.Claim(id, "owner", default);
        await _ledger.Finish(id, claim!.Job.Fence, Succeeded("done"));
        Assert.Equal("succeeded", (await _store.Cancel(id, default))!.State);
    }

    [Fact]
    public async Task Crashes_CountOnlyDeathsWithoutProgress()
    {
        var id = await Submit();
        for (var death = 0; death < 6; death++)
        {
            var claim = await _ledger.Claim(id, "owner", default);
            if (death % 2 == 1) await _ledger.Note(id, claim!.Job.Fence, Beat(death, [1]));
            await Expire(id);
        }

        Assert.NotNull(await _ledger.Claim(id, "owner", default));
        for (var death = 0; death < 2; death++)
        {
            await Expire(id);
            Assert.NotNull(await _ledger.Claim(id, "owner", default));
        }

        await Expire(id);
        Assert.Null(await _ledger.Claim(id, "owner", default));
        Assert.Contains("crashed", (await _store.Find(id, default))!.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checkpoint_IsWhatTheNextClaimGets()
    {
        var id = await Submit();
        var first = await _ledger.Claim(id, "owner", default);
        Assert.Null(first!.Checkpoint);
        await _ledger.Note(id, first.Job.Fence, Beat(9, [1, 2, 3]));
        await _ledger.HandBack(id, first.Job.Fence);
        var second = await _ledger.Claim(id, "owner", default);
        Assert.Equal(new byte[] { 1, 2, 3 }, second!.Checkpoint);
        Assert.Equal(9, second.FromStep);
        Assert.Equal(2, second.Job.Attempts);
    }

    [Theory]
    [InlineData("finished")]
    [InlineData("handed back")]
    [InlineData("settled")]
    [InlineData("crashed")]
    [InlineData("cancelled while it waits")]
    public async Task EveryEnd_LeavesNoCheckpointAndNoOpenRun_TellsItAndIsCounted(string how)
    {
        var counted = new List<string?>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => self.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
        {
            if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>()) counted.Add((string?)tags[1].Value);
        });
        listener.Start();
        var id = await Submit();
        var claim = await _ledger.Claim(id, "owner", default);
        await _ledger.Note(id, claim!.Job.Fence, Beat(5, [1]));
        await End(id, claim.Job.Fence, how);
        var job = await _store.Find(id, default);
        Assert.True(job!.IsFinished());
        Assert.Equal(0, await Count("SELECT count(*) FROM job_checkpoints"));
        Assert.Equal(0, await Count("SELECT count(*) FROM job_runs WHERE ended_at IS NULL"));
        Assert.Equal(1, await Count($"SELECT count(*) FROM job_events WHERE type = 'status' AND data LIKE '%\"{job.State}\"%'"));
        Assert.Equal([job.State], counted);
    }

    private async Task End(string id, long fence, string how)
    {
        switch (how)
        {
            case "finished":
                await _ledger.Finish(id, fence, Succeeded("done"));
                return;
            case "handed back":
                await _store.Cancel(id, default);
                await _ledger.HandBack(id, fence);
                return;
            case "settled":
                await _store.Cancel(id, default);
                await Expire(id);
                Assert.Null(await _ledger.Claim(id, "heir", default));
                return;
            case "crashed":
                for (var death = 0; death < JobLedger.CrashLimit; death++)
                {
                    await Expire(id);
                    Assert.NotNull(await _ledger.Claim(id, "owner", default));
                }

                await Expire(id);
                Assert.Null(await _ledger.Claim(id, "heir", default));
                return;
            default:
                await _ledger.HandBack(id, fence);
                await _store.Cancel(id, default);
                return;
        }
    }

    private async Task<string> Submit() => (await _store.Submit(new Walk(), null, default)).Id;

    /// <summary>Time passes and no heartbeat comes.</summary>
    private Task<int> Expire(string id) => _storage.Database.Write(connection => connection.Execute("UPDATE training_jobs SET lease_until = 1 WHERE id = @id", new { id }));

    private Task<long> Count(string sql) => _storage.Database.Read(connection => connection.ExecuteScalar<long>(sql));

    private static Beat Beat(long step, byte[]? checkpoint = null) => new(step, 10, null, null, 0, checkpoint, step, []);

    private static Ending Succeeded(string result) => new("succeeded", $"\"{result}\"", null, []);
}
