using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using KlApi.Tests.Datasets;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

/// <summary>Classifiers, and the models that they leave, as a client meets them.</summary>
public sealed class ClassifierTests(Service service) : IClassFixture<Service>
{
    private const string Inline = """{ "inputs": [[0, 0], [0, 1], [1, 0], [4, 4], [4, 5], [5, 4]], "labels": ["near", "near", "near", "far", "far", "far"] }""";

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Classifier_OfADataset_AnswersResultChartsFilesAndPredictions()
    {
        var id = await _client.UploadId(Table(150));
        var job = await Finished(Body($$"""{ "dataset": "{{id}}", "label": "class" }""", 3));
        Assert.True((string?)job["status"] == "succeeded", job.ToJsonString());
        var result = job["result"]!;
        Assert.True((double)result["accuracy"]! > 0.9, result.ToJsonString());
        Assert.Equal([0, 1, 2], result["classes"]!.AsArray().Select(name => (int)name!));
        Assert.Equal(30, result["confusionMatrix"]!.AsArray().Sum(row => row!.AsArray().Sum(count => (int)count!)));
        Assert.Equal(20, result["history"]!["validationAccuracy"]!.AsArray().Count);
        foreach (var name in new[] { "validationLoss", "validationAccuracy", "accuracy", "trainingLoss", "loss" }) Assert.NotNull(job["metrics"]![name]);
        foreach (var chart in new[] { "loss", "accuracy", "confusion", "calibration" })
        {
            var picture = await _client.Fetch($"/v1/jobs/{job["id"]}/charts/{chart}.svg");
            Assert.Equal((200, "image/svg+xml"), (picture.Status, picture.MediaType));
            Assert.DoesNotContain("Nothing to show", picture.Text, StringComparison.Ordinal);
        }

        var report = await _client.GetStringAsync($"/v1/jobs/{job["id"]}/artifacts/report.json");
        Assert.Equal(result.ToJsonString(), JsonNode.Parse(report)!.ToJsonString());
        Assert.Contains("\"0.weights\"", Encoding.UTF8.GetString(await _client.GetByteArrayAsync($"/v1/jobs/{job["id"]}/artifacts/model.safetensors")), StringComparison.Ordinal);

        var inline = await _client.PostJson($"/v1/jobs/{job["id"]}/predict", """{ "inputs": [[0, 0], [4, 0], [0, 4]] }""");
        Assert.True(inline.Status == 200, inline.Text);
        Assert.Equal([0, 1, 2], inline.Json["classes"]!.AsArray().Select(name => (int)name!));
        Assert.Equal(1, inline.Json["probabilities"]![0]!.AsArray().Sum(share => (double)share!), 12);
        var stored = await _client.PostJson($"/v1/jobs/{job["id"]}/predict", $$"""{ "dataset": "{{id}}" }""");
        Assert.Equal(150, stored.Json["classes"]!.AsArray().Count);
        var named = await _client.PostJson($"/v1/jobs/{job["id"]}/predict", $$"""{ "dataset": "{{id}}", "columns": ["x"] }""");
        Assert.Equal(400, named.Status);
        Assert.NotNull(named.ErrorAt("/columns"));
    }

    [Fact]
    public async Task Predict_WithABadBodyOrId_SaysSo()
    {
        var job = await Finished(Body(Inline, 2));
        Assert.True((string?)job["status"] == "succeeded", job.ToJsonString());
        var path = $"/v1/jobs/{job["id"]}/predict";
        Assert.Equal(["far", "near"], (await _client.PostJson(path, """{ "inputs": [[5, 5], [0, 0]] }""")).Json["classes"]!.AsArray().Select(name => (string)name!));
        foreach (var (body, pointer) in new[]
        {
            ("{}", ""), ("""{ "inputs": [[1]] }""", "/inputs/0"), ("""{ "inputs": [[1, "x"]] }""", "/inputs/0/1"), ("""{ "documents": ["x"] }""", "/documents"),
            ("""{ "dataset": "01ARZ3NDEKTSV4RRFFQ69G5FAV" }""", "/dataset"), ("""{ "inputs": [[1, 2]], "columns": ["x"] }""", "/columns"), ("""{ "input": [[1, 2]] }""", "/input"),
        })
        {
            var answer = await _client.PostJson(path, body);
            Assert.True(answer.Status == 400, answer.Text);
            Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
        }

        Assert.Equal(415, (await _client.PostJson(path, "[1, 2]", "text/csv")).Status);
        Assert.Equal(404, (await _client.PostJson("/v1/jobs/01ARZ3NDEKTSV4RRFFQ69G5FAV/predict", """{ "inputs": [[1, 2]] }""")).Status);
    }

    [Fact]
    public async Task Predict_OfNumbersThatOverflowTheModel_Is422()
    {
        var job = await Finished(Body(Inline, 2));
        var answer = await _client.PostJson($"/v1/jobs/{job["id"]}/predict", """{ "inputs": [[0, 0], [1e300, -1e300]] }""");
        Assert.Equal((422, "overflow"), (answer.Status, (string?)answer.Json["code"]));
        Assert.Contains("Row 1", (string?)answer.Json["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_OfAKindWithoutAModel_Is422_AndOfAJobThatFailed_409()
    {
        var fit = await Finished("""{ "kind": "density-fit", "target": { "family": "normal", "mean": 0, "standardDeviation": 1 }, "model": { "family": "normal" }, "steps": 5 }""");
        var answer = await _client.PostJson($"/v1/jobs/{fit["id"]}/predict", """{ "inputs": [1] }""");
        Assert.Equal((422, "cannot-predict"), (answer.Status, (string?)answer.Json["code"]));
        var diverged = await Finished(Body(Inline, 2).Replace("0.02", "1000", StringComparison.Ordinal).Replace("\"units\": 8, \"activation\": \"relu\"", "\"units\": 8", StringComparison.Ordinal));
        Assert.True((string?)diverged["status"] == "failed", diverged.ToJsonString());
        Assert.Equal("diverged", (string?)diverged["error"]!["code"]);
        Assert.True((long)diverged["error"]!["step"]! > 0 && double.IsFinite((double)diverged["error"]!["lastFiniteLoss"]!));
        answer = await _client.PostJson($"/v1/jobs/{diverged["id"]}/predict", """{ "inputs": [[1, 2]] }""");
        Assert.Equal((409, "no-model"), (answer.Status, (string?)answer.Json["code"]));
    }

    [Fact]
    public async Task Dataset_DeletedBeforeTheJobRuns_FailsItWithThePointer()
    {
        using var service = new Service().With("KlService:Workers", "1");
        using var client = service.CreateClient();
        var id = await client.UploadId(Table(30));
        // The only worker is busy with another job meanwhile.
        var blocker = await client.Submit("""{ "kind": "density-fit", "target": { "family": "normal", "mean": 0, "standardDeviation": 1 }, "model": { "family": "gaussian-mixture", "components": 3 }, "objective": { "name": "reverse-kl" }, "steps": 1000000 }""");
        var waiting = await client.Submit(Body($$"""{ "dataset": "{{id}}", "label": "class" }""", 3));
        Assert.Equal(204, (await client.Remove(id)).Status);
        await client.PostJson($"/v1/jobs/{blocker}/cancel", "");
        var job = await client.Finished(waiting);
        Assert.Equal("failed", (string?)job["status"]);
        Assert.Equal("invalid-input", (string?)job["error"]!["code"]);
        Assert.NotNull(job["error"]!["errors"]!["/data/dataset"]);
    }

    [Theory]
    [InlineData("\"units\": 2, \"activation\": \"softmax\"", "\"units\": 5, \"activation\": \"softmax\"", "/layers/1/units")]
    [InlineData("\"softmax\"", "\"linear\"", "/layers/1/activation")]
    [InlineData("\"softmax\"", "\"soft\"", "/layers/1/activation")]
    [InlineData("[0, 0], [0, 1]", "[0, 0], [0, null]", "/data/inputs/1/1")]
    [InlineData("[0, 0], [0, 1]", "[0, 0], [0, 1, 2]", "/data/inputs/1")]
    [InlineData("\"near\", \"near\", \"near\"", "\"near\", 1, \"near\"", "/data/labels/1")]
    [InlineData("\"labels\"", "\"label\"", "/data/labels")]
    [InlineData("\"epochs\": 20", "\"epoch\": 20", "/epoch")]
    [InlineData("\"epochs\": 20", "\"epochs\": 20, \"classWeights\": \"balance\"", "/classWeights")]
    [InlineData("\"epochs\": 20", "\"epochs\": 20, \"earlyStopping\": { \"patience\": 0 }", "/earlyStopping/patience")]
    [InlineData("\"units\": 8", "\"units\": 65000, \"activation\": \"relu\" }, { \"units\": 65000", "/layers")]
    [InlineData(Inline, """{ "dataset": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "label": "x" }""", "/data/dataset")]
    public async Task Submit_WithAMistake_SaysWhere(string right, string wrong, string pointer)
    {
        var body = Body(Inline, 2);
        Assert.Contains(right, body, StringComparison.Ordinal);
        var answer = await _client.PostJson("/v1/jobs", body.Replace(right, wrong, StringComparison.Ordinal));
        Assert.True(answer.Status == 400, answer.Text);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Fact]
    public async Task Submit_WithColumnsThatDoNotFit_SaysWhere()
    {
        var id = await _client.UploadId("x,y,class,name\n1,2,0,a\n3,4,1,b\n5,6,2,c\n1,,7,d\n");
        foreach (var (data, pointer) in new[]
        {
            ($$"""{ "dataset": "{{id}}", "label": "klass", "columns": ["x"] }""", "/data/label"),
            ($$"""{ "dataset": "{{id}}", "label": "class", "columns": ["x", "name"] }""", "/data/columns/1"),
            ($$"""{ "dataset": "{{id}}", "label": "class", "columns": ["x", "y"] }""", "/data/columns/1"),
            ($$"""{ "dataset": "{{id}}", "label": "class" }""", "/data/dataset"),
            ($$"""{ "dataset": "{{id}}", "label": "class", "columns": ["x"] }""", "/data/label"),
            ($$"""{ "dataset": "{{id}}", "label": "name", "columns": ["x"] }""", "/layers/1/units"),
        })
        {
            var answer = await _client.PostJson("/v1/jobs", Body(data, 3));
            Assert.True(answer.Status == 400, answer.Text);
            Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
        }
    }

    private static string Table(int rows)
    {
        var csv = new StringBuilder("x,y,class,note\n");
        for (var i = 0; i < rows; i++) csv.Append(CultureInfo.InvariantCulture, $"{(i % 3 == 1 ? 4 : 0) + i * 7 % 10 / 10.0},{(i % 3 == 2 ? 4 : 0) + i * 3 % 10 / 10.0},{i % 3},text\n");
        return csv.ToString();
    }

    private static string Body(string data, int classes) => $$"""
        { "kind": "classifier", "seed": 1, "data": {{data}}, "layers": [ { "units": 8, "activation": "relu" }, { "units": {{classes}}, "activation": "softmax" } ],
          "optimizer": { "name": "adam", "learningRate": 0.02 }, "loss": "categorical-cross-entropy", "epochs": 20, "batchSize": 8, "validationFraction": 0.2 }
        """;

    private async Task<JsonNode> Finished(string body)
    {
        var answer = await _client.PostWith(body, ("Prefer", "wait=30"));
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json;
    }
}
