using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

/// <summary>Autoencoders as a client meets them.</summary>
public sealed class AutoencoderTests(Service service) : IClassFixture<Service>
{
    private const string Bars = """[[1,1,0,0,0,0,0,0,0],[0,0,0,1,1,1,0,0,0],[0,0,0,0,0,0,1,1,1],[1,0,0,1,0,0,1,0,0],[0,1,0,0,1,0,0,1,0],[0,0,1,0,0,1,0,0,1]]""";

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Job_OnADataset_AnswersBoundsPicturesAndAModel()
    {
        var id = await Upload();
        var job = await Train($$"""{ "dataset": "{{id}}", "columns": ["x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8"] }""", "\"imageWidth\": 3, \"epochs\": 20, \"samples\": 6");
        var result = job["result"]!;
        Assert.Equal(("validation", 24), ((string?)result["judgedOn"], (int)result["judgedRows"]!));
        Assert.Equal("monte-carlo", (string?)result["elbo"]!["method"]);
        // Each is a mean over its own draws.
        var errors = Math.Sqrt(Math.Pow((double)result["elbo"]!["standardError"]!, 2) + Math.Pow((double)result["importanceWeightedBound"]!["standardError"]!, 2));
        Assert.True((double)result["importanceWeightedBound"]!["value"]! >= (double)result["elbo"]!["value"]! - 3 * errors);
        Assert.Equal(("common-range", 3), ((string?)result["scaling"]!["name"], (int)result["imageWidth"]!));
        Assert.Equal(2, result["latents"]!.AsArray().Count);
        Assert.Equal(["loss", "kl", "latents", "samples", "reconstructions"], job["charts"]!.AsArray().Select(name => (string)name!));
        foreach (var chart in job["charts"]!.AsArray())
        {
            var svg = await _client.Fetch($"/v1/jobs/{job["id"]}/charts/{chart}.svg");
            Assert.Equal((200, "image/svg+xml"), (svg.Status, svg.MediaType));
            Assert.NotNull(XDocument.Parse(svg.Text).Root);
        }

        var model = await _client.GetByteArrayAsync($"/v1/jobs/{job["id"]}/artifacts/model.safetensors");
        Assert.Contains("\"encoder.0.weights\"", Encoding.UTF8.GetString(model), StringComparison.Ordinal);
        var metrics = (await _client.Fetch($"/v1/jobs/{job["id"]}/metrics")).Text;
        Assert.All((string[])["trainingLoss", "validationLoss", "validationReconstruction", "validationKl", "activeUnits"], name => Assert.Contains($"\"{name}\"", metrics, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Predict_OfTheRowsThatWereJudged_SaysWhatTheResultSays()
    {
        var id = await Upload();
        var job = await Train($$"""{ "dataset": "{{id}}", "exclude": ["label"] }""", "\"imageWidth\": 3, \"epochs\": 20, \"reconstruction\": { \"name\": \"gaussian\" }");
        var shown = job["result"]!["reconstructions"]!.AsArray();
        var whole = await _client.PostJson($"/v1/jobs/{job["id"]}/predict", $$"""{ "dataset": "{{id}}" }""");
        Assert.True(whole.Status == 200, whole.Text);
        Assert.Equal((120, 2), (whole.Json["means"]!.AsArray().Count, whole.Json["means"]![0]!.AsArray().Count));
        foreach (var pair in shown)
        {
            var answer = await _client.PostJson($"/v1/jobs/{job["id"]}/predict", $$"""{ "inputs": [{{pair!["original"]!.ToJsonString()}}] }""");
            Assert.Equal(200, answer.Status);
            for (var j = 0; j < 9; j++) Assert.Equal((double)pair["back"]![j]!, (double)answer.Json["reconstructions"]![0]![j]!, 1e-4);
            Assert.Equal((double)whole.Json["kl"]![(int)pair["row"]!]!, (double)answer.Json["kl"]![0]!, 1e-4);
        }

        Assert.NotNull((await _client.PostJson($"/v1/jobs/{job["id"]}/predict", """{ "inputs": [[1, 2]] }""")).ErrorAt("/inputs/0"));
        var far = await _client.PostJson($"/v1/jobs/{job["id"]}/predict", """{ "inputs": [[1e300, 0, 0, 0, 0, 0, 0, 0, -1e300]] }""");
        Assert.Equal((422, "overflow"), (far.Status, (string?)far.Json["code"]));
    }

    [Fact]
    public async Task Submit_OfADatasetThatAsksForTooMuch_SaysTheEstimate()
    {
        var id = await Upload();
        var answer = await _client.PostJson("/v1/jobs", Body($$"""{ "dataset": "{{id}}", "exclude": ["label"] }""", "\"epochs\": 1, \"decoder\": [ { \"units\": 65536 }, { \"units\": 65536 } ]"));
        Assert.Contains("GB", answer.ErrorAt("/encoder"), StringComparison.Ordinal);
        Assert.NotNull((await _client.PostJson("/v1/jobs", Body($$"""{ "dataset": "{{id}}", "exclude": ["colour"] }""", "\"epochs\": 1"))).ErrorAt("/data/exclude/0"));
    }

    [Fact]
    public async Task Job_GivenTwice_HasTheSameResultToTheLastDigit()
    {
        var (first, second) = (await Train($$"""{ "rows": {{Bars}} }""", "\"epochs\": 10"), await Train($$"""{ "rows": {{Bars}} }""", "\"epochs\": 10"));
        Assert.Equal(first["result"]!.ToJsonString(), second["result"]!.ToJsonString());
    }

    [Fact]
    public async Task Job_WhoseRateDiverges_FailsWithTheStepAndTheLastFiniteLoss()
    {
        var id = await _client.Submit(Body($$"""{ "rows": {{Bars}} }""", "\"epochs\": 200, \"reconstruction\": { \"name\": \"gaussian\" }, \"optimizer\": { \"name\": \"sgd\", \"learningRate\": 500 }"));
        var job = await _client.Finished(id);
        Assert.Equal("failed", (string?)job["status"]);
        Assert.Equal("diverged", (string?)job["error"]!["code"]);
        Assert.InRange((int)job["error"]!["step"]!, 1, 200);
        Assert.True(double.IsFinite((double)job["error"]!["lastFiniteLoss"]!));
    }

    [Theory]
    [InlineData("""{ "dataset": "01ARZ3NDEKTSV4RRFFQ69G5FAV" }""", "\"epochs\": 1", "/data/dataset")]
    [InlineData("""{ "rows": [[1, 2], [3]] }""", "\"epochs\": 1", "/data/rows/1")]
    [InlineData("""{ "rows": [[1, "x"], [3, 4]] }""", "\"epochs\": 1", "/data/rows/0/1")]
    [InlineData("""{ "rows": [[1, 2], [3, 4]], "dataset": "d" }""", "\"epochs\": 1", "/data")]
    [InlineData("""{ "rows": [[1, 2], [3, 4]] }""", "\"annealing\": { \"name\": \"sometimes\" }", "/annealing/name")]
    [InlineData("""{ "rows": [[1, 2], [3, 4]] }""", "\"reconstruction\": { \"name\": \"poisson\" }", "/reconstruction/name")]
    [InlineData("""{ "rows": [[1, 2], [3, 4]] }""", "\"latents\": 2", "/latents")]
    public async Task Submit_WithAMistake_SaysWhere(string data, string more, string pointer)
    {
        var answer = await _client.PostJson("/v1/jobs", Body(data, more));
        Assert.Equal(400, answer.Status);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Fact]
    public async Task Submit_WithAColumnThatIsNotThere_SaysWhich()
    {
        var answer = await _client.PostJson("/v1/jobs", Body($$"""{ "dataset": "{{await Upload()}}", "columns": ["x0", "y"] }""", "\"epochs\": 1"));
        Assert.Equal(400, answer.Status);
        Assert.True(answer.ErrorAt("/data/columns/1") is not null, answer.Text);
    }

    private static string Body(string data, string more) =>
        $$"""{ "kind": "autoencoder", "seed": 2, "data": {{data}}, "encoder": [ { "units": 8 } ], "latentSize": 2, "batchSize": 8, {{more}} }""";

    private async Task<string> Upload()
    {
        var csv = new StringBuilder("x0,x1,x2,x3,x4,x5,x6,x7,x8,label\n");
        for (var i = 0; i < 120; i++)
        {
            for (var j = 0; j < 9; j++) csv.Append(CultureInfo.InvariantCulture, $"{(i % 6 < 3 ? (j / 3 == i % 6 ? 16 : 0) : (j % 3 == i % 6 - 3 ? 16 : 0))},");
            csv.Append(CultureInfo.InvariantCulture, $"{i % 6}\n");
        }

        var answer = await _client.PostAsync("/v1/datasets", new StringContent(csv.ToString(), Encoding.UTF8, "text/csv"));
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!;
    }

    private async Task<JsonNode> Train(string data, string more)
    {
        var answer = await _client.PostWith(Body(data, more), ("Prefer", "wait=30"));
        Assert.True((answer.Status, (string?)answer.Json["status"]) == (200, "succeeded"), answer.Text);
        return answer.Json;
    }
}
