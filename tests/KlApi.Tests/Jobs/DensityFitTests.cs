using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

/// <summary>Density fits as a client meets them.</summary>
public sealed class DensityFitTests(Service service) : IClassFixture<Service>
{
    private const string TwoModes = """{ "family": "gaussian-mixture", "weights": [0.5, 0.5], "means": [-3, 3], "standardDeviations": [1, 1] }""";

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task ForwardKl_OnTwoModes_AnswersTheMomentMatchedNormal()
    {
        var job = await Fit(TwoModes, """{ "family": "normal" }""", "forward-kl");
        var result = job["result"]!;
        Assert.Equal("normal", (string?)result["model"]!["family"]);
        Assert.Equal(0, (double)result["model"]!["mean"]!, 1e-3);
        Assert.Equal(Math.Sqrt(10), (double)result["model"]!["standardDeviation"]!, 1e-3);
        Assert.Equal("quadrature", (string?)result["forward"]!["method"]);
        Assert.InRange((double)result["forward"]!["errorBound"]!, 0, 1e-10);
        Assert.Equal("covering", (string?)result["behaviour"]);
        Assert.Contains("forward-kl", (string?)result["advice"], StringComparison.Ordinal);
        Assert.Equal(result["curves"]!["x"]!.AsArray().Count, result["curves"]!["q"]!.AsArray().Count);
    }

    [Fact]
    public async Task ReverseKl_OnTwoModes_AnswersOneOfThem()
    {
        var result = (await Fit(TwoModes, """{ "family": "normal" }""", "reverse-kl"))["result"]!;
        Assert.Equal(3, Math.Abs((double)result["model"]!["mean"]!), 0.05);
        Assert.Equal("seeking", (string?)result["behaviour"]);
    }

    [Theory]
    [InlineData("\"columns\": [\"value\"]")]
    [InlineData("\"column\": \"value\"")]
    public async Task Dataset_IsFittedByItsColumn(string column)
    {
        var csv = new StringBuilder("id,value\n");
        for (var i = 0; i < 50; i++) csv.Append(CultureInfo.InvariantCulture, $"{i},{700 + 10 * i}\n");
        var upload = await _client.PostAsync("/v1/datasets", new StringContent(csv.ToString(), Encoding.UTF8, "text/csv"));
        var id = (string)JsonNode.Parse(await upload.Content.ReadAsStringAsync())!["id"]!;
        var result = (await Fit($$"""{ "dataset": "{{id}}", {{column}} }""", """{ "family": "normal" }""", "forward-kl"))["result"]!;
        // The mean of 700, 710, …, 1190, and √((50² − 1)/12) times 10.
        Assert.Equal(945, (double)result["model"]!["mean"]!, 1e-6);
        Assert.Equal(144.31, (double)result["model"]!["standardDeviation"]!, 0.01);
        Assert.Equal("estimate", (string?)result["forward"]!["method"]);
    }

    [Fact]
    public async Task DensityChart_OfAJobWithoutAResult_HasNothingToShow()
    {
        var job = await _client.PostJson("/v1/jobs", $$"""
            { "kind": "density-fit", "target": {{TwoModes}}, "model": { "family": "normal" }, "objective": { "name": "forward-kl" },
              "optimizer": { "name": "adam", "learningRate": 0.01 }, "steps": 100000 }
            """);
        Assert.Equal(202, job.Status);
        await _client.PostJson($"/v1/jobs/{job.Json["id"]}/cancel", "");
        var chart = await _client.Fetch($"/v1/jobs/{job.Json["id"]}/charts/density.svg");
        Assert.Equal((404, "nothing-to-show"), (chart.Status, (string?)chart.Json["code"]));
    }

    [Fact]
    public async Task Artifacts_AreTheModelAndTheReport()
    {
        var job = await Fit(TwoModes, """{ "family": "gaussian-mixture", "components": 2 }""", "jeffreys");
        var report = await _client.GetStringAsync($"/v1/jobs/{job["id"]}/artifacts/report.json");
        Assert.Equal(job["result"]!.ToJsonString(), JsonNode.Parse(report)!.ToJsonString());
        var model = await _client.GetByteArrayAsync($"/v1/jobs/{job["id"]}/artifacts/model.safetensors");
        Assert.Contains("\"covariances\"", Encoding.UTF8.GetString(model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TwoModes, """{ "samples": [1, "x", 3] }""", "/target/samples/1")]
    [InlineData(TwoModes, """{ "samples": [[1, 2], [1, null]] }""", "/target/samples/1/1")]
    [InlineData(TwoModes, """{ "samples": [[1, 2], 3] }""", "/target/samples/1")]
    [InlineData(TwoModes, """{ "samples": [[1, 2], [3]] }""", "/target/samples/1")]
    [InlineData(TwoModes, """{ "samples": [1, 1e400] }""", "/target/samples/1")]
    [InlineData(TwoModes, """{ "samples": [1, 2], "columns": ["a"] }""", "/target/columns")]
    [InlineData(TwoModes, """{ "dataset": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "column": "a", "columns": ["a"] }""", "/target/column")]
    [InlineData(TwoModes, """{ "famly": "normal" }""", "/target")]
    [InlineData(TwoModes, """ 7 """, "/target")]
    [InlineData(TwoModes, """{ "family": "nonsense" }""", "/target/family")]
    [InlineData(TwoModes, """{ "family": "normal", "mean": 0 }""", "/target/standardDeviation")]
    [InlineData(TwoModes, """{ "family": "normal", "mean": "0", "standardDeviation": 1 }""", "/target/mean")]
    [InlineData(TwoModes, """{ "dataset": "01ARZ3NDEKTSV4RRFFQ69G5FAV" }""", "/target/dataset")]
    [InlineData("\"forward-kl\"", "\"backward-kl\"", "/objective/name")]
    [InlineData("\"normal\"", "\"gaussian-mixture\"", "/model/components")]
    [InlineData("\"steps\": 2000", "\"steps\": 2000, \"optimizer\": { \"name\": \"adam\", \"rate\": 1 }", "/optimizer/rate")]
    public async Task Submit_OfAFitWithAMistake_SaysWhere(string right, string wrong, string pointer)
    {
        var body = Body(TwoModes, """{ "family": "normal" }""", "forward-kl");
        Assert.Contains(right, body, StringComparison.Ordinal);
        var answer = await _client.PostJson("/v1/jobs", body.Replace(right, wrong, StringComparison.Ordinal));
        Assert.True(answer.Status == 400, answer.Text);
        Assert.NotNull(answer.ErrorAt(pointer));
    }

    private static string Body(string target, string model, string objective) =>
        $$"""{ "kind": "density-fit", "seed": 3, "target": {{target}}, "model": {{model}}, "objective": { "name": "{{objective}}" }, "steps": 2000 }""";

    private async Task<JsonNode> Fit(string target, string model, string objective)
    {
        var answer = await _client.PostWith(Body(target, model, objective), ("Prefer", "wait=30"));
        Assert.True(answer.Status == 200, answer.Text);
        Assert.True((string?)answer.Json["status"] == "succeeded", answer.Text);
        return answer.Json;
    }
}
