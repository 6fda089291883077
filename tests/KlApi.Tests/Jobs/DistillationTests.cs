using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using KlApi.Tests.Datasets;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

/// <summary>Students of all sorts of teachers, and regressions, as a client meets them.</summary>
public sealed class DistillationTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Student_OfAnEarlierJob_IsSetBesideIt_AndAnswers()
    {
        var id = await _client.UploadId(Table(120));
        var data = $$"""{ "dataset": "{{id}}", "label": "class" }""";
        var teacher = await Finished($$"""{ "kind": "classifier", "data": {{data}}, "layers": [ { "units": 16, "activation": "relu" }, { "units": 3, "activation": "softmax" } ], "optimizer": { "name": "adam", "learningRate": 0.02 } }""");
        Assert.True((string?)teacher["status"] == "succeeded", teacher.ToJsonString());
        var job = await Finished(Body(data, $$"""{ "job": "{{teacher["id"]}}" }""", 3));
        Assert.True((string?)job["status"] == "succeeded", job.ToJsonString());
        var result = job["result"]!;
        Assert.True((double)result["agreement"]! > 0.8, result.ToJsonString());
        Assert.Equal(2 * 16 + 16 + 16 * 3 + 3, (long)result["teacherParameters"]!);
        Assert.Equal("estimate", (string?)result["forward"]!["method"]);
        foreach (var chart in new[] { "loss", "accuracy", "divergences", "confusion" })
        {
            var picture = await _client.Fetch($"/v1/jobs/{job["id"]}/charts/{chart}.svg");
            Assert.True(picture.Status == 200, picture.Text);
        }

        var answer = await _client.PostJson($"/v1/jobs/{job["id"]}/predict", """{ "inputs": [[4.3, 0.3]] }""");
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(1, (int)answer.Json["classes"]![0]!);
    }

    [Fact]
    public async Task Student_OfStoredLogits_LearnsFromTheirRows()
    {
        var rows = Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? "[2, 0]" : "[0, 2]");
        var content = new StringContent(string.Join('\n', rows) + "\n", Encoding.UTF8, "application/x-ndjson");
        Assert.Equal(201, (await _client.Ask(new HttpRequestMessage(HttpMethod.Put, "/v1/baselines/teacher-rows") { Content = content })).Status);
        var inputs = string.Join(", ", Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"[{i % 2 + i / 100.0}]")));
        var data = $$"""{ "inputs": [{{inputs}}], "labels": [{{string.Join(", ", Enumerable.Range(0, 40).Select(i => i % 2))}}] }""";
        var job = await Finished(Body(data, """{ "baseline": "teacher-rows" }""", 2));
        Assert.True((string?)job["status"] == "succeeded", job.ToJsonString());
        Assert.Equal(1, (double)job["result"]!["teacherAccuracy"]!);
        Assert.Null(job["result"]!["teacherParameters"]);
        var short_ = await _client.PostJson("/v1/jobs", Body("""{ "inputs": [[1], [2], [3]], "labels": [0, 1, 0] }""", """{ "baseline": "teacher-rows" }""", 2));
        Assert.Equal(400, short_.Status);
        Assert.NotNull(short_.ErrorAt("/teacher/baseline"));
    }

    [Theory]
    [InlineData("""{ "job": "01ARZ3NDEKTSV4RRFFQ69G5FAV" }""", "/teacher/job")]
    [InlineData("""{ "baseline": "none" }""", "/teacher/baseline")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2], [3]] } ] }""", "/teacher/layers/0/weights/1")]
    [InlineData("""{ "model": "x" }""", "/teacher")]
    public async Task Submit_WithATeacherThatIsNone_SaysWhere(string teacher, string pointer)
    {
        var answer = await _client.PostJson("/v1/jobs", Body("""{ "inputs": [[1, 2], [2, 3], [3, 4]], "labels": [0, 1, 0] }""", teacher, 2));
        Assert.True(answer.Status == 400, answer.Text);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Fact]
    public async Task Regression_OfADatasetsColumn_AnswersInItsUnits()
    {
        var csv = new StringBuilder("x,y,name\n");
        for (var i = 0; i < 100; i++) csv.Append(CultureInfo.InvariantCulture, $"{i},{500 + 10 * i},n\n");
        var id = await _client.UploadId(csv.ToString());
        string Job(string target) => $$"""
            { "kind": "regression", "data": { "dataset": "{{id}}", "target": "{{target}}" }, "layers": [ { "units": 1 } ], "optimizer": { "name": "adam", "learningRate": 0.05 }, "epochs": 100 }
            """;
        var job = await Finished(Job("y"));
        Assert.True((string?)job["status"] == "succeeded", job.ToJsonString());
        Assert.True((double)job["result"]!["targets"]![0]!["rSquared"]! > 0.99, job["result"]!.ToJsonString());
        foreach (var chart in new[] { "loss", "predictions", "residuals" }) Assert.Equal(200, (await _client.Fetch($"/v1/jobs/{job["id"]}/charts/{chart}.svg")).Status);
        var answer = await _client.PostJson($"/v1/jobs/{job["id"]}/predict", """{ "inputs": [10, 20] }""");
        Assert.InRange((double)answer.Json["values"]![1]! - (double)answer.Json["values"]![0]!, 90, 110);
        foreach (var target in new[] { "z", "name" }) Assert.NotNull((await _client.PostJson("/v1/jobs", Job(target))).ErrorAt("/data/target"));
    }

    private static string Table(int rows)
    {
        var csv = new StringBuilder("x,y,class\n");
        for (var i = 0; i < rows; i++) csv.Append(CultureInfo.InvariantCulture, $"{(i % 3 == 1 ? 4 : 0) + i * 7 % 10 / 10.0},{(i % 3 == 2 ? 4 : 0) + i * 3 % 10 / 10.0},{i % 3}\n");
        return csv.ToString();
    }

    private static string Body(string data, string teacher, int classes) => $$"""
        { "kind": "distillation", "data": {{data}}, "teacher": {{teacher}}, "layers": [ { "units": {{classes}}, "activation": "softmax" } ], "loss": { "name": "reverse-kl" },
          "optimizer": { "name": "adam", "learningRate": 0.05 }, "epochs": 30, "batchSize": 8 }
        """;

    private async Task<JsonNode> Finished(string body)
    {
        var answer = await _client.PostWith(body, ("Prefer", "wait=30"));
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json;
    }
}
