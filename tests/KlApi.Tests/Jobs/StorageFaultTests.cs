using System.Diagnostics;
using Dapper;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

/// <summary>A database that is locked and a disk that is full, while jobs run and clients submit.</summary>
public sealed class StorageFaultTests
{
    [Fact]
    public async Task LockedDatabase_ForThreeSeconds_DelaysAndLosesNothing()
    {
        using var service = new Service();
        var client = service.CreateClient();
        var running = await client.Submit(JobRequests.Walk(300, 10));
        await client.Until(running, job => (string?)job["status"] == "running");
        using (var other = WalkingProcess.Open(service.DataDirectory))
        {
            other.Execute("BEGIN EXCLUSIVE");
            var submits = Enumerable.Range(0, 3).Select(_ => Task.Run(() => client.PostJson("/v1/jobs", JobRequests.Walk(2)))).ToList();
            Assert.Equal(200, (await client.Fetch($"/v1/jobs/{running}")).Status);
            await Task.Delay(3000);
            other.Execute("ROLLBACK");
            foreach (var submit in submits) Assert.Equal(202, (await submit).Status);
        }

        Assert.Equal(new Walk { Seed = 7, Steps = 300 }.ExpectedHash(), (string?)(await client.Finished(running))["result"]!["hash"]);
    }

    [Fact]
    public async Task LockedDatabase_ForLong_Is503WithinTenSecondsAndRunningJobsGoOn()
    {
        using var service = new Service();
        var client = service.CreateClient();
        var running = await client.Submit(JobRequests.Walk(100, 10));
        await client.Until(running, job => (string?)job["status"] == "running");
        using (var other = WalkingProcess.Open(service.DataDirectory))
        {
            other.Execute("BEGIN EXCLUSIVE");
            var clock = Stopwatch.StartNew();
            var answer = await client.PostJson("/v1/jobs", JobRequests.Walk(2));
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
            Assert.Equal(503, answer.Status);
            Assert.Equal("storage-busy", (string?)answer.Json["code"]);
            Assert.NotNull(answer.Message.Headers.RetryAfter);
            other.Execute("ROLLBACK");
        }

        Assert.Equal(new Walk { Seed = 7, Steps = 100 }.ExpectedHash(), (string?)(await client.Finished(running, 15))["result"]!["hash"]);
        Assert.Equal(202, (await client.PostJson("/v1/jobs", JobRequests.Walk(2))).Status);
    }

    [Fact]
    public async Task FullDisk_WhileJobsRun_Is507AndAllGoesOnWhenThereIsSpace()
    {
        var mount = Directory.CreateTempSubdirectory("kl-tmpfs-").FullName;
        if (!Mounts("mount", $"-t tmpfs -o size=8m tmpfs {mount}"))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "No tmpfs can be mounted here, so this test shows nothing; run it as root.");
            return;
        }

        try
        {
            using (var service = new Service().With("KlService:DataDirectory", mount))
            {
                var client = service.CreateClient();
                var before = await client.Submit(JobRequests.Walk(300, 10));
                await client.Until(before, job => (string?)job["status"] == "running");
                Fill(Path.Combine(mount, "ballast"));
                Answer answer;
                var accepted = new List<string>();
                for (var i = 0; (answer = await client.PostJson("/v1/jobs", Large(i))).Status == 202 && i < 500; i++) accepted.Add((string)answer.Json["id"]!);
                Assert.True(answer.Status is 507, answer.Text);
                Assert.Equal("storage-full", (string?)answer.Json["code"]);
                Assert.Equal(200, (await client.Fetch($"/v1/jobs/{before}")).Status);
                File.Delete(Path.Combine(mount, "ballast"));
                var clock = Stopwatch.StartNew();
                while ((answer = await client.PostJson("/v1/jobs", JobRequests.Walk(2))).Status != 202) Assert.True(clock.Elapsed.TotalSeconds < 10, answer.Text);
                foreach (var id in accepted.Append(before)) Assert.Equal("succeeded", (string?)(await client.Finished(id))["status"]);
            }

            WalkingProcess.AssertIntact(mount);
        }
        finally
        {
            Mounts("umount", mount);
        }
    }

    [Fact]
    public async Task BusyStorage_WhenAJobReadsItsData_DelaysItAndFailsNothing()
    {
        using var service = new Service();
        var client = service.CreateClient();
        var id = await client.Submit(JobRequests.Walk(20, 0, ", \"busyReads\": 2"));
        var job = await client.Finished(id);
        Assert.Equal(new Walk { Seed = 7, Steps = 20 }.ExpectedHash(), (string?)job["result"]?["hash"]);
        Assert.Equal(3, (int)job["attempts"]!);
        Assert.True(job["finishedAt"] is not null && job["startedAt"] is not null, job.ToJsonString());
        // Two pauses of two seconds, and no spinning in between.
        Assert.True(DateTime.Parse((string)job["finishedAt"]!) - DateTime.Parse((string)job["startedAt"]!) > TimeSpan.FromSeconds(4));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ArtifactFolder_ThatCannotBeWritten_DelaysTheEndUntilItCanOrTheJobIsCancelled(bool returns)
    {
        using var service = new Service();
        var client = service.CreateClient();
        Assert.Equal(200, (await client.Fetch("/health/ready")).Status);
        var folder = Path.Combine(service.DataDirectory, "artifacts");
        Directory.Delete(folder);
        await File.WriteAllTextAsync(folder, "in the way");
        var id = await client.Submit(JobRequests.Walk(3));
        await client.Until(id, job => (int)job["progress"]!["step"]! == 3);
        await Task.Delay(500);
        Assert.Equal("running", (string?)(await client.Job(id))["status"]);
        if (returns)
        {
            File.Delete(folder);
            Directory.CreateDirectory(folder);
        }
        else
        {
            Assert.Equal(200, (await client.PostJson($"/v1/jobs/{id}/cancel", "")).Status);
        }

        var end = await client.Finished(id);
        Assert.Equal(returns ? "succeeded" : "cancelled", (string?)end["status"]);
        Assert.Equal(1, (int)end["attempts"]!);
    }

    /// <summary>A specification that takes some room in the database.</summary>
    private static string Large(int i) => JobRequests.Walk(2, 0, $", \"note\": \"{i}{new string('x', 20_000)}\"");

    /// <summary>Leaves less than a page of space.</summary>
    private static void Fill(string file)
    {
        using var ballast = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var size = 1 << 16; ; ballast.Write(new byte[size])) ;
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static bool Mounts(string command, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true });
        process?.WaitForExit();
        return process?.ExitCode == 0;
    }
}
