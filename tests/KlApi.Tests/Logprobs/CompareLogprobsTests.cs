using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using KlApi.Tests.Host;

namespace KlApi.Tests.Logprobs;

public sealed class CompareLogprobsTests(Service service) : IClassFixture<Service>
{
    private const string Path = "/v1/logprobs/compare";

    private readonly HttpClient _client = service.CreateClient();

    /// <summary>Lists {.5, .3} and {.6, .2} without a token in common: the nearest completions are 0.6 ln 4 apart.</summary>
    [Fact]
    public async Task Compare_OfDisjointLists_AnswersBracketsAsArrays()
    {
        var answer = await _client.PostJson(Path, $$"""
            { "vocabulary": 10, "p": [{ "tokens": ["a", "b"], "logprobs": [{{Log(0.5)}}, {{Log(0.3)}}] }], "q": [{ "top": [["c", {{Log(0.6)}}], ["d", {{Log(0.2)}}]] }] }
            """);
        Assert.Equal(200, answer.Status);
        var position = answer.Json["positions"]![0]!;
        Assert.Equal(("nats", "bounds"), ((string?)answer.Json["unit"], (string?)answer.Json["method"]));
        Assert.Equal(0.6 * Math.Log(4), Lower(position["forward"]), 1e-12);
        Assert.Equal("Infinity", (string?)position["forward"]![1]);
        Assert.Equal(0, (double)position["bucket"]!["forward"]!, 1e-15);
        Assert.Equal(0.6, Lower(position["totalVariation"]), 1e-12);
        Assert.Equal(1, (double)position["totalVariation"]![1]!, 1e-12);
        Assert.Equal(Math.Log(2), (double)position["jensenShannon"]![1]!, 1e-12);
        Assert.Equal(0.8, (double)position["coverage"]!["p"]!, 1e-12);
        Assert.Equal((2, 0.0, false), ((int)position["topK"]!, (double)position["overlap"]!, (bool)position["sameTop1"]!));
        Assert.Null(position["tailBucket"]);
        Assert.Equal((1, (int?)null), ((int)answer.Json["alignedPositions"]!, (int?)answer.Json["stoppedAt"]));
        foreach (var measure in (string[])["forward", "reverse", "jensenShannon", "totalVariation", "hellinger"])
            Assert.Equal(position[measure]!.ToJsonString(), answer.Json["mean"]![measure]!.ToJsonString());
    }

    [Fact]
    public async Task Compare_InBits_DividesWhatHasAUnit()
    {
        var body = new StringBuilder().Append(CultureInfo.InvariantCulture, $$"""{ "p": [{ "top": [[1, {{Log(0.5)}}]] }], "q": [{ "top": [[2, {{Log(0.6)}}]] }], "floor": -40, "vocabulary": 1000, "unit": "nats" }""").ToString();
        var nats = (await _client.PostJson(Path, body)).Json["mean"]!;
        var bits = (await _client.PostJson(Path, body.Replace("nats", "bits", StringComparison.Ordinal))).Json["mean"]!;
        foreach (var measure in (string[])["forward", "reverse", "jensenShannon"])
            for (var end = 0; end < 2; end++) Assert.Equal((double)nats[measure]![end]! / Math.Log(2), (double)bits[measure]![end]!, 1e-12);
        Assert.Equal(nats["hellinger"]!.ToJsonString(), bits["hellinger"]!.ToJsonString());
        Assert.InRange((double)nats["forward"]![1]!, 1, 40);
    }

    [Fact]
    public async Task Compare_OfLlamaServerWithOpenAi_SaysHowItReadThem()
    {
        var answer = await _client.PostJson(Path, """
            { "p": { "content": " a", "completion_probabilities": [ { "id": 7, "token": " a", "bytes": [32, 97], "logprob": -0.25, "top_logprobs": [ { "id": 7, "token": " a", "bytes": [32, 97], "logprob": -0.25 } ] } ] },
              "q": { "choices": [ { "logprobs": { "content": [ { "token": " a", "logprob": -0.5, "bytes": [32, 97], "top_logprobs": [ { "token": " a", "logprob": -0.5, "bytes": [32, 97] } ] } ] } } ], "unknown": { "unknown": [1] } } }
            """);
        Assert.Equal(200, answer.Status);
        Assert.Equal(("llama-server", "openai-chat", "bytes"), ((string?)answer.Json["formats"]!["p"], (string?)answer.Json["formats"]!["q"], (string?)answer.Json["key"]));
        Assert.Equal(" a", (string?)answer.Json["positions"]![0]!["chosen"]!["p"]);
        Assert.NotNull(answer.Json["positions"]![0]!["tailBucket"]);
    }

    [Fact]
    public async Task Compare_OfTextsThatPart_StopsUnlessToldOtherwise()
    {
        const string Documents = """ "p": [{"top":[[1,-0.5]],"chosen":1},{"top":[[3,-0.5]],"chosen":3}], "q": [{"top":[[1,-0.7]],"chosen":2},{"top":[[3,-0.7]],"chosen":3}] """;
        var stopped = (await _client.PostJson(Path, $"{{ {Documents} }}")).Json;
        Assert.Equal((1, 0), ((int)stopped["alignedPositions"]!, (int)stopped["stoppedAt"]!));
        var all = (await _client.PostJson(Path, $$"""{ {{Documents}}, "alignBy": "index" }""")).Json;
        Assert.Equal((2, null), ((int)all["alignedPositions"]!, (int?)all["stoppedAt"]));
    }

    [Theory]
    [InlineData("""{ "p": [{"top":[[1,0.5]]}], "q": [{"top":[[1,-1]]}] }""", "/p/0/top/0/1")]
    [InlineData("""{ "p": [{"top":[[1,-1],[1,-2]]}], "q": [{"top":[[1,-1]]}] }""", "/p/0")]
    [InlineData("""{ "p": {"choices":[]}, "q": [{"top":[[1,-1]]}] }""", "/p")]
    [InlineData("""{ "p": 3, "q": [{"top":[[1,-1]]}] }""", "/p")]
    [InlineData("""{ "p": [{"top":[[1,-1]]}], "q": null }""", "/q")]
    [InlineData("""{ "p": [{"top":[[1,-1]]}] }""", "/q")]
    [InlineData("""{ "p": [{"top":[[1,-1]]}], "q": [{"top":[[1,-1]]}], "floor": 1 }""", "/floor")]
    [InlineData("""{ "p": [{"top":[[1,-1]]}], "q": [{"top":[[1,-1]]}], "vocabulary": 0 }""", "/vocabulary")]
    [InlineData("""{ "p": [{"top":[["a",-1]]}], "q": [{"top":[["b",-1]]}], "vocabulary": 1 }""", "/vocabulary")]
    [InlineData("""{ "p": [{"top":[[1,-1]]}], "q": [{"top":[[1,-1]]}], "massTolerance": 0.5 }""", "/massTolerance")]
    [InlineData("""{ "p": [{"top":[[1,-1]]}], "q": [{"top":[[1,-1]]}], "format": "openai" }""", "/format")]
    [InlineData("""{ "p": [{"top":[[1,-1]]}], "q": [{"top":[[1,-1]]}], "pFormat": "ollama" }""", "/p")]
    [InlineData("""{ "p": [{"top":[[1,-1]]}], "q": [{"top":[[1,-1]]}], "vocab": 5 }""", "/vocab")]
    public async Task Compare_OfWhatIsNotValid_IsRefusedAtItsPointer(string body, string pointer)
    {
        var answer = await _client.PostJson(Path, body);
        Assert.Equal((400, "application/problem+json"), (answer.Status, answer.MediaType));
        Assert.NotNull(answer.ErrorAt(pointer));
    }

    [Fact]
    public async Task Compare_OfABareLiteral_NamesIt()
    {
        var answer = await _client.PostJson(Path, """{ "p": [{"top":[[1,-Infinity]]}], "q": [{"top":[[1,-1]]}] }""");
        Assert.Equal(400, answer.Status);
        Assert.Contains("the literal -Infinity is no JSON", answer.ErrorAt(""), StringComparison.Ordinal);
    }

    /// <summary>Logarithms of -0.69305 and -0.69315 print alike: 8.75e-9 apart, and the bracket knows.</summary>
    [Fact]
    public async Task Compare_OfCoarselyPrintedNumbers_WidensAndWarns()
    {
        const string Side = """[{"top":[["a",-0.6931],["b",-1.2040]]}]""";
        var answer = await _client.PostJson(Path, $$"""{ "vocabulary": 3, "p": {{Side}}, "q": {{Side}} }""");
        Assert.InRange((double)answer.Json["mean"]!["forward"]![1]!, 8.76e-9, 1e-7);
        Assert.Equal(0, Lower(answer.Json["mean"]!["forward"]));
        Assert.StartsWith("coarse-values", (string)answer.Json["warnings"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_OfDifferentPromptsOfVllm_StopsAndNamesTheirTokens()
    {
        static string Side(int token) => """[null,{"9":{"logprob":-3.125,"rank":7},"1":{"logprob":-0.75,"rank":1}},{"1":{"logprob":-0.75,"rank":1}}]""".Replace("\"9\"", $"\"{token}\"", StringComparison.Ordinal);
        var answer = (await _client.PostJson(Path, $$"""{ "p": {{Side(11)}}, "q": {{Side(21)}} }""")).Json;
        Assert.Equal((1, 1), ((int)answer["alignedPositions"]!, (int)answer["stoppedAt"]!));
        Assert.Equal(("token_id:11", "token_id:21"), ((string?)answer["positions"]![0]!["chosen"]!["p"], (string?)answer["positions"]![0]!["chosen"]!["q"]));
    }

    [Theory]
    [InlineData("mass-exceeds-one", """{ "p": [{"top":[[1,-0.1],[2,-0.2]]}], "q": [{"top":[[1,-1]]}] }""")]
    [InlineData("keys-differ", """{ "p": [{"top":[[1,-1]]}], "q": [{"top":[["a",-1]]}] }""")]
    [InlineData("ambiguous-token-key", """{ "p": [{"top":[["a",-1],["a",-2]]}], "q": [{"top":[["a",-1]]}] }""")]
    [InlineData("floor-too-high", """{ "p": [{"top":[[1,-1]]}], "q": [{"top":[[1,-1]]}], "floor": -2, "vocabulary": 100 }""")]
    [InlineData("mass-does-not-fit", """{ "p": [{"top":[[1,-1],[2,-4]]}], "q": [{"top":[[1,-1]]}], "vocabulary": 5 }""")]
    [InlineData("mass-missing", """{ "p": [{"top":[[1,-1],[0,-4]]}], "q": [{"top":[[1,-1]]}], "vocabulary": 2 }""")]
    [InlineData("nothing-to-compare", """{ "p": [{"top":[[1,-1]]}, null], "q": [null, {"top":[[1,-1]]}] }""")]
    public async Task Compare_OfWhatNoDistributionsHave_Is422(string code, string body)
    {
        var answer = await _client.PostJson(Path, body);
        Assert.Equal((422, code), (answer.Status, (string?)answer.Json["code"]));
    }

    [Fact]
    public async Task Compare_OfAScoredTokenAboveTheCap_Is422()
    {
        const string Side = """{"output_top_logprobs":[[[-1.0,1,null],[-3.0,2,null]]],"output_token_ids_logprobs":[[[-2.0,3,null]]]}""";
        var answer = await _client.PostJson(Path, $$"""{ "p": {{Side}}, "q": {{Side}} }""");
        Assert.Equal((422, "cap-violation"), (answer.Status, (string?)answer.Json["code"]));
    }

    [Fact]
    public async Task Compare_AsText_Is415() => Assert.Equal(415, (await _client.PostJson(Path, "{}", "text/plain")).Status);

    [Fact]
    public async Task Compare_OverTheLimit_Is413()
    {
        using var small = new Service().With("KlService:Limits:JsonBytes", "1024");
        Assert.Equal(413, (await small.CreateClient().PostJson(Path, $$"""{ "p": {{new string(' ', 2000)}}[] }""")).Status);
    }

    [Fact]
    public async Task Compare_OfMorePositionsThanTheWorkAllowed_Is413WithTheLimit()
    {
        var side = "[" + string.Join(',', Enumerable.Repeat("""{ "tokens": ["a"], "logprobs": [-1] }""", 16_000)) + "]";
        var answer = await _client.PostJson(Path, $$"""{ "p": {{side}}, "q": {{side}} }""");
        Assert.Equal(413, answer.Status);
        Assert.Contains("524288", (string)answer.Json["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_OfADocumentNestedTooDeeply_Is400() =>
        Assert.Equal(400, (await _client.PostJson(Path, $$"""{ "p": {{new string('[', 100)}}{{new string(']', 100)}}, "q": [] }""")).Status);

    /// <summary>A name that occurs twice is no fault where nobody reads it.</summary>
    [Fact]
    public async Task Compare_WithForeignNamesTwice_ReportsThemOnlyWhereTheyMatter()
    {
        const string Q = """ "q": {"tokens":["a"],"token_logprobs":[-1],"top_logprobs":[{"a":-1}]} """;
        var passed = await _client.PostJson(Path, $$"""{ "p": {"id":1,"id":2,"tokens":["a"],"token_logprobs":[-1],"top_logprobs":[{"a":-1}]}, {{Q}} }""");
        Assert.Equal(200, passed.Status);
        var refused = await _client.PostJson(Path, $$"""{ "p": {"tokens":["a"],"token_logprobs":[-1],"top_logprobs":[{"a":-1,"a":-2}]}, {{Q}} }""");
        Assert.Equal(400, refused.Status);
        Assert.NotNull(refused.ErrorAt("/p/top_logprobs/0/a"));
    }

    private static double Lower(JsonNode? bracket) => (double)bracket![0]!;

    private static string Log(double probability) => Math.Log(probability).ToString("R", CultureInfo.InvariantCulture);
}
