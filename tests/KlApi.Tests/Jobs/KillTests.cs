using System.Diagnostics;
using Dapper;
using KlApi.Tests.Host;
using Xunit.Abstractions;

namespace KlApi.Tests.Jobs;

/// <summary>
/// SIGKILL at random instants: nothing lost, nothing twice, and every result and metric the same to the last bit as without a kill.
/// KL_KILLS and KL_JOBS make it longer: <c>KL_KILLS=20 KL_JOBS=20 dotnet test tests/KlApi.Tests --filter Kill_AtRandomInstants</c>, and so does
/// <c>KL_ROUNDS=100 dotnet test tests/KlApi.Tests --filter Kill_WhileClientsSubmit</c>.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const string Fit =
        """
        { "kind": "density-fit", "seed": SEED, "steps": 3000, "model": { "family": "gaussian-mixture", "components": 2 }, "objective": { "name": "OBJECTIVE" },
          "target": { "family": "gaussian-mixture", "weights": [0.5, 0.5], "means": [-3, 3], "standardDeviations": [1, 1] },
          "optimizer": { "name": "adam", "learningRate": 0.05 } }
        """;

    private static readonly int Kills = Setting("KL_KILLS", 4);
    private static readonly int Jobs = Setting("KL_JOBS", 8);
    private static readonly int Rounds = Setting("KL_ROUNDS", 3);

    [Fact]
    public async Task Kill_AtRandomInstants_LosesNothingAndChangesNoBit()
    {
        await using var service = WalkingProcess.Create().With("KlService__Workers", "3");
        await service.Start();
        var bodies = Enumerable.Range(0, Jobs).Select(Body).ToList();
        var ids = new List<string>();
        foreach (var body in bodies) ids.Add(await service.Client.Submit(body));
        var random = new Random(20);
        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(random.Next(20, 1500));
            await service.Kill();
            WalkingProcess.AssertIntact(service.DataDirectory);
            await service.Start();
        }

        foreach (var id in ids) Assert.Equal("succeeded", (string?)(await service.Client.Finished(id, 300))["status"]);
        await AssertEachRanToItsEndOnce(service, ids);
        await AssertSameAsUndisturbed(service, bodies, ids);
    }

    [Fact]
    public async Task Kill_WhileClientsSubmit_LosesNothingThatWasAcknowledged()
    {
        await using var service = WalkingProcess.Create().With("KlService__Workers", "2");
        var random = new Random(100);
        var acknowledged = new Dictionary<string, int>();
        var starts = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            await service.Start();
            starts.Add(clock.Elapsed.TotalSeconds);
            var submits = Enumerable.Range(1, 3).Select(i => TrySubmit(service.Client, (10 * round) + i, TimeSpan.FromMilliseconds(random.Next(300)))).ToList();
            await Task.Delay(random.Next(200, 2000));
            await service.Kill();
            WalkingProcess.AssertIntact(service.DataDirectory);
            foreach (var (id, steps) in (await Task.WhenAll(submits)).OfType<(string, int)>()) acknowledged.Add(id, steps);
        }

        await service.Start();
        foreach (var (id, steps) in acknowledged)
            Assert.Equal(new Walk { Seed = 7, Steps = steps }.ExpectedHash(), (string?)(await service.Client.Finished(id, 120))["result"]?["hash"]);
        using var tables = WalkingProcess.Open(service.DataDirectory);
        Assert.Equal(0, tables.ExecuteScalar<long>("SELECT count(*) FROM (SELECT job_id FROM job_runs WHERE outcome = 'succeeded' GROUP BY job_id HAVING count(*) > 1) AS twice"));
        output.WriteLine(
            $"{Rounds} kills, {acknowledged.Count} jobs acknowledged, {tables.ExecuteScalar<long>("SELECT count(*) FROM job_runs")} runs, "
            + $"ready after {starts.Order().ElementAt(starts.Count / 2):0.00} s in the median, {starts.Max():0.00} s at most");
        Assert.NotEmpty(acknowledged);
    }

    private static async Task<(string Id, int Steps)?> TrySubmit(HttpClient client, int steps, TimeSpan delay)
    {
        await Task.Delay(delay);
        try
        {
            return (await client.Submit(JobRequests.Walk(steps, 5)), steps);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task AssertEachRanToItsEndOnce(ServiceProcess service, List<string> ids)
    {
        using var tables = WalkingProcess.Open(service.DataDirectory);
        var ends = tables.Query<(string Id, long Count)>("SELECT job_id, count(*) FROM job_runs WHERE outcome = 'succeeded' GROUP BY job_id").ToDictionary(row => row.Id, row => row.Count);
        Assert.All(ids, id => Assert.Equal(1, ends[id]));
        Assert.Equal(ids.Count, tables.ExecuteScalar<long>("SELECT count(*) FROM training_jobs"));
        var resumed = tables.ExecuteScalar<long>("SELECT count(*) FROM job_runs WHERE from_step > 0");
        output.WriteLine($"{Kills} kills, {ids.Count} jobs, {tables.ExecuteScalar<long>("SELECT count(*) FROM job_runs")} runs, {resumed} of them resumed from a checkpoint");
        Assert.True(resumed > 0, "No job was hit in the middle: the test shows nothing.");
        foreach (var id in ids)
        {
            var events = await service.Client.Events(id);
            Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(entry => entry.Id));
            var steps = events.Where(entry => entry.Type == "metric").Select(entry => (int)entry.Data["step"]!).ToList();
            Assert.Equal(Enumerable.Range(1, steps.Count), steps);
        }
    }

    private static async Task AssertSameAsUndisturbed(ServiceProcess service, List<string> bodies, List<string> ids)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            var again = await service.Client.Submit(bodies[i]);
            var undisturbed = await service.Client.Finished(again, 300);
            Assert.Equal(undisturbed["result"]!.ToJsonString(), (await service.Client.Job(ids[i]))["result"]!.ToJsonString());
            Assert.Equal((await service.Client.Fetch($"/v1/jobs/{again}/metrics")).Text, (await service.Client.Fetch($"/v1/jobs/{ids[i]}/metrics")).Text);
            if (i % 2 == 0) Assert.Equal(new Walk { Seed = 7, Steps = Steps(i) }.ExpectedHash(), (string?)undisturbed["result"]!["hash"]);
        }
    }

    private static int Steps(int i) => 400 + i;

    private static string Body(int i) => i % 2 == 0
        ? JobRequests.Walk(Steps(i), 3)
        : Fit.Replace("SEED", $"{i}", StringComparison.Ordinal).Replace("OBJECTIVE", i % 4 == 1 ? "forward-kl" : "reverse-kl", StringComparison.Ordinal);

    private static int Setting(string name, int usual) => int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : usual;
}
