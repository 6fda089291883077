using System.Text.Json.Nodes;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

/// <summary>Searches as a client meets them.</summary>
public sealed class SearchTests(Service service) : IClassFixture<Service>
{
    private const string Body = """
        { "kind": "search",
          "specification": { "kind": "density-fit", "target": { "family": "gaussian-mixture", "weights": [0.5, 0.5], "means": [-3, 3], "standardDeviations": [1, 1] },
            "model": { "family": "gaussian-mixture", "components": 2 }, "steps": 100 },
          "space": { "/optimizer/learningRate": { "logUniform": [0.001, 1] }, "/model/components": { "values": [1, 2] } },
          "method": "random", "trials": 6 }
        """;

    private readonly HttpClient _client = service.CreateClient();

    [Theory]
    [InlineData("random")]
    [InlineData("grid")]
    [InlineData("successive-halving")]
    public async Task Best_PostedAsItIs_GivesItsScoreAgain(string method)
    {
        var body = Body.Replace("random", method, StringComparison.Ordinal).Replace("\"trials\": 6", method == "grid" ? "\"confirmSeeds\": 2" : "\"trials\": 9, \"confirmSeeds\": 2", StringComparison.Ordinal);
        var answer = await _client.PostWith(body, ("Prefer", "wait=30"));
        Assert.True((string?)answer.Json["status"] == "succeeded", answer.Text);
        var result = answer.Json["result"]!;
        Assert.Equal("forward", (string?)result["score"]);
        // After a ninth of the steps one component may still be ahead.
        if (method != "successive-halving") Assert.Equal(2, (int)result["best"]!["values"]!["/model/components"]!);
        var again = await _client.PostWith(result["best"]!["specification"]!.ToJsonString(), ("Prefer", "wait=30"));
        Assert.Equal((double)result["best"]!["score"]!, (double)again.Json["result"]!["forward"]!["value"]!);
        Assert.Equal(2, (int)result["confirmation"]!["score"]!["count"]!);
        var id = (string)answer.Json["id"]!;
        foreach (var chart in new[] { "trials", "optimizer-learningRate", "model-components" })
            Assert.Contains("<svg", await _client.GetStringAsync($"/v1/jobs/{id}/charts/{chart}.svg"), StringComparison.Ordinal);
        var report = await _client.GetStringAsync($"/v1/jobs/{id}/artifacts/report.json");
        Assert.Equal(result.ToJsonString(), JsonNode.Parse(report)!.ToJsonString());
    }

    [Fact]
    public async Task Metrics_TellTheBestSoFar()
    {
        var answer = await _client.PostWith(Body, ("Prefer", "wait=30"));
        var metrics = await _client.Fetch($"/v1/jobs/{answer.Json["id"]}/metrics");
        Assert.Contains("best", metrics.Text, StringComparison.Ordinal);
        Assert.Equal((double)answer.Json["result"]!["best"]!["score"]!, (double)answer.Json["metrics"]!["best"]!);
    }

    [Theory]
    [InlineData("[0.001, 1]", "[0.001, 1e6]", "/space/~1optimizer~1learningRate/logUniform/1")]
    [InlineData("[0.001, 1]", "[0, 1]", "/space/~1optimizer~1learningRate/logUniform/0")]
    [InlineData("[0.001, 1]", "[0.001, \"Infinity\"]", "/space/~1optimizer~1learningRate/logUniform/1")]
    [InlineData("[0.001, 1]", "[0.001, \"one\"]", "/space/~1optimizer~1learningRate/logUniform/1")]
    [InlineData("\"logUniform\":", "\"logUnifrm\":", "/space/~1optimizer~1learningRate")]
    [InlineData("{ \"logUniform\": [0.001, 1] }", "null", "/space/~1optimizer~1learningRate")]
    [InlineData("{ \"logUniform\": [0.001, 1] }", "{ \"logUniform\": [0.001, 1], \"values\": [1] }", "/space/~1optimizer~1learningRate/values")]
    [InlineData("/optimizer/learningRate", "/optimizer/learnngRate", "/space/~1optimizer~1learnngRate/logUniform/0")]
    [InlineData("/optimizer/learningRate", "/optimizer/schedule/steps", "/space/~1optimizer~1schedule~1steps")]
    [InlineData("/optimizer/learningRate", "/optimiser/learningRate", "/space/~1optimiser~1learningRate")]
    [InlineData("[1, 2]", "[1, \"two\"]", "/space/~1model~1components/values/1")]
    [InlineData("[1, 2]", "[1, 0]", "/space/~1model~1components/values/1")]
    [InlineData("\"steps\": 100", "\"stps\": 100", "/specification/stps")]
    [InlineData("\"method\": \"random\"", "\"method\": \"bayes\"", "/method")]
    [InlineData("\"trials\": 6", "\"trials\": 1e9", "/trials")]
    [InlineData("\"trials\": 6", "\"trails\": 6", "/trails")]
    public async Task Submit_WithAMistake_SaysWhere(string right, string wrong, string pointer)
    {
        Assert.Contains(right, Body, StringComparison.Ordinal);
        var answer = await _client.PostJson("/v1/jobs", Body.Replace(right, wrong, StringComparison.Ordinal));
        Assert.True(answer.Status == 400, answer.Text);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
        Assert.DoesNotContain("KlCore", answer.Text, StringComparison.Ordinal);
    }
}
