using System.Text.Json.Nodes;
using KlApi.Tests.Baselines;
using KlApi.Tests.Datasets;
using KlApi.Tests.Host;

namespace KlApi.Tests.Comparisons;

public sealed class ComparisonJobTests : IDisposable
{
    private readonly Service _service = new();
    private readonly HttpClient _client;

    public ComparisonJobTests() => _client = _service.CreateClient();

    private Task<Answer> Submit(string fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = new StringContent($"{{ \"kind\": \"comparison-of-logits\", {fields} }}", System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("Prefer", "wait=30");
        return _client.Ask(request);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Job_OfTwoBaselines_HasTheReportOfTheStreamedComparison(bool isKld)
    {
        var p = LogitFiles.Rows(60, 40, 1);
        var q = LogitFiles.Npy(LogitFiles.Near(p, 2));
        Assert.Equal(201, (await _client.PutBaseline("base", isKld ? LogitFiles.Kld(p, 20, [.. Enumerable.Range(0, 60).Select(i => i % 40)]) : LogitFiles.Npy(p))).Status);
        Assert.Equal(201, (await _client.PutBaseline("candidate", q)).Status);
        var streamed = await _client.Ask(new HttpRequestMessage(HttpMethod.Post, $"{BaselineRequests.Path}/base/compare?worst=3") { Content = Uploads.Content(q, "application/x-npy") });
        var job = await Submit("""
            "baseline": "base", "candidate": "candidate", "options": { "worst": 3 }
            """);
        Assert.Equal(200, job.Status);
        Assert.Equal("succeeded", job.Json["status"]!.GetValue<string>());
        var expected = streamed.Json.AsObject();
        foreach (var own in new[] { "id", "baseline", "createdAt", "provenance" }) expected.Remove(own);
        Assert.True(JsonNode.DeepEquals(expected, job.Json["result"]), $"{expected.ToJsonString()}\n{job.Json["result"]!.ToJsonString()}");
        Assert.Equal(200, (await _client.Fetch($"/v1/jobs/{job.Json["id"]!.GetValue<string>()}/charts/forward.svg")).Status);
    }

    [Fact]
    public async Task Job_OfWhatIsNotThere_IsRefusedWhenSubmitted()
    {
        var answer = await Submit("""
            "baseline": "none", "candidate": "neither", "options": { }
            """);
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.ErrorAt("/baseline"));
        Assert.NotNull(answer.ErrorAt("/candidate"));
        var options = await Submit("""
            "baseline": "none", "candidate": "neither", "options": { "temperature": 0 }, "gate": { "loveliness": 1 }
            """);
        Assert.NotNull(options.ErrorAt("/options/temperature"));
        Assert.NotNull(options.ErrorAt("/gate/loveliness"));
    }

    [Fact]
    public async Task Job_OfSidesThatDoNotMatch_Fails()
    {
        Assert.Equal(201, (await _client.PutBaseline("base", LogitFiles.Npy(LogitFiles.Rows(6, 4, 1)))).Status);
        Assert.Equal(201, (await _client.PutBaseline("candidate", LogitFiles.Npy(LogitFiles.Rows(6, 5, 1)))).Status);
        var job = await Submit("""
            "baseline": "base", "candidate": "candidate"
            """);
        Assert.Equal("failed", job.Json["status"]!.GetValue<string>());
        Assert.Contains("vocabularies", job.Json["error"]!.ToJsonString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }
}
