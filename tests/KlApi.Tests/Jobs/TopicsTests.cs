using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

/// <summary>Topics as a client meets them.</summary>
public sealed class TopicsTests(Service service) : IClassFixture<Service>
{
    private static readonly string[] Documents = ["Text data", "More text data", "Topics in more text"];

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Topics_OfInlineDocuments_AreAnsweredWithChartsAndFiles()
    {
        var job = await Finish($$"""{ "kind": "topics", "documents": {{JsonSerializer.Serialize(Documents)}}, "topics": 2, "passes": 5 }""");
        var result = job["result"]!;
        Assert.Equal(2, result["topics"]!.AsArray().Count);
        Assert.Equal(1, result["topics"]![0]!["words"]!.AsArray().Sum(word => (double)word!["probability"]!), 1e-6);
        Assert.Equal(Math.Exp(-(double)result["bound"]!), (double)result["perplexity"]!, 1e-9);
        Assert.Equal(Math.Pow(2, -(double)result["bound"]!), (double)result["gensimPerplexity"]!, 1e-9);
        foreach (var chart in new[] { "bound", "topics", "documents" })
        {
            var svg = await _client.GetStringAsync($"/v1/jobs/{job["id"]}/charts/{chart}.svg");
            Assert.StartsWith("<svg", svg, StringComparison.Ordinal);
            if (chart == "topics") Assert.Contains(">data</text>", svg, StringComparison.Ordinal);
        }

        var lines = await _client.GetStringAsync($"/v1/jobs/{job["id"]}/artifacts/documents.ndjson");
        Assert.Equal([0, 1, 2], lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (int)JsonNode.Parse(line)!["document"]!));
        Assert.Equal(5, JsonNode.Parse(await _client.GetStringAsync($"/v1/jobs/{job["id"]}/artifacts/vocabulary.json"))!.AsArray().Count);
    }

    [Fact]
    public async Task Topics_OfADataset_AreThoseOfItsColumn()
    {
        var lines = string.Concat(Documents.Select((text, i) => $"{{\"id\": \"document {i}\", \"text\": \"{text}\"}}\n"));
        var upload = await _client.PostAsync("/v1/datasets", new StringContent(lines, Encoding.UTF8, "application/x-ndjson"));
        var id = (string)JsonNode.Parse(await upload.Content.ReadAsStringAsync())!["id"]!;
        var stored = await Finish($$"""{ "kind": "topics", "data": { "dataset": "{{id}}", "column": "text" }, "topics": 2 }""");
        var inline = await Finish($$"""{ "kind": "topics", "documents": {{JsonSerializer.Serialize(Documents)}}, "topics": 2 }""");
        Assert.Equal(inline["result"]!.ToJsonString(), stored["result"]!.ToJsonString());
    }

    [Fact]
    public async Task Predict_OfTheSameDocuments_AnswersTheirTopics()
    {
        var job = await Finish($$"""{ "kind": "topics", "documents": {{JsonSerializer.Serialize(Documents)}}, "topics": 2, "passes": 5 }""");
        var answer = await _client.PostJson($"/v1/jobs/{job["id"]}/predict", $$"""{ "documents": {{JsonSerializer.Serialize(Documents.Append("unknown"))}} }""");
        Assert.Equal(200, answer.Status);
        for (var i = 0; i < 3; i++)
        {
            foreach (var (expected, found) in job["result"]!["documents"]![i]!["topics"]!.AsArray().Zip(answer.Json["documents"]![i]!["topics"]!.AsArray()))
            {
                Assert.Equal((int)expected!["topic"]!, (int)found!["topic"]!);
                Assert.Equal((double)expected["probability"]!, (double)found["probability"]!, 1e-5);
            }
        }

        // Of words that nobody knows the prior is left.
        Assert.All(answer.Json["documents"]![3]!["topics"]!.AsArray(), share => Assert.Equal(0.5, (double)share!["probability"]!, 1e-6));
        Assert.Equal(9, (int)answer.Json["wordCount"]!);
        var refused = await _client.PostJson($"/v1/jobs/{job["id"]}/predict", """{ "inputs": [[1, 2]] }""");
        Assert.Equal(400, refused.Status);
        Assert.Equal(["/inputs"], refused.Json["errors"]!.AsObject().Select(error => error.Key));
    }

    [Theory]
    [InlineData("\"documents\": []", "/documents")]
    [InlineData("\"documents\": [\"a text\", 3]", "/documents/1")]
    [InlineData("\"documents\": [\"a text\", null]", "/documents/1")]
    [InlineData("\"documents\": [\"1 2 3\"]", "/documents")]
    [InlineData("\"documents\": [\"some text\"], \"alpha\": \"automatic\"", "/alpha")]
    [InlineData("\"documents\": [\"some text\"], \"alpha\": [1, \"2\"]", "/alpha/1")]
    [InlineData("\"documents\": [\"some text\"], \"words\": { \"stopWords\": 3 }", "/words/stopWords")]
    [InlineData("\"documents\": [\"some text\"], \"num_topics\": 3", "/num_topics")]
    [InlineData("\"data\": { \"dataset\": \"nowhere\" }", "/data/dataset")]
    public async Task BadInput_IsRefusedByItsPlace(string fields, string pointer)
    {
        var answer = await _client.PostJson("/v1/jobs", $$"""{ "kind": "topics", {{fields}} }""");
        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.Json["errors"]!.AsObject().Select(error => error.Key));
    }

    private async Task<JsonNode> Finish(string body)
    {
        var job = await _client.Finished(await _client.Submit(body));
        Assert.True((string?)job["status"] == "succeeded", job.ToJsonString());
        return job;
    }
}
