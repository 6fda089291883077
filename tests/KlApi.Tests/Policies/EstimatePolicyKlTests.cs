using System.Text.Json.Nodes;
using KlApi.Tests.Host;

namespace KlApi.Tests.Policies;

public sealed class EstimatePolicyKlTests(Service service) : IClassFixture<Service>
{
    private const string Path = "/v1/policies/kl";

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Kl_ByDefault_AnswersFiveEstimatorsUnderFiveAggregations()
    {
        var answer = await Post("""{ "logProbabilities": [[-0.5, -0.75], [-1]], "reference": [[-0.75, -0.5], [-2]] }""");
        Assert.Equal(200, answer.Status);
        Assert.Equal("nats", (string?)answer.Json["unit"]);
        Assert.Equal(["k1", "k2", "k3", "k3-plus", "optimal"], Results(answer).Select(result => (string?)result["estimator"]));
        Assert.All(Results(answer), result => Assert.Equal(
            ["token-mean", "token-sum", "seq-mean-token-sum", "seq-mean-token-mean", "seq-mean-token-sum-norm"],
            result["aggregations"]!.AsArray().Select(aggregation => (string?)aggregation!["aggregation"])));
        Assert.All(Results(answer), result => Assert.Equal("estimate", (string?)result["method"]));
        Assert.Equal(1.0 / 3, Value(answer, 0), 1e-15);
        Assert.Equal(((0.25 * 0.25) + 0.5) / 3, Value(answer, 1), 1e-15);
        Assert.Equal((Math.Exp(-0.25) + Math.Exp(0.25) + Math.Exp(-1) - 3 + 1) / 3, Value(answer, 2), 1e-15);
        Assert.Equal(Value(answer, 2), Value(answer, 3));
        Assert.Equal("sequences", (string?)Results(answer)[0]["aggregations"]![0]!["standardErrorOver"]);
    }

    /// <summary>The trap of GRPO: k3 as a loss is not the KL that it estimates.</summary>
    [Fact]
    public async Task Kl_OfEach_SaysWhatItsGradientOptimises()
    {
        var answer = await Post("""{ "logProbabilities": [-0.5, -1], "reference": [-0.75, -0.5], "old": [-0.5, -1], "estimators": ["k1", "k2", "k3", "k3-plus", "absolute", "optimal", "importance"] }""");
        Assert.Equal(
            ["0", "KL(pi||ref)", "KL(ref||pi)", "KL(pi||ref)", "2 TV(pi, ref)", "lambda KL(ref||pi)", "KL(pi||ref)"],
            Results(answer).Select(result => (string?)result["gradientOf"]));
        Assert.Equal("KL(pi||ref)", (string?)Results(answer)[0]["gradientOfReward"]);
        Assert.Equal("KL(pi||ref)", (string?)Results(answer)[2]["inExpectation"]);
    }

    [Fact]
    public async Task Kl_WithOld_AddsImportance()
    {
        var answer = await Post("""{ "logProbabilities": [-0.5, -1], "reference": [-0.75, -0.5], "old": [-0.25, -1], "aggregation": "token-sum" }""");
        Assert.Equal("importance", (string?)Results(answer)[^1]["estimator"]);
        Assert.Equal((Math.Exp(-0.25) * (Math.Exp(-0.25) - 0.75)) + Math.Exp(0.5) - 1.5, Value(answer, 5), 1e-15);
    }

    [Fact]
    public async Task Kl_TokensAndGradient_AreInTheShapeOfTheRequest()
    {
        var answer = await Post("""
            { "logProbabilities": [[-0.5, 7], [-1], []], "reference": [[-0.75, "Infinity"], [-2], []], "mask": [[1, 0], [1], []], "estimators": ["k2"], "aggregation": "seq-mean-token-mean", "include": ["tokens", "gradient"] }
            """);
        Assert.Equal("[[0.03125,0],[0.5],[]]", Results(answer)[0]["tokens"]!.ToJsonString());
        Assert.Equal("[[0.125,0],[0.5],[]]", Results(answer)[0]["aggregations"]![0]!["gradient"]!.ToJsonString());
        Assert.Equal((2, 3, 1), ((int)answer.Json["tokens"]!, (int)answer.Json["sequences"]!, (int)answer.Json["maskedSequences"]!));
        Assert.Equal("masked-rows", (string?)answer.Json["diagnosis"]![0]!["code"]);
        var flat = await Post("""{ "logProbabilities": [-0.5], "reference": [-0.75], "estimators": ["k2"], "include": ["tokens"] }""");
        Assert.Equal("[0.03125]", Results(flat)[0]["tokens"]!.ToJsonString());
        Assert.Null(Results(flat)[0]["aggregations"]![0]!["gradient"]);
    }

    [Fact]
    public async Task Kl_ImpossibleUnderTheReference_IsInfinityAndSaidSo()
    {
        var answer = await Post("""{ "logProbabilities": [-0.5, -1], "reference": ["-Infinity", -2], "estimators": ["k1", "k3"] }""");
        Assert.All(Results(answer), result => Assert.Equal("Infinity", (string?)result["aggregations"]![0]!["value"]));
        Assert.Equal("impossible-under-reference", (string?)answer.Json["diagnosis"]![0]!["code"]);
    }

    [Fact]
    public async Task Kl_AsVerlClamps_CountsWhatItChanged()
    {
        var answer = await Post("""{ "logProbabilities": [-0.5, -30], "reference": [-0.75, -1], "estimators": ["k1", "k3"], "clamp": "verl", "include": ["tokens"] }""");
        Assert.Equal(10, (double)Results(answer)[1]["tokens"]![1]!);
        Assert.Equal([0, 0.5], Results(answer).Select(result => (double)result["clampedFraction"]!));
        Assert.Contains("clamped", answer.Json["diagnosis"]!.AsArray().Select(finding => (string?)finding!["code"]));
    }

    [Theory]
    [InlineData("""{ "logProbabilities": [[-1, 0.5]], "reference": [[-1, -1]] }""", "/logProbabilities/0/1")]
    [InlineData("""{ "logProbabilities": [-1, 0.5], "reference": [-1, -1] }""", "/logProbabilities/1")]
    [InlineData("""{ "logProbabilities": [[-1, "-Infinity"]], "reference": [[-1, -1]] }""", "/logProbabilities/0/1")]
    [InlineData("""{ "logProbabilities": [[-1, -9999]], "reference": [[-1, -1]] }""", "/logProbabilities/0/1")]
    [InlineData("""{ "logProbabilities": [[-1, "NaN"]], "reference": [[-1, -1]] }""", "/logProbabilities/0/1")]
    [InlineData("""{ "logProbabilities": [[-1], -1], "reference": [[-1], [-1]] }""", "/logProbabilities/1")]
    [InlineData("""{ "logProbabilities": [-1, [-1]], "reference": [[-1], [-1]] }""", "/logProbabilities/1")]
    [InlineData("""{ "logProbabilities": [[-1], null], "reference": [[-1], [-1]] }""", "/logProbabilities/1")]
    [InlineData("""{ "logProbabilities": [], "reference": [] }""", "/logProbabilities")]
    [InlineData("""{ "logProbabilities": [[]], "reference": [[]] }""", "/logProbabilities")]
    [InlineData("""{ "logProbabilities": "-1", "reference": [-1] }""", "/logProbabilities")]
    [InlineData("""{ "logProbabilities": [[-1, -1]], "reference": [[-1]] }""", "/reference/0")]
    [InlineData("""{ "logProbabilities": [[-1], [-1]], "reference": [[-1]] }""", "/reference")]
    [InlineData("""{ "logProbabilities": [-1, -1], "reference": [-1] }""", "/reference")]
    [InlineData("""{ "logProbabilities": [-1], "reference": [[-1]] }""", "/reference")]
    [InlineData("""{ "logProbabilities": [-1], "reference": ["Infinity"] }""", "/reference/0")]
    [InlineData("""{ "logProbabilities": [-1] }""", "/reference")]
    [InlineData("""{ "reference": [-1] }""", "/logProbabilities")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "old": [[1]] }""", "/old/0/0")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "old": [["-Infinity"]] }""", "/old/0/0")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "mask": [[0.5]] }""", "/mask/0/0")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "mask": [[1, 1]] }""", "/mask/0")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "mask": [1] }""", "/mask")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "estimators": [] }""", "/estimators")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "estimators": ["k1", "k1"] }""", "/estimators/1")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "estimators": ["k4"] }""", "/estimators/0")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "estimators": ["importance"] }""", "/old")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "clamp": "trl" }""", "/clamp")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "aggregation": "mean" }""", "/aggregation")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "horizon": 0 }""", "/horizon")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "unit": "hartley" }""", "/unit")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "include": ["values"] }""", "/include/0")]
    [InlineData("""{ "logProbabilities": [[-1]], "reference": [[-1]], "logprobs": [[-1]] }""", "/logprobs")]
    public async Task Kl_InputThatIsNotValid_IsRefusedAtItsPointer(string body, string pointer)
    {
        var answer = await Post(body);
        Assert.Equal((400, "application/problem+json"), (answer.Status, answer.MediaType));
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Fact]
    public async Task Kl_BareNaN_Is400() => Assert.Equal(400, (await Post("""{ "logProbabilities": [NaN], "reference": [-1] }""")).Status);

    [Fact]
    public async Task Kl_WithEverythingMasked_Is422()
    {
        var answer = await Post("""{ "logProbabilities": [[-1], [-1]], "reference": [[-1], [-1]], "mask": [[0], [0]] }""");
        Assert.Equal((422, "all-masked"), (answer.Status, (string?)answer.Json["code"]));
    }

    [Fact]
    public async Task Kl_OfTooManyTokensOrNumbers_Is413()
    {
        using var small = new Service().With("KlService:Limits:PolicyTokens", "4");
        var client = small.CreateClient();
        Assert.Equal(413, (await client.PostJson(Path, """{ "logProbabilities": [-1, -1, -1, -1, -1], "reference": [-1, -1, -1, -1, -1] }""")).Status);
        Assert.Equal(413, (await client.PostJson(Path, """{ "logProbabilities": [-1], "reference": [-1], "include": ["gradient"] }""")).Status);
        Assert.Equal(200, (await client.PostJson(Path, """{ "logProbabilities": [-1], "reference": [-1], "estimators": ["k3"], "aggregation": "token-mean", "include": ["tokens", "gradient"] }""")).Status);
    }

    [Fact]
    public async Task Kl_JsonAsText_Is415() => Assert.Equal(415, (await _client.PostJson(Path, "{}", "text/plain")).Status);

    private static List<JsonNode> Results(Answer answer) => [.. answer.Json["results"]!.AsArray().Select(result => result!)];

    private static double Value(Answer answer, int result) => (double)Results(answer)[result]["aggregations"]![0]!["value"]!;

    private Task<Answer> Post(string body) => _client.PostJson(Path, body);
}
