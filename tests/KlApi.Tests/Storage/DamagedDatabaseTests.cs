using KlApi.Tests.Host;
using KlApi.Tests.Jobs;

namespace KlApi.Tests.Storage;

public sealed class DamagedDatabaseTests
{
    [Fact]
    public async Task Service_OnADamagedDatabase_SaysSoAndTouchesNothing()
    {
        using var service = new Service();
        var file = Path.Combine(service.DataDirectory, "klservice.db");
        var damaged = Enumerable.Range(0, 20_000).Select(i => (byte)(i * 31)).ToArray();
        await File.WriteAllBytesAsync(file, damaged);
        var client = service.CreateClient();
        var ready = await client.Fetch("/health/ready");
        Assert.Equal(503, ready.Status);
        Assert.Contains("damaged", ready.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await client.Fetch("/health/live")).Status);
        foreach (var answer in new[] { await client.PostJson("/v1/jobs", JobRequests.Walk()), await client.Fetch("/v1/jobs"), await client.Fetch("/v1/datasets") })
        {
            Assert.Equal(503, answer.Status);
            Assert.Equal("storage-unavailable", (string?)answer.Json["code"]);
            Assert.DoesNotContain(service.DataDirectory, answer.Text, StringComparison.Ordinal);
        }

        Assert.Equal(damaged, await File.ReadAllBytesAsync(file));
    }
}
