using System.Text.Json.Nodes;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

/// <summary>Comparisons of objectives as a client meets them.</summary>
public sealed class ObjectiveComparisonTests(Service service) : IClassFixture<Service>
{
    private const string Fit = """
        { "kind": "density-fit", "target": { "family": "gaussian-mixture", "weights": [0.5, 0.5], "means": [-3, 3], "standardDeviations": [1, 1] }, "model": { "family": "normal" }, "steps": 300 }
        """;

    private const string Body = $$"""{ "kind": "comparison", "specification": {{Fit}}, "objectives": [ { "name": "forward-kl" }, { "name": "reverse-kl" } ], "seeds": 3 }""";

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task ForwardAndReverse_OnTwoModes_AnswerATableDifferencesAndAdvice()
    {
        var answer = await _client.PostWith(Body, ("Prefer", "wait=30"));
        Assert.True((string?)answer.Json["status"] == "succeeded", answer.Text);
        var result = answer.Json["result"]!;
        Assert.Equal(3, (int)result["table"]![0]!["scores"]!["forward"]!["count"]!);
        Assert.Equal(3, (int)result["table"]![1]!["traits"]!["behaviour"]!["seeking"]!);
        Assert.Equal(Math.Log(2), (double)result["table"]![1]!["scores"]!["reverse"]!["mean"]!, 0.02);
        Assert.True((double)result["differences"]![0]!["adjustedPValue"]! < 0.05);
        Assert.Contains("forward-kl is covering in 3 of 3 runs", (string?)result["advice"], StringComparison.Ordinal);
        Assert.Equal(6, result["runs"]!.AsArray().Count);
        var id = (string)answer.Json["id"]!;
        Assert.Equal(1800, (int)answer.Json["progress"]!["totalSteps"]!);
        foreach (var chart in new[] { "scores", "loss", "overlay" })
        {
            var svg = await _client.GetStringAsync($"/v1/jobs/{id}/charts/{chart}.svg");
            Assert.Contains("reverse-kl", svg, StringComparison.Ordinal);
        }

        var report = await _client.GetStringAsync($"/v1/jobs/{id}/artifacts/report.json");
        Assert.Equal(result.ToJsonString(), JsonNode.Parse(report)!.ToJsonString());
        // What was answered as its specification can be posted again.
        var again = await _client.PostWith(answer.Json["specification"]!.ToJsonString(), ("Prefer", "wait=30"));
        Assert.Equal(result.ToJsonString(), again.Json["result"]!.ToJsonString());
    }

    [Fact]
    public async Task EveryRunFails_TheJobFailsAndSaysSo()
    {
        // A reverse KL to a target so far away in its own units that the first step is too long for the model to come back.
        var body = Body.Replace("\"steps\": 300", "\"steps\": 300, \"optimizer\": { \"name\": \"sgd\", \"learningRate\": 1000 }, \"maximumGradientNorm\": 1e300", StringComparison.Ordinal);
        var answer = await _client.PostWith(body, ("Prefer", "wait=30"));
        Assert.True((string?)answer.Json["status"] == "failed", answer.Text);
        Assert.Equal("every-run-failed", (string?)answer.Json["error"]!["code"]);
    }

    [Theory]
    [InlineData("\"steps\": 300", "\"steps\": 0", "/specification/steps")]
    [InlineData("\"steps\": 300", "\"stps\": 300", "/specification/stps")]
    [InlineData("\"steps\": 300", "\"steps\": \"many\"", "/specification/steps")]
    [InlineData("\"kind\": \"density-fit\"", "\"kind\": \"nonsense\"", "/specification/kind")]
    [InlineData("\"kind\": \"density-fit\"", "\"knd\": \"density-fit\"", "/specification")]
    [InlineData("\"family\": \"normal\"", "\"family\": \"gaussian-mixture\", \"components\": 0", "/specification/model/components")]
    [InlineData("{ \"name\": \"reverse-kl\" }", "{ \"name\": \"backward-kl\" }", "/objectives/1/name")]
    [InlineData("{ \"name\": \"reverse-kl\" }", "{ \"name\": \"renyi\", \"ordr\": 2 }", "/objectives/1/ordr")]
    [InlineData("{ \"name\": \"reverse-kl\" }", "{ \"name\": \"renyi\", \"order\": -2 }", "/objectives/1/order")]
    [InlineData("{ \"name\": \"reverse-kl\" }", "{ \"name\": \"renyi\", \"order\": 2, \"order\": 3 }", "/objectives/1")]
    [InlineData("{ \"name\": \"reverse-kl\" }", "null", "/objectives/1")]
    [InlineData("{ \"name\": \"reverse-kl\" }", "{ \"name\": \"\\ud800\" }", "/objectives/1")]
    [InlineData("{ \"name\": \"reverse-kl\" }", "17", "/objectives/1")]
    [InlineData("\"seeds\": 3", "\"seeds\": \"three\"", "/seeds")]
    [InlineData("\"seeds\": 3", "\"seeds\": [1, 1.5]", "/seeds")]
    [InlineData("\"seeds\": 3", "\"seeds\": 1e9", "/seeds")]
    [InlineData("\"seeds\": 3", "\"seds\": 3", "/seds")]
    [InlineData("\"specification\":", "\"spec\":", "/specification")]
    public async Task Submit_WithAMistake_SaysWhere(string right, string wrong, string pointer)
    {
        Assert.Contains(right, Body, StringComparison.Ordinal);
        var answer = await _client.PostJson("/v1/jobs", Body.Replace(right, wrong, StringComparison.Ordinal));
        Assert.True(answer.Status == 400, answer.Text);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
        Assert.DoesNotContain("KlCore", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_WithADatasetThatIsNotThere_IsRefused()
    {
        var body = Body.Replace("\"family\": \"gaussian-mixture\", \"weights\": [0.5, 0.5], \"means\": [-3, 3], \"standardDeviations\": [1, 1]", "\"dataset\": \"01ARZ3NDEKTSV4RRFFQ69G5FAV\"", StringComparison.Ordinal);
        var answer = await _client.PostJson("/v1/jobs", body);
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.ErrorAt("/specification/target/dataset"));
    }
}
