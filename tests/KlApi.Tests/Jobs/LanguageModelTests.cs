using System.Text.Json.Nodes;
using KlApi.Tests.Baselines;
using KlApi.Tests.Datasets;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

public sealed class LanguageModelTests : IDisposable
{
    private static readonly string[] Animals = ["cat", "dog", "owl", "hen"];
    private static readonly string Text = string.Concat(Enumerable.Range(0, 60).Select(i => $"the {Animals[i % 4]} sat on the {Animals[i * 7 % 4]}\nand the {Animals[i * 5 % 4]} ran {i % 9} times\n"));

    private readonly Service _service = new Service().With("KlService:Workers", "1");
    private readonly HttpClient _client;

    public LanguageModelTests() => _client = _service.CreateClient();

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    private static string Job(string data, string more = "", int order = 3) =>
        $$"""{ "kind": "language-model", "data": {{data}}, "tokens": { "kind": "word", "vocabulary": 60 }, "model": { "name": "ngram", "order": {{order}} }{{more}} }""";

    private async Task<string> Data() => $$"""{ "dataset": "{{await _client.UploadId(Text, "text/plain")}}" }""";

    private async Task<(string Id, JsonNode Job)> Run(string body)
    {
        var id = await _client.Submit(body);
        var job = await _client.Finished(id);
        Assert.True((string)job["status"]! == "succeeded", job.ToJsonString());
        return (id, job);
    }

    [Fact]
    public async Task Job_OfAPlainText_LeavesItsModelItsNumbersAndItsCharts()
    {
        var (id, job) = await Run(Job(await Data(), """, "samples": { "count": 2, "maximumTokens": 20, "prompt": "the" }"""));
        var result = job["result"]!;
        var held = result["validation"]!;
        Assert.InRange((double)held["perplexity"]!, 1, 10);
        Assert.Equal(Math.Exp((double)held["crossEntropy"]!["value"]!), (double)held["perplexity"]!, 1e-9);
        Assert.True((double)held["crossEntropy"]!["value"]! < (double)result["unigramEntropy"]!);
        Assert.Equal(3, result["model"]!["orders"]!.AsArray().Count);
        Assert.Equal(2, result["samples"]!.AsArray().Count);
        Assert.Equal((double)held["perplexity"]!, (double)job["metrics"]!["perplexity"]!);
        var files = (await _client.Fetch($"/v1/jobs/{id}/artifacts")).Json["data"]!.AsArray().Select(file => (string)file!["name"]!);
        Assert.Equal(["model.safetensors", "samples.txt", "tokenizer.json"], files.Order());
        foreach (var chart in (string[])["loss", "frequencies"]) Assert.Equal(200, (await _client.Fetch($"/v1/jobs/{id}/charts/{chart}.svg")).Status);
    }

    [Fact]
    public async Task Job_OfDocuments_EndsEach()
    {
        var lines = string.Join('\n', Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, i) => $$"""{ "id": "v{{i}}", "text": "{{line}}" }"""));
        var (id, job) = await Run(Job($$"""{ "dataset": "{{await _client.UploadId(lines, "application/x-ndjson")}}", "column": "text" }""", """, "samples": { "count": 0 }"""));
        Assert.Equal(12, (long)job["result"]!["validation"]!["text"]!["tokens"]! - Pieces(120 - 12, 120));
        var texts = (await _client.PostJson($"/v1/jobs/{id}/generate", """{ "maximumTokens": 50, "count": 5 }""")).Json["choices"]!.AsArray();
        Assert.Contains("stop", texts.Select(text => (string)text!["finishReason"]!));

        static int Pieces(int from, int to) => Text.Split('\n')[from..to].Sum(line => line.Split(' ').Length);
    }

    [Fact]
    public async Task Logits_OfTwoModelsOfTheSameTokens_AreBaselinesThatCompare()
    {
        var data = await Data();
        var (id, job) = await Run(Job(data, """, "logits": { "baseline": "three", "rows": 40 }"""));
        Assert.Equal("three", (string)job["result"]!["baseline"]!);
        await Run(Job(data, """, "logits": { "baseline": "one", "rows": 40 }""", order: 1));
        var baseline = (await _client.Fetch("/v1/baselines/three")).Json;
        Assert.Equal((40, (int)job["result"]!["vocabulary"]!, true, "f32"), ((int)baseline["rows"]!, (int)baseline["vocabulary"]!, (bool)baseline["targets"]!, (string)baseline["dataType"]!));
        var report = (await Run("""{ "kind": "comparison-of-logits", "baseline": "three", "candidate": "one" }""")).Job["result"]!;
        Assert.Equal(40, (int)report["compared"]!);
        Assert.True((double)report["forward"]!["mean"]! > 0.1);
        Assert.True((double)report["perplexity"]!["q"]! > (double)report["perplexity"]!["p"]!);
        var npy = await _client.GetByteArrayAsync($"/v1/jobs/{id}/artifacts/logits.npy");
        Assert.Equal(200, (await _client.PutBaseline("three", npy)).Status);
    }

    [Fact]
    public async Task Logits_UnderATakenName_AreRefusedAtSubmission()
    {
        await _client.PutBaseline("taken", LogitFiles.Npy(LogitFiles.Rows(3, 4, 1)));
        var answer = await _client.PostJson("/v1/jobs", Job(await Data(), """, "logits": { "baseline": "taken" }"""));
        Assert.Equal(400, answer.Status);
        Assert.Contains("free", (string)answer.Json["errors"]!["/logits/baseline"]![0]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "dataset": "01K00000000000000000000000" }""", "/data/dataset")]
    [InlineData("""{ "dataset": "ID", "column": "other" }""", "/data/column")]
    public async Task Job_OfDataThatIsNotThere_IsRefusedAtSubmission(string data, string pointer)
    {
        var id = await _client.UploadId(Text, "text/plain");
        var answer = await _client.PostJson("/v1/jobs", Job(data.Replace("ID", id, StringComparison.Ordinal)));
        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.Json["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Job_OfMoreTextThanFitsIntoMemory_IsRefusedWithTheReason()
    {
        var id = await _client.UploadId(string.Concat(Enumerable.Repeat("some text that goes on and on for long\n", 20_000)), "text/plain");
        var answer = await _client.PostJson("/v1/jobs", $$"""{ "kind": "language-model", "data": { "dataset": "{{id}}" }, "model": { "name": "ngram", "order": 32 } }""");
        Assert.Equal(400, answer.Status);
        Assert.Contains("for n-grams up to order 32, of which more might take more than 1024 MiB, has", (string)answer.Json["errors"]!["/data/dataset"]![0]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"documents\": [\"one two\", null]", "/documents/1")]
    [InlineData("\"documents\": [\"one two\", 3]", "/documents/1")]
    [InlineData("\"text\": \"one two three\", \"tokens\": { \"kind\": \"letters\" }", "/tokens/kind")]
    [InlineData("\"text\": \"one two three\", \"model\": { \"name\": \"ngram\", \"smoothing\": { \"method\": \"stupid\" } }", "/model/smoothing/method")]
    [InlineData("\"text\": \"one two three\", \"order\": 3", "/order")]
    public async Task Job_OfABadSpecification_IsRefusedByPointer(string body, string pointer)
    {
        var answer = await _client.PostJson("/v1/jobs", $$"""{ "kind": "language-model", {{body}} }""");
        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.Json["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Generate_SameRequest_GivesTheSameTextsThatCompareTakes()
    {
        var data = await Data();
        var (three, _) = await Run(Job(data));
        var (one, _) = await Run(Job(data, order: 1));
        const string request = """{ "prompt": "the cat", "maximumTokens": 12, "temperature": 0, "seed": 4 }""";
        var p = await _client.PostJson($"/v1/jobs/{three}/generate?topLogprobs=20", request);
        Assert.True(p.Status == 200, p.Text);
        Assert.Equal(p.Text, (await _client.PostJson($"/v1/jobs/{three}/generate?topLogprobs=20", request)).Text);
        var tokens = p.Json["choices"]![0]!["logprobs"]!["content"]!.AsArray();
        Assert.Equal(12, tokens.Count);
        Assert.Equal((string)p.Json["choices"]![0]!["text"]!, string.Concat(tokens.SelectMany(token => token!["bytes"]!.AsArray()).Select(value => (char)(int)value!)));
        var q = await _client.PostJson($"/v1/jobs/{one}/generate?topLogprobs=20", request);
        var compared = await _client.PostJson("/v1/logprobs/compare", $$"""{ "p": {{p.Text}}, "q": {{q.Text}} }""");
        Assert.True(compared.Status == 200, compared.Text);
    }

    [Theory]
    [InlineData("""{ "maximumTokens": 0 }""", "/maximumTokens")]
    [InlineData("""{ "temperature": -1 }""", "/temperature")]
    [InlineData("""{ "topK": 0 }""", "/topK")]
    [InlineData("""{ "topP": 0 }""", "/topP")]
    [InlineData("""{ "prompt": "" }""", "/prompt")]
    [InlineData("""{ "length": 5 }""", "/length")]
    public async Task Generate_BadFields_AreNamedByPointer(string body, string pointer)
    {
        var answer = await _client.PostJson("/v1/jobs/01K00000000000000000000000/generate", body);
        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.Json["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Generate_OfWhatHasNoModel_IsRefused()
    {
        Assert.Equal(404, (await _client.PostJson("/v1/jobs/01K00000000000000000000000/generate", "{}")).Status);
        var (other, _) = await Run("""{ "kind": "density-fit", "target": { "family": "normal", "mean": 0, "standardDeviation": 1 }, "model": { "family": "normal" }, "steps": 2 }""");
        var answer = await _client.PostJson($"/v1/jobs/{other}/generate", "{}");
        Assert.Equal((422, "not-a-language-model"), (answer.Status, (string)answer.Json["code"]!));
        var waiting = await _client.Submit("""{ "kind": "density-fit", "target": { "family": "normal", "mean": 0, "standardDeviation": 1 }, "model": { "family": "normal" }, "steps": 1000000 }""");
        Assert.Equal(409, (await _client.PostJson($"/v1/jobs/{waiting}/generate", "{}")).Status);
        await _client.PostJson($"/v1/jobs/{waiting}/cancel", "");
        var (id, _) = await Run(Job(await Data()));
        Assert.Equal(413, (await _client.PostJson($"/v1/jobs/{id}/generate", """{ "maximumTokens": 10000, "count": 100 }""")).Status);
        Assert.Equal(400, (await _client.PostJson($"/v1/jobs/{id}/generate?topLogprobs=101", "{}")).Status);
    }
}
