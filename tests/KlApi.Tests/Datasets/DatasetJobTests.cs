using KlApi.Tests.Host;

namespace KlApi.Tests.Datasets;

public sealed class DatasetJobTests : IDisposable
{
    private readonly Service _service = new Service().With("KlService:Workers", "1");
    private readonly HttpClient _client;

    public DatasetJobTests() => _client = _service.CreateClient();

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    private static string Fit(string dataset, string column, int steps) => $$"""
        { "kind": "density-fit", "seed": 1, "target": { "dataset": "{{dataset}}", "columns": ["{{column}}"] }, "model": { "family": "normal" },
          "objective": { "name": "forward-kl" }, "optimizer": { "name": "adam", "learningRate": 0.05 }, "steps": {{steps}} }
        """;

    private async Task<string> Submit(string job)
    {
        var answer = await _client.PostJson("/v1/jobs", job);
        Assert.Equal(202, answer.Status);
        return answer.Json["id"]!.GetValue<string>();
    }

    private async Task<Answer> Until(string id, params string[] statuses)
    {
        for (var i = 0; i < 600; i++)
        {
            var job = await _client.Fetch($"/v1/jobs/{id}");
            if (statuses.Contains(job.Json["status"]!.GetValue<string>())) return job;
            await Task.Delay(50);
        }
        throw new TimeoutException($"The job never became {string.Join(" or ", statuses)}.");
    }

    [Fact]
    public async Task Job_OnAColumnOfADataset_ReadsItsNumbers()
    {
        var id = await _client.UploadId("name,x\na,1\nb,2\nc,4\nd,5\n");
        var job = await Until(await Submit(Fit(id, "x", 200)), "succeeded", "failed");
        Assert.Equal("succeeded", job.Json["status"]!.GetValue<string>());
        // The maximum likelihood fit of a normal: the sample's mean, 3.
        Assert.Equal(3, job.Json["result"]!["model"]!["mean"]!.GetValue<double>(), 1);
    }

    [Theory]
    [InlineData("y", "/target/columns/0", "'name', 'x'")]
    [InlineData("name", "/target/columns/0", "holds text")]
    public async Task Submit_WhatCannotBeRead_Is400WithItsPointer(string column, string pointer, string words)
    {
        var id = await _client.UploadId("name,x\na,1\nb,2\n");
        var answer = await _client.PostJson("/v1/jobs", Fit(id, column, 10));
        Assert.Equal(400, answer.Status);
        Assert.Contains(words, answer.ErrorAt(pointer), StringComparison.Ordinal);
        Assert.NotNull((await _client.PostJson("/v1/jobs", Fit("../../etc/passwd", "x", 10))).ErrorAt("/target/dataset"));
    }

    [Fact]
    public async Task Delete_WhileAJobWaitsForIt_FailsThatJobClearlyAndNotTheOneThatRuns()
    {
        // So many rows that the first fit is still running when it is cancelled.
        var id = await _client.UploadId($"x\n{string.Join('\n', Enumerable.Range(0, 20_000).Select(i => i % 1009))}\n");
        var running = await Submit(Fit(id, "x", 100_000));
        await Until(running, "running");
        var waiting = await Submit(Fit(id, "x", 10));
        Assert.Equal(204, (await _client.Remove(id)).Status);
        await _client.PostJson($"/v1/jobs/{running}/cancel", "");
        Assert.Equal("cancelled", (await Until(running, "cancelled", "failed", "succeeded")).Json["status"]!.GetValue<string>());
        var failed = (await Until(waiting, "succeeded", "failed")).Json;
        Assert.Equal("failed", failed["status"]!.GetValue<string>());
        Assert.Contains("/target/dataset must be the id of a dataset, there is none", failed["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }
}
