using System.Globalization;
using System.Text.Json.Nodes;
using KlApi.Tests.Host;

namespace KlApi.Tests.Samples;

public sealed class EstimateDivergencesTests(Service service) : IClassFixture<Service>
{
    private const string Path = "/v1/samples/divergences";

    private readonly HttpClient _client = service.CreateClient();

    /// <summary>Means 2 and 0, variances 1 and 2 (divided by n - 1): KL = (1/2 + 2^2/2 - 1 + ln 2)/2.</summary>
    [Fact]
    public async Task Gaussian_OfTwoSamples_IsTheClosedFormOfTheirMoments()
    {
        var answer = await Post("""{ "x": [1, 2, 3], "y": [-1.4142135623730951, 0, 1.4142135623730951], "estimators": [{ "name": "gaussian" }], "confidence": { "resamples": 0 } }""");
        Assert.Equal(200, answer.Status);
        Assert.Equal((0.5 + 2 - 1 + Math.Log(2)) / 2, Number(answer, "value"), 1e-14);
        Assert.Equal(("KL(p || q)", "estimate"), ((string?)Result(answer)["estimates"], (string?)Result(answer)["method"]));
        Assert.Equal(("nats", "forward", 3, 3, 1), (Text(answer, "unit"), Text(answer, "direction"), (int)answer.Json["counts"]!["x"]!, (int)answer.Json["counts"]!["y"]!, (int)answer.Json["dimension"]!));
        Assert.Null(Result(answer)["standardError"]);
        Assert.Null(Result(answer)["pValue"]);
    }

    [Fact]
    public async Task Estimates_InBits_AreThoseInNatsDividedByLn2()
    {
        const string body = """{ "x": [1, 2, 3, 5, 2], "y": [0, 1, 3, 4, 1], "estimators": [{ "name": "gaussian" }], "unit": """;
        var (nats, bits) = (await Post(body + "\"nats\" }"), await Post(body + "\"bits\" }"));
        foreach (var field in (string[])["value", "standardError"]) Assert.Equal(Number(nats, field) / Math.Log(2), Number(bits, field), 1e-12);
        Assert.Equal(Number(nats, "pValue"), Number(bits, "pValue"));
    }

    [Fact]
    public async Task Estimates_OfColumnsOfADataset_AreThoseOfItsNumbers()
    {
        var csv = "a,b\n1,3\n2,1.5\n4,7\n3,2\n";
        var upload = await _client.Ask(new HttpRequestMessage(HttpMethod.Post, "/v1/datasets") { Content = new StringContent(csv, null, "text/csv") });
        var id = (string)upload.Json["id"]!;
        var stored = await Post($$"""{ "x": { "dataset": "{{id}}", "column": "a" }, "y": { "dataset": "{{id}}", "columns": ["b"] }, "estimators": [{ "name": "gaussian" }] }""");
        var inline = await Post("""{ "x": [1, 2, 4, 3], "y": [3, 1.5, 7, 2], "estimators": [{ "name": "gaussian" }] }""");
        Assert.Equal(200, stored.Status);
        Assert.Equal(inline.Text, stored.Text);
        var wrong = await Post($$"""{ "x": { "dataset": "{{id}}", "column": "c" }, "y": { "dataset": "none" } }""");
        Assert.Equal(400, wrong.Status);
        Assert.NotNull(wrong.ErrorAt("/x/column"));
    }

    /// <summary>Shares 3/4, 1/4 and 1/2, 1/2 of two cells: by Miller and Madow the entropy of x is larger by 1/(2 n), so the KL is smaller by that, and by what a random q adds to -ln q: sum p (1 - q)/(2 m q).</summary>
    [Fact]
    public async Task Histogram_OfABiasCorrection_TakesTheLeadingBiasAway()
    {
        const string samples = """{ "x": [0, 0, 0, 1], "y": [0, 0, 1, 1], "confidence": { "resamples": 0 }, "estimators": [{ "name": "histogram", "bins": 2, """;
        var (plain, corrected) = (await Post(samples + "\"biasCorrection\": \"none\" }] }"), await Post(samples + "\"biasCorrection\": \"miller-madow\" }] }"));
        Assert.Equal(0.75 * Math.Log(1.5) + 0.25 * Math.Log(0.5), Number(plain, "value"), 1e-14);
        Assert.Equal(1.0 / 8 + 1.0 / 8, Number(plain, "value") - Number(corrected, "value"), 1e-14);
        Assert.Equal(400, (await Post(samples + "\"correction\": \"none\" }] }")).Status);
    }

    [Fact]
    public async Task Estimators_ByDefault_AreNeighboursAndOnALineWasserstein()
    {
        var line = await Post("""{ "x": [1, 2.5, 3.1, 5.7], "y": [0, 1.4, 4.2, 3.3, 2.2] }""");
        Assert.Equal(200, line.Status);
        Assert.Equal(["nearest-neighbour", "wasserstein"], line.Json["results"]!.AsArray().Select(result => (string?)result!["estimator"]!["name"]));
        Assert.Equal(3, (int)Result(line)["estimator"]!["k"]!);
        Assert.Contains(Result(line)["warnings"]!.AsArray(), warning => ((string?)warning)!.Contains("Fewer than 200", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Estimators_AgainstADensity_NeedNoSecondSample()
    {
        var answer = await Post("""
            { "x": [1.2, 0.4, -0.3, 2.1, 0.9], "q": { "family": "normal", "mean": 0, "standardDeviation": 1 },
              "estimators": [{ "name": "monte-carlo", "p": { "family": "normal", "mean": 1, "standardDeviation": 1 }, "kind": "k1" }, { "name": "nearest-neighbour", "k": 2 }, { "name": "kernel-density", "bandwidth": 0.5 }] }
            """);
        Assert.Equal(200, answer.Status);
        // d = x - 1/2.
        Assert.Equal(0.86 - 0.5, Number(answer, "value"), 1e-14);
        Assert.Null(answer.Json["counts"]!["y"]);
        Assert.All(answer.Json["results"]!.AsArray(), result => Assert.Null(result!["pValue"]));
        Assert.Equal(0.5, (double)answer.Json["results"]![2]!["estimator"]!["bandwidth"]!);
    }

    [Theory]
    [InlineData("""{ "x": [1, 2] }""", "/y")]
    [InlineData("""{ "x": [1, 2, 3], "estimators": [{ "name": "gaussian" }] }""", "/y")]
    [InlineData("""{ "x": [1, 2, 3], "y": [1, 2], "q": { "family": "normal", "mean": 0, "standardDeviation": 1 } }""", "/q")]
    [InlineData("""{ "x": [1, 2, 3], "q": { "family": "normal", "mean": 0, "standardDeviation": -1 } }""", "/q/standardDeviation")]
    [InlineData("""{ "x": [[1, 2], [3, 4], [5, 6]], "q": { "family": "normal", "mean": 0, "standardDeviation": 1 } }""", "/x")]
    [InlineData("""{ "x": [1, 2, 3], "q": { "family": "normal", "mean": 0, "standardDeviation": 1 }, "estimators": [{ "name": "gaussian" }] }""", "/estimators/0")]
    [InlineData("""{ "x": [1, 2, 3], "y": [1, 2, 3], "estimators": [{ "name": "kernel-density", "bandwidth": "wide" }] }""", "/estimators/0/bandwidth")]
    [InlineData("""{ "x": [1, 2, 3], "y": [1, 2, 3], "estimators": [{ "name": "kernel-density", "bandwidth": 0 }] }""", "/estimators/0/bandwidth")]
    [InlineData("""{ "x": [1, 2, 3], "y": [1, 2, 3], "estimators": [{ "name": "monte-carlo", "p": { "family": "normal", "mean": 0, "standardDeviation": 1 } }] }""", "/q")]
    public async Task Requests_ThatLackWhatIsNeeded_Are400AtTheirPlace(string body, string pointer)
    {
        var answer = await Post(body);
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.ErrorAt(pointer));
    }

    [Fact]
    public async Task Neighbours_WithTies_Are400AtTheFirst()
    {
        var answer = await Post("""{ "x": [1, 2, 3, 2], "y": [0.5, 1.5], "estimators": [{ "name": "nearest-neighbour", "k": 1 }] }""");
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.ErrorAt("/x/1"));
    }

    [Theory]
    [InlineData("""{ "x": [[1, 2], [3]], "y": [1, 2] }""", "/x/1")]
    [InlineData("""{ "x": [], "y": [1, 2] }""", "/x")]
    [InlineData("""{ "x": [1, "a"], "y": [1, 2] }""", "/x/1")]
    [InlineData("""{ "x": [1, 2], "y": [[1, 2], [3, 4]] }""", "/y")]
    [InlineData("""{ "x": 3, "y": [1, 2] }""", "/x")]
    [InlineData("""{ "x": [1, 2], "y": { "dataset": "a", "colum": "b" } }""", "/y/colum")]
    [InlineData("""{ "x": [1, 2], "y": { "dataset": "01ARZ3NDEKTSV4RRFFQ69G5FAV" } }""", "/y/dataset")]
    [InlineData("""{ "x": [1, 2], "y": [1, 2], "estimators": [] }""", "/estimators")]
    [InlineData("""{ "x": [1, 2], "y": [1, 2], "estimators": [{ "name": "none" }] }""", "/estimators/0/name")]
    [InlineData("""{ "x": [1, 2], "y": [1, 2], "confidence": { "level": 1 } }""", "/confidence/level")]
    [InlineData("""{ "x": [1, 2], "y": [1, 2], "confidence": { "resamples": -1 } }""", "/confidence/resamples")]
    [InlineData("""{ "x": [1, 2], "y": [1, 2], "seed": -1 }""", "/seed")]
    [InlineData("""{ "x": [1], "y": [1, 2], "estimators": [{ "name": "gaussian" }] }""", "/x")]
    public async Task Requests_ThatAreInvalid_Are400AtTheirPlace(string body, string pointer)
    {
        var answer = await Post(body);
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.ErrorAt(pointer));
    }

    [Fact]
    public async Task Gaussian_OfAConstantSample_Is422()
    {
        var answer = await Post("""{ "x": [1, 1, 1], "y": [1, 2, 3], "estimators": [{ "name": "gaussian" }] }""");
        Assert.Equal((422, "singular-covariance"), (answer.Status, Text(answer, "code")));
    }

    [Fact]
    public async Task Work_OfTooManyPermutations_Is413()
    {
        var points = string.Join(',', Enumerable.Range(0, 20_000).Select(i => (i * 0.7390851 % 1).ToString(CultureInfo.InvariantCulture)));
        var answer = await Post($$"""{ "x": [{{points}}], "y": [{{points}}], "estimators": [{ "name": "gaussian" }], "confidence": { "permutations": 100000, "method": "bootstrap", "resamples": 100000 } }""");
        Assert.Equal(413, answer.Status);
        Assert.Contains("seconds", Text(answer, "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_ThatIsNoJson_Is415() => Assert.Equal(415, (await _client.PostJson(Path, "x=1", "text/plain")).Status);

    private Task<Answer> Post(string body) => _client.PostJson(Path, body);

    private static JsonNode Result(Answer answer) => answer.Json["results"]![0]!;

    private static double Number(Answer answer, string field) => (double)Result(answer)[field]!;

    private static string? Text(Answer answer, string field) => (string?)answer.Json[field];
}
