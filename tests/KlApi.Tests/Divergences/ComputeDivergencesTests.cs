using System.Text.Json.Nodes;
using KlApi.Tests.Host;

namespace KlApi.Tests.Divergences;

public sealed class ComputeDivergencesTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Compute_ByDefault_AnswersSixMeasuresInNats()
    {
        var answer = await Post("""{ "p": [0.1, 0.9], "q": [0.9, 0.1] }""");
        Assert.Equal(200, answer.Status);
        Assert.Equal("nats", (string?)answer.Json["unit"]);
        Assert.Equal(
            ["kullback-leibler", "kullback-leibler", "jeffreys", "jensen-shannon", "total-variation", "hellinger"],
            answer.Json["results"]!.AsArray().Select(result => (string?)result!["measure"]!["name"]));
        Assert.Equal(["forward", "reverse"], answer.Json["results"]!.AsArray().Take(2).Select(result => (string?)result!["measure"]!["direction"]));
        // 0.8 ln 9, of the decimal numbers that were sent.
        Assert.Equal(1.7577796618689757, Value(answer, 0), 1e-15);
        Assert.Equal(0.3250829733914482, Number(answer.Json["entropy"]!["p"]), 1e-15);
        Assert.Equal(2.0828626352604234, Number(answer.Json["entropy"]!["crossForward"]), 1e-15);
        Assert.Equal(0, Number(answer.Json["support"]!["massOfPOutsideQ"]));
        Assert.All(answer.Json["results"]!.AsArray(), result => Assert.Equal("exact", (string?)result!["method"]));
        Assert.Empty(answer.Json["warnings"]!.AsArray());
        Assert.Null(answer.Json["contributions"]);
    }

    [Fact]
    public async Task Compute_QZeroWherePPositive_IsInfinityWithAWarning()
    {
        var answer = await Post("""{ "p": [0.5, 0.5], "q": [1, 0], "include": ["contributions"] }""");
        Assert.Equal("Infinity", (string?)answer.Json["results"]![0]!["value"]);
        Assert.Equal(Math.Log(2), Value(answer, 1), 1e-15);
        Assert.Equal(0.5, Number(answer.Json["support"]!["massOfPOutsideQ"]));
        Assert.Equal("Infinity", (string?)answer.Json["contributions"]![1]);
        Assert.Single(answer.Json["warnings"]!.AsArray());
    }

    [Fact]
    public async Task Compute_InBits_DividesByLn2AndLeavesUnitlessMeasures()
    {
        var answer = await Post("""{ "p": [0.5, 0.5], "q": [0.25, 0.75], "unit": "bits" }""");
        Assert.Equal("bits", (string?)answer.Json["unit"]);
        Assert.Equal(1 - (Math.Log2(3) / 2), Value(answer, 0), 1e-15);
        Assert.Equal(0.25, Value(answer, 4), 1e-16);
        Assert.Equal(1, Number(answer.Json["entropy"]!["p"]), 1e-16);
    }

    [Fact]
    public async Task Compute_LogitsAThousandApart_DoesNotUnderflow()
    {
        var answer = await Post("""{ "p": [1000, 0], "q": [0, 1000], "input": "logits", "measures": [{ "name": "kullback-leibler" }] }""");
        Assert.Equal(1000, Value(answer, 0), 1e-12);
    }

    [Fact]
    public async Task Compute_SeveralFailures_AreAllNamed()
    {
        var answer = await Post("""
            { "p": [0.1, -0.2, 0.9], "q": [0.9, 0.2], "tolerance": -1, "measures": [ { "name": "kullback-leibler" }, { "name": "jensen-shannon", "weight": 3 } ] }
            """);
        Assert.Equal(400, answer.Status);
        Assert.Equal("invalid-input", (string?)answer.Json["code"]);
        Assert.Equal("must be at least 0, was -0.2", answer.ErrorAt("/p/1"));
        Assert.NotNull(answer.ErrorAt("/q"));
        Assert.NotNull(answer.ErrorAt("/tolerance"));
        Assert.NotNull(answer.ErrorAt("/measures/1/weight"));
    }

    [Theory]
    [InlineData("""{ "p": [], "q": [] }""", "/p")]
    [InlineData("""{ "p": [1], "q": [0.5, 0.5] }""", "/q")]
    [InlineData("""{ "p": [0.5, 0.4], "q": [0.5, 0.5] }""", "/p")]
    [InlineData("""{ "p": [0, 0], "q": [1, 1], "input": "weights" }""", "/p")]
    [InlineData("""{ "p": ["Infinity", 1], "q": [1, 1], "input": "weights" }""", "/p/0")]
    [InlineData("""{ "p": ["Infinity", 1], "q": [1, 1], "input": "logits" }""", "/p/0")]
    [InlineData("""{ "p": ["-Infinity", "-Infinity"], "q": [1, 1], "input": "logits" }""", "/p")]
    [InlineData("""{ "p": [0.5, 0.5], "q": [0.5, 0.5], "temperature": 2 }""", "/temperature")]
    [InlineData("""{ "p": [0.5, 0.5], "q": [0.5, 0.5], "measure": [] }""", "/measure")]
    [InlineData("""{ "p": [0.5, 0.5], "q": [0.5, 0.5], "measures": [{ "name": "kl" }] }""", "/measures/0/name")]
    [InlineData("""{ "p": [0.5, 0.5], "q": [0.5, 0.5], "unit": "Nats" }""", "/unit")]
    [InlineData("""{ "p": [0.5, 0.5], "q": [0.5, 0.5], "positions": [1] }""", "/positions")]
    [InlineData("""{ "p": [0.5, 0.5] }""", "/q")]
    [InlineData("""{ "q": [0.5, 0.5] }""", "/p")]
    [InlineData("""{ "p": [1, 0], "q": [0, 1], "positions": [0, [3]] }""", "/positions")]
    [InlineData("""{ "p": [0.5, 0.5], "q": [0.5, 0.5], "smoothing": { "method": "additive", "alpha": -1 } }""", "/smoothing/alpha")]
    public async Task Compute_InputThatIsNotValid_IsRefusedAtItsPointer(string body, string pointer)
    {
        var answer = await Post(body);
        Assert.Equal(400, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.NotNull(answer.ErrorAt(pointer));
    }

    [Fact]
    public async Task Compute_MoreThanAHundredMeasures_IsRefused()
    {
        var measures = string.Join(',', Enumerable.Repeat("""{ "name": "hellinger" }""", 101));
        Assert.NotNull((await Post($$"""{ "p": [1], "q": [1], "measures": [{{measures}}] }""")).ErrorAt("/measures"));
    }

    [Fact]
    public async Task Compute_ValueBeyondADouble_IsSaidToBeFinite()
    {
        var answer = await Post("""{ "p": [1000, 0], "q": [0, 1000], "input": "logits", "measures": [{ "name": "tsallis", "order": 2 }] }""");
        Assert.Equal("Infinity", (string?)answer.Json["results"]![0]!["value"]);
        Assert.StartsWith("tsallis is finite but", (string?)answer.Json["warnings"]![0]);
    }

    [Fact]
    public async Task Compute_TooManyCategories_Is413()
    {
        using var small = new Service().With("KlService:Limits:Categories", "3");
        var answer = await small.CreateClient().PostJson("/v1/divergences", """{ "p": [1,0,0,0], "q": [1,0,0,0] }""");
        Assert.Equal((413, "too-large"), (answer.Status, (string?)answer.Json["code"]));
    }

    [Fact]
    public async Task Compute_TransportOfTooManyPoints_Is413()
    {
        var (mass, points) = (string.Join(',', Enumerable.Repeat(1, 4100)), string.Join(',', Enumerable.Range(0, 4100).Select(i => $"[{i},{i % 7}]")));
        var answer = await Post($$"""{ "p": [{{mass}}], "q": [{{mass}}], "input": "weights", "positions": [{{points}}], "measures": [{ "name": "wasserstein", "order": 1 }] }""");
        Assert.Equal((413, "too-costly"), (answer.Status, (string?)answer.Json["code"]));
    }

    [Fact]
    public async Task Compute_BodyOverTheLimit_Is413()
    {
        using var small = new Service().With("KlService:Limits:JsonBytes", "1024");
        var answer = await small.CreateClient().PostJson("/v1/divergences", $$"""{ "p": [{{new string(' ', 2000)}}1], "q": [1] }""");
        Assert.Equal(413, answer.Status);
    }

    [Fact]
    public async Task Compute_JsonAsText_Is415() =>
        Assert.Equal(415, (await _client.PostJson("/v1/divergences", """{ "p": [1], "q": [1] }""", "text/plain")).Status);

    [Fact]
    public async Task Compute_CountsWithoutSingletonsUnderGoodTuring_Is422()
    {
        var answer = await Post("""{ "p": [5, 5, 0], "q": [5, 4, 0], "input": "weights", "smoothing": { "method": "good-turing" } }""");
        Assert.Equal(422, answer.Status);
    }

    [Fact]
    public async Task Batch_WithOneBadPair_AnswersTheOthers()
    {
        var answer = await Post(
            """
            { "pairs": [ { "p": [0.5, 0.5], "q": [0.25, 0.75] }, { "p": [0.5, 0.6], "q": [1, 0] }, { "p": [3, 1], "q": [1, 1], "input": "weights", "unit": "bits" } ],
              "measures": [ { "name": "kullback-leibler", "direction": "reverse" } ] }
            """,
            "/v1/divergences/batch");
        Assert.Equal(200, answer.Status);
        var results = answer.Json["results"]!.AsArray();
        Assert.Equal(3, results.Count);
        Assert.Equal("reverse", (string?)results[0]!["results"]![0]!["measure"]!["direction"]);
        Assert.Equal(400, (int?)results[1]!["error"]!["status"]);
        Assert.NotNull(results[1]!["error"]!["errors"]!["/pairs/1/p"]);
        Assert.Equal("bits", (string?)results[2]!["unit"]);
    }

    [Theory]
    [InlineData("/v1/divergences")]
    [InlineData("/v1/divergences/batch")]
    public async Task Candidates_AgainstOneReference_EqualThePairsByThemselves(string path)
    {
        var together = await Post("""{ "p": [0.5, 0.3, 0.2], "candidates": [[0.4, 0.4, 0.2], [0.5, 0.5], [0.2, 0.3, 0.5]] }""", path);
        var alone = await Post("""{ "p": [0.5, 0.3, 0.2], "q": [0.2, 0.3, 0.5] }""");
        Assert.True(JsonNode.DeepEquals(alone.Json, together.Json["results"]![2]));
        Assert.NotNull(together.Json["results"]![1]!["error"]!["errors"]!["/candidates/1"]);
    }

    [Theory]
    [InlineData("""{ }""", "/pairs")]
    [InlineData("""{ "p": [1] }""", "/candidates")]
    [InlineData("""{ "candidates": [[1]] }""", "/p")]
    [InlineData("""{ "pairs": [], "p": [1] }""", "/p")]
    [InlineData("""{ "pairs": [null] }""", "/pairs/0")]
    [InlineData("""{ "p": [1], "candidates": [[1], null] }""", "/candidates/1")]
    [InlineData("""{ "pairs": [ { "p": [1], "q": ["x"] } ] }""", "/pairs/0/q/0")]
    public async Task Batch_OfTheWrongShape_IsRefusedAsAWhole(string body, string pointer)
    {
        var answer = await Post(body, "/v1/divergences/batch");
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.ErrorAt(pointer));
    }

    [Fact]
    public async Task Compute_QBesideCandidates_SaysThatOneIsTooMany()
    {
        var answer = await Post("""{ "p": [1], "q": [1], "candidates": [[1]] }""");
        Assert.Equal(400, answer.Status);
        Assert.Equal("must not be given beside candidates", (string?)answer.Json["errors"]!["/q"]![0]);
    }

    [Theory]
    [InlineData(100, 200)]
    [InlineData(101, 400)]
    public async Task Compute_ManyMeasures_AreBounded(int count, int status)
    {
        var measures = string.Join(',', Enumerable.Repeat("""{ "name": "hellinger" }""", count));
        var answer = await Post($$"""{ "p": [1], "q": [1], "measures": [{{measures}}] }""");
        Assert.Equal(status, answer.Status);
        if (status == 400) Assert.NotNull(answer.ErrorAt("/measures"));
    }

    [Fact]
    public async Task Batch_OverTheLimit_Is413()
    {
        using var small = new Service().With("KlService:Limits:BatchPairs", "1");
        var answer = await small.CreateClient().PostJson("/v1/divergences/batch", """{ "p": [1], "candidates": [[1], [1]] }""");
        Assert.Equal(413, answer.Status);
    }

    [Fact]
    public async Task List_NamesEveryMeasureOfTheContract()
    {
        var answer = await _client.Fetch("/v1/divergences");
        Assert.Equal(200, answer.Status);
        var names = answer.Json["data"]!.AsArray().Select(measure => (string?)measure!["name"]).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Superset(
            new HashSet<string?>(
            [
                "kullback-leibler", "jeffreys", "jensen-shannon", "jensen-shannon-distance", "skew", "k-divergence", "topsoe", "renyi", "tsallis", "alpha",
                "power", "chi-squared", "hellinger", "squared-hellinger", "bhattacharyya", "total-variation", "triangular", "population-stability",
                "cross-entropy", "generalized-kullback-leibler", "wasserstein", "sinkhorn", "energy-distance", "kolmogorov-smirnov",
            ]),
            names.ToHashSet());
        Assert.All(answer.Json["data"]!.AsArray(), measure => Assert.NotEmpty((string)measure!["formula"]!));
    }

    private Task<Answer> Post(string body, string path = "/v1/divergences") => _client.PostJson(path, body);

    private static double Value(Answer answer, int index) => Number(answer.Json["results"]![index]!["value"]);

    private static double Number(JsonNode? node) => node!.GetValue<double>();
}
