using KlApi.Tests.Host;

namespace KlApi.Tests.Texts;

public sealed class MeasureRhythmTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Burstiness_OfTimes_AnswersOneResult()
    {
        var answer = await Post("burstiness", """{ "times": [0, 1, 3, 4, 6] }""");
        var result = answer.Json["results"]!.AsArray().Single()!;
        // Gaps 1, 2, 1, 2: mean 1.5, deviation 0.5.
        Assert.Equal((200, 5, 4, 1.5, 0.5, -0.5), (answer.Status, (int)result["events"]!, (int)result["gaps"]!, (double)result["meanGap"]!, (double)result["gapDeviation"]!, (double)result["burstiness"]!));
        Assert.Equal(-1, (double)result["memory"]!, 1e-15);
        Assert.Null(answer.Json["tokens"]);
        Assert.Null(result["word"]);
    }

    [Fact]
    public async Task Burstiness_OfUnknownWords_IsNull()
    {
        var answer = await Post("burstiness", """{ "text": ["a b a c a", "a"], "words": ["a", "nothing"] }""");
        Assert.Equal(6, (int?)answer.Json["tokens"]);
        Assert.Equal(("a", 4, 2, -1.0), ((string?)answer.Json["results"]![0]!["word"], (int)answer.Json["results"]![0]!["events"]!, (int)answer.Json["results"]![0]!["gaps"]!, (double)answer.Json["results"]![0]!["burstiness"]!));
        Assert.Equal((0, null), ((int)answer.Json["results"]![1]!["events"]!, (double?)answer.Json["results"]![1]!["burstiness"]));
    }

    [Theory]
    [InlineData("{ }", "")]
    [InlineData("""{ "times": [1, 2, 3], "gaps": [1, 2] }""", "")]
    [InlineData("""{ "times": [1, 3, 2] }""", "/times/2")]
    [InlineData("""{ "times": [1, "Infinity", 2] }""", "/times/1")]
    [InlineData("""{ "times": [1, 1e200, 2e200] }""", "/times/1")]
    [InlineData("""{ "gaps": [1, -1] }""", "/gaps/1")]
    [InlineData("""{ "gaps": [1, 2], "words": ["a"] }""", "/words")]
    [InlineData("""{ "text": "a a a", "words": [] }""", "/words")]
    [InlineData("""{ "text": "a a a", "words": ["a", null] }""", "/words/1")]
    [InlineData("""{ "text": "a a a", "minimumCount": 2 }""", "/minimumCount")]
    [InlineData("""{ "text": "a a a", "top": 0 }""", "/top")]
    [InlineData("""{ "text": { "dataset": "01K00000000000000000000000" } }""", "/text/dataset")]
    [InlineData("""{ "text": 3 }""", "/text")]
    [InlineData("""{ "events": [1, 2, 3] }""", "/events")]
    public async Task Burstiness_WhatIsNotValid_Is400AtItsPlace(string body, string pointer) => await AssertRefused("burstiness", body, pointer);

    [Theory]
    [InlineData("""{ "times": [1, 2] }""", "too-few-events")]
    [InlineData("""{ "gaps": [] }""", "too-few-events")]
    [InlineData("""{ "times": [2, 2, 2] }""", "no-gaps")]
    [InlineData("""{ "text": "" }""", "no-words")]
    public async Task Burstiness_OfTooLittle_Is422(string body, string code)
    {
        var answer = await Post("burstiness", body);
        Assert.Equal((422, code), (answer.Status, (string?)answer.Json["code"]));
    }

    [Fact]
    public async Task Perplexity_OfTwoDocuments_AnswersEveryRate()
    {
        // Two bits for each of four tokens, in 4 bytes.
        var answer = await Post("perplexity", """{ "logProbabilities": [[-1.3862943611198906, -1.3862943611198906], [-1.3862943611198906], [-1.3862943611198906]], "bytes": [2, 1, 1], "documents": [7, 7, 9] }""");
        Assert.Equal(200, answer.Status);
        Assert.Equal(4, (double)answer.Json["perplexity"]!["value"]!, 1e-14);
        Assert.Equal((2.0, 2.0), ((double)answer.Json["bitsPerToken"]!["value"]!, (double)answer.Json["bitsPerByte"]!["value"]!));
        Assert.Equal((4, 3, 2), ((int)answer.Json["tokens"]!, (int)answer.Json["sentences"]!, (int)answer.Json["documents"]!));
        Assert.Equal(0, (double)answer.Json["natsPerToken"]!["clusterStandardError"]!, 1e-15);
        Assert.Equal(0, (double)answer.Json["spread"]!["standardDeviation"]!, 1e-15);
    }

    [Fact]
    public async Task Perplexity_OfAnImpossibleToken_IsInfinity()
    {
        var answer = await Post("perplexity", """{ "logProbabilities": [-1, "-Infinity"] }""");
        Assert.Equal((200, "Infinity"), (answer.Status, (string?)answer.Json["perplexity"]!["value"]));
        Assert.Single(answer.Json["warnings"]!.AsArray());
    }

    [Theory]
    [InlineData("""{ "logProbabilities": [] }""", "/logProbabilities")]
    [InlineData("""{ "logProbabilities": [[], []] }""", "/logProbabilities")]
    [InlineData("""{ "logProbabilities": [-1, 0.1] }""", "/logProbabilities/1")]
    [InlineData("""{ "logProbabilities": [[-1], ["NaN"]] }""", "/logProbabilities/1/0")]
    [InlineData("""{ "logProbabilities": [[-1], [-1]], "bytes": [3] }""", "/bytes")]
    [InlineData("""{ "logProbabilities": [[-1], [-1]], "bytes": [3, -1] }""", "/bytes/1")]
    [InlineData("""{ "logProbabilities": [[-1], [-1]], "bytes": [0, 0] }""", "/bytes")]
    [InlineData("""{ "logProbabilities": [[-1], [-1]], "documents": [1] }""", "/documents")]
    [InlineData("""{ "logProbabilities": [[-1], [-1]], "documents": [1, 1.5] }""", "/documents/1")]
    [InlineData("""{ "logprobs": [-1] }""", "/logprobs")]
    public async Task Perplexity_WhatIsNotValid_Is400AtItsPlace(string body, string pointer) => await AssertRefused("perplexity", body, pointer);

    [Fact]
    public async Task Texts_TooLongOrOfAnotherMediaType_Are413And415()
    {
        using var small = new Service().With("KlService:Limits:TextCharacters", "10").With("KlService:Limits:PolicyTokens", "2");
        var client = small.CreateClient();
        Assert.Equal(413, (await client.PostJson("/v1/text/burstiness", """{ "text": "a a a a a a" }""")).Status);
        Assert.Equal(413, (await client.PostJson("/v1/text/perplexity", """{ "logProbabilities": [-1, -1, -1] }""")).Status);
        Assert.Equal(415, (await client.PostJson("/v1/text/burstiness", "{}", "text/plain")).Status);
        Assert.Equal(415, (await client.PostJson("/v1/text/perplexity", "{}", "text/plain")).Status);
    }

    private async Task AssertRefused(string name, string body, string pointer)
    {
        var answer = await Post(name, body);
        Assert.Equal((400, "invalid-input"), (answer.Status, (string?)answer.Json["code"]));
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    private Task<Answer> Post(string name, string body) => _client.PostJson("/v1/text/" + name, body);
}
