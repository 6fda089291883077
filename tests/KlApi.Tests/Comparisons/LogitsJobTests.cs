using System.Text.Json.Nodes;
using Dapper;
using KlApi.Tests.Baselines;
using KlApi.Tests.Datasets;
using KlApi.Tests.Host;
using KlApi.Tests.Jobs;

namespace KlApi.Tests.Comparisons;

public sealed class LogitsJobTests : IDisposable
{
    private static readonly float[][] P = LogitFiles.Rows(600, 50, 1);
    private static readonly float[][] Q = LogitFiles.Near(P, 2);

    private readonly Service _service = new Service().With("KlService:Workers", "1");
    private readonly HttpClient _client;

    public LogitsJobTests() => _client = _service.CreateClient();

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    private static string Job(string more = "", string candidate = "q") => $$"""{ "kind": "comparison-of-logits", "baseline": "p", "candidate": "{{candidate}}"{{more}} }""";

    private async Task Store()
    {
        Assert.Equal(201, (await _client.PutBaseline("p", LogitFiles.Npy(P))).Status);
        Assert.Equal(201, (await _client.PutBaseline("q", LogitFiles.NpyHalf(Q))).Status);
    }

    [Fact]
    public async Task Job_OfTwoBaselines_GivesTheReportOfAStreamedComparison()
    {
        await Store();
        await _client.PutTargets("p", LogitFiles.NpyInts([.. Enumerable.Range(0, 600).Select(i => (long)(i % 50))]));
        const string options = ", \"clusterSize\": 100, \"skip\": 5, \"topK\": [3], \"percentiles\": [50, 99], \"unit\": \"bits\", \"worst\": 3, \"gate\": { \"forwardMean\": 0.01 }";
        var job = await _client.Finished(await _client.Submit(Job(options)));
        Assert.True((string)job["status"]! == "succeeded", job.ToJsonString());
        var streamed = await _client.Ask(new HttpRequestMessage(HttpMethod.Post, "/v1/baselines/p/compare?clusterSize=100&skip=5&topK=3&percentiles=50,99&unit=bits&worst=3&gate.forwardMean=0.01")
        {
            Content = Uploads.Content(LogitFiles.NpyHalf(Q), "application/x-npy"),
        });
        Assert.Equal(200, streamed.Status);
        var (result, expected) = (job["result"]!.AsObject(), streamed.Json.AsObject());
        Assert.Equal(600 - 30, (int)result["compared"]!);
        Assert.Equal(570, result["histogram"]!["positions"]!.AsArray().Sum(count => (int)(double)count!));
        Assert.Equal("p", (string)result["provenance"]!["p"]!["baseline"]!);
        Assert.Equal("f16", (string)result["provenance"]!["q"]!["dataType"]!);
        foreach (var own in (string[])["id", "baseline", "createdAt", "provenance", "histogram"])
        {
            result.Remove(own);
            expected.Remove(own);
        }

        Assert.Equal(expected.ToJsonString(), result.ToJsonString());
        Assert.Equal((double)result["forward"]!["mean"]!, (double)job["metrics"]!["forwardMean"]!);
        Assert.Equal(600, (double)job["metrics"]!["rows"]!);
    }

    [Fact]
    public async Task Job_ThatSucceeded_IsAComparisonLikeOthers()
    {
        await Store();
        var id = await _client.Submit(Job());
        var job = await _client.Finished(id);
        var comparison = await _client.Fetch($"/v1/comparisons/{id}");
        Assert.Equal(200, comparison.Status);
        Assert.Equal((id, "p"), ((string)comparison.Json["id"]!, (string)comparison.Json["baseline"]!));
        Assert.Equal(job["result"]!["forward"]!.ToJsonString(), comparison.Json["forward"]!.ToJsonString());
        Assert.Equal(200, (await _client.Fetch($"/v1/comparisons/{id}/summary")).Status);
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/comparisons/{id}/positions") { Headers = { { "Accept", "application/x-npy" } } };
        using var positions = await _client.SendAsync(request);
        Assert.Equal(await positions.Content.ReadAsByteArrayAsync(), await _client.GetByteArrayAsync(new Uri($"/v1/jobs/{id}/artifacts/positions.npy", UriKind.Relative)));
        var report = (await _client.Fetch($"/v1/jobs/{id}/artifacts/report.json")).Json;
        Assert.True(JsonNode.DeepEquals(job["result"]!["forward"], report["forward"]));
    }

    [Fact]
    public async Task Job_OnAKldFile_GivesTheReportOfAStreamedComparison()
    {
        await _client.PutBaseline("p", LogitFiles.Kld(P, 20, [.. Enumerable.Range(0, 600).Select(i => i % 50)]));
        await _client.PutBaseline("q", LogitFiles.Npy(Q));
        var result = (await _client.Finished(await _client.Submit(Job(", \"compatibility\": \"llama-cpp\""))))["result"]!.AsObject();
        var streamed = await _client.Ask(new HttpRequestMessage(HttpMethod.Post, "/v1/baselines/p/compare?compatibility=llama-cpp") { Content = Uploads.Content(LogitFiles.Npy(Q), "application/x-npy") });
        Assert.NotNull(result["perplexity"]);
        Assert.Equal(20, (int)result["chunkRows"]!);
        foreach (var part in (string[])["forward", "reverse", "perplexity", "targetProbability", "llamaCpp"])
            Assert.Equal(streamed.Json[part]!.ToJsonString(), result[part]!.ToJsonString());
    }

    [Fact]
    public async Task Jobs_WithOneBaseline_AreRankedByTheirIds()
    {
        await Store();
        await _client.PutBaseline("far", LogitFiles.Npy(LogitFiles.Rows(600, 50, 9)));
        string[] ids = [await _client.Submit(Job(candidate: "far")), await _client.Submit(Job())];
        foreach (var id in ids) Assert.Equal("succeeded", (string)(await _client.Finished(id))["status"]!);
        var ranking = await _client.PostJson("/v1/comparisons/rank", $$"""{ "reports": ["{{ids[0]}}", "{{ids[1]}}"], "metric": "forward" }""");
        Assert.True(ranking.Status == 200, ranking.Text);
        Assert.True(ranking.Text.IndexOf(ids[1], StringComparison.Ordinal) < ranking.Text.IndexOf(ids[0], StringComparison.Ordinal), "The nearer one comes first.");
    }

    [Fact]
    public async Task Charts_AreTheHistogramAndTheMeanSoFar()
    {
        await Store();
        var id = await _client.Submit(Job());
        await _client.Finished(id);
        var histogram = await _client.Fetch($"/v1/jobs/{id}/charts/histogram.svg");
        Assert.Equal((200, "image/svg+xml"), (histogram.Status, histogram.MediaType));
        Assert.Contains("The forward KL of 600 positions", histogram.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await _client.Fetch($"/v1/jobs/{id}/charts/forward.svg")).Status);
        Assert.Equal(404, (await _client.Fetch($"/v1/jobs/{id}/charts/loss.svg")).Status);
    }

    [Fact]
    public async Task Submit_OfWhatIsNotThere_Is400ByPointer()
    {
        var answer = await _client.PostJson("/v1/jobs", Job());
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.ErrorAt("/baseline"));
        Assert.NotNull(answer.ErrorAt("/candidate"));
    }

    [Theory]
    [InlineData(", \"temperature\": 0", "/temperature")]
    [InlineData(", \"percentiles\": [50, 101]", "/percentiles/1")]
    [InlineData(", \"vocabularyPolicy\": \"ignore\"", "/vocabularyPolicy")]
    [InlineData(", \"gate\": { \"nothing\": 1 }", "/gate/nothing")]
    [InlineData(", \"perPosition\": \"csv\"", "/perPosition")]
    public async Task Submit_WithWrongOptions_Is400ByPointer(string more, string pointer)
    {
        await Store();
        var answer = await _client.PostJson("/v1/jobs", Job(more));
        Assert.Equal(400, answer.Status);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Fact]
    public async Task Submit_OfSidesThatDoNotFit_Is422()
    {
        await Store();
        await _client.PutBaseline("short", LogitFiles.Npy(LogitFiles.Rows(10, 50, 1)));
        await _client.PutBaseline("wide", LogitFiles.Npy(LogitFiles.Rows(600, 51, 1)));
        var rows = await _client.PostJson("/v1/jobs", Job(candidate: "short"));
        Assert.Equal((422, "row-count-mismatch"), (rows.Status, rows.Code()));
        var vocabulary = await _client.PostJson("/v1/jobs", Job(candidate: "wide"));
        Assert.Equal((422, "vocabulary-mismatch"), (vocabulary.Status, vocabulary.Code()));
        var truncated = await _client.Finished(await _client.Submit(Job(", \"vocabularyPolicy\": \"truncate\"", "wide")));
        Assert.Equal(50, (int)truncated["result"]!["vocabulary"]!);
    }

    [Fact]
    public async Task Job_ThatMeetsARowThatIsNoDistribution_FailsNamingIt()
    {
        var rows = LogitFiles.Near(P, 2);
        rows[33][7] = float.NaN;
        await _client.PutBaseline("p", LogitFiles.Npy(P));
        await _client.PutBaseline("q", LogitFiles.Npy(rows));
        var id = await _client.Submit(Job());
        var job = await _client.Finished(id);
        Assert.Equal(("failed", "non-finite"), ((string)job["status"]!, (string)job["error"]!["code"]!));
        Assert.Contains("Row 33 of q", (string)job["error"]!["message"]!, StringComparison.Ordinal);
        Assert.Equal(404, (await _client.Fetch($"/v1/comparisons/{id}")).Status);
        var excluded = await _client.Finished(await _client.Submit(Job(", \"nonFinite\": \"exclude\"")));
        Assert.Equal(1, (int)excluded["result"]!["excluded"]!);
    }

    [Fact]
    public async Task Delete_WhileAJobWaits_FailsItClearly()
    {
        await Store();
        var running = await _client.Submit(JobRequests.Walk(10_000, 10));
        var waiting = await _client.Submit(Job());
        Assert.Equal(204, (await _client.DeleteBaseline("q")).Status);
        await _client.PostJson($"/v1/jobs/{running}/cancel", "");
        var job = await _client.Finished(waiting);
        Assert.Equal("failed", (string)job["status"]!);
        Assert.Contains("/candidate must be the name of a baseline, there is none", (string)job["error"]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_InTheMiddle_ChangesNoBit()
    {
        await using var service = WalkingProcess.Create().With("KlService__Workers", "1");
        await service.Start();
        foreach (var (name, seed) in new[] { ("p", 1), ("q", 2) })
            Assert.Equal(201, (await service.Client.PutBaseline(name, Large(2000, 32_000, seed))).Status);
        var body = Job(", \"compatibility\": \"llama-cpp\", \"clusterSize\": 50");
        var id = await service.Client.Submit(body);
        await service.Client.Until(id, job => (int)job["progress"]!["step"]! >= 1);
        await service.Kill();
        await service.Start();
        var resumed = await service.Client.Finished(id, 120);
        Assert.True((string)resumed["status"]! == "succeeded", resumed.ToJsonString());
        using (var tables = WalkingProcess.Open(service.DataDirectory))
            Assert.True(tables.ExecuteScalar<long>("SELECT max(from_step) FROM job_runs") > 0, "The job was not hit in the middle: the test shows nothing.");
        var again = await service.Client.Submit(body);
        var undisturbed = await service.Client.Finished(again, 120);
        Assert.Equal(undisturbed["result"]!.ToJsonString(), resumed["result"]!.ToJsonString());
        Assert.Equal((await service.Client.Fetch($"/v1/jobs/{again}/metrics")).Text, (await service.Client.Fetch($"/v1/jobs/{id}/metrics")).Text);
        foreach (var file in (string[])["report.json", "positions.npy"])
            Assert.Equal(
                await service.Client.GetByteArrayAsync(new Uri($"/v1/jobs/{again}/artifacts/{file}", UriKind.Relative)),
                await service.Client.GetByteArrayAsync(new Uri($"/v1/jobs/{id}/artifacts/{file}", UriKind.Relative)));
    }

    /// <summary>A large .npy array of 16-bit numbers from -2 to 2, quickly made.</summary>
    private static byte[] Large(int rows, int vocabulary, int seed)
    {
        var header = LogitFiles.NpyHeader("<f2", $"({rows}, {vocabulary})");
        var file = new byte[header.Length + (2 * rows * vocabulary)];
        var data = file.AsSpan(header.Length);
        new Random(seed).NextBytes(data);
        // The exponent's upper bit away and the sign kept: all numbers are finite and small.
        for (var i = 1; i < data.Length; i += 2) data[i] &= 0xBF;
        header.CopyTo(file, 0);
        return file;
    }
}
