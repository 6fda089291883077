using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

/// <summary>Language models that learn along gradients, as a client meets them.</summary>
public sealed class LanguageLearningTests(Service service) : IClassFixture<Service>
{
    private static readonly string Text = string.Concat(Enumerable.Repeat("the cat sat on the mat, the dog lay on the rug. ", 30));

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Job_OfATransformer_AnswersScoresChartsAndAFileOfNanoGptsNames()
    {
        var job = await Train("""{ "name": "transformer", "layers": 1, "width": 16, "heads": 2, "context": 16 }""", "\"steps\": 120");
        var result = job["result"]!;
        Assert.InRange((double)result["validation"]!["crossEntropy"]!["value"]!, 0, 0.7);
        Assert.Equal(256 * 16 * 2 + 16 * 16 + 12 * 16 * 16 + 13 * 16 + 2 * 16, (int)result["model"]!["parameters"]!);
        var svg = await _client.Fetch($"/v1/jobs/{job["id"]}/charts/loss.svg");
        Assert.Equal((200, "image/svg+xml"), (svg.Status, svg.MediaType));
        Assert.NotNull(XDocument.Parse(svg.Text).Root);
        var model = Encoding.UTF8.GetString(await _client.GetByteArrayAsync($"/v1/jobs/{job["id"]}/artifacts/model.safetensors"));
        foreach (var tensor in (string[])["\"transformer.wte.weight\":{\"dtype\":\"F32\",\"shape\":[256,16]", "\"transformer.h.0.attn.c_attn.weight\":{\"dtype\":\"F32\",\"shape\":[48,16]", "\"lm_head.weight\":{\"dtype\":\"F32\",\"shape\":[256,16]"])
            Assert.Contains(tensor, model.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var metrics = (await _client.Fetch($"/v1/jobs/{job["id"]}/metrics")).Text;
        Assert.All((string[])["loss", "validationLoss", "gradientNorm", "learningRate"], name => Assert.Contains($"\"{name}\"", metrics, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Job_DistilledFromAnother_ComesNearerToItThanToNothing()
    {
        var teacher = await Train("""{ "name": "ngram", "order": 4 }""", "\"seed\": 1");
        var student = await Train("""{ "name": "neural", "context": 4, "width": 8, "hidden": 32 }""", $$"""
            "steps": 100, "optimizer": { "name": "adamw", "learningRate": 0.02 }, "objective": { "name": "distilled", "teacher": "{{teacher["id"]}}", "loss": { "name": "reverse-kl" } }
            """);
        Assert.InRange((double)student["result"]!["validation"]!["crossEntropy"]!["value"]!, 0, 1.5);
    }

    [Theory]
    [InlineData("""{ "name": "transformer", "width": 30 }""", "\"steps\": 1", "/model/width")]
    [InlineData("""{ "name": "transformer", "context": 0 }""", "\"steps\": 1", "/model/context")]
    [InlineData("""{ "name": "transformer", "layers": 48, "width": 2048, "context": 2048 }""", "\"steps\": 1", "/model")]
    [InlineData("""{ "name": "neural", "activation": "sine" }""", "\"steps\": 1", "/model/activation")]
    [InlineData("""{ "name": "neural" }""", "\"objective\": { \"name\": \"distilled\", \"teacher\": \"01ARZ3NDEKTSV4RRFFQ69G5FAV\" }", "/objective/teacher")]
    public async Task Submit_WithAMistake_SaysWhere(string model, string more, string pointer)
    {
        var answer = await _client.PostJson("/v1/jobs", Body(model, more));
        Assert.Equal(400, answer.Status);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    private static string Body(string model, string more) => $$"""{ "kind": "language-model", "text": "{{Text}}", "model": {{model}}, {{more}} }""";

    private async Task<JsonNode> Train(string model, string more)
    {
        var job = await _client.Finished(await _client.Submit(Body(model, more)));
        Assert.True((string?)job["status"] == "succeeded", job.ToJsonString());
        return job;
    }
}
