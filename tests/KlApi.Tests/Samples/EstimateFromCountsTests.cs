using KlApi.Tests.Host;

namespace KlApi.Tests.Samples;

public sealed class EstimateFromCountsTests(Service service) : IClassFixture<Service>
{
    private const string Path = "/v1/samples/counts";
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Entropy_WithoutCorrections_IsAnsweredUnderAll()
    {
        var answer = await _client.PostJson(Path, """{ "p": [2, 2, 1, 1, 1] }""");
        Assert.Equal(200, answer.Status);
        var entropies = answer.Json["p"]!["entropies"]!.AsArray();
        Assert.Equal(
            "none miller-madow grassberger chao-shen james-stein dirichlet dirichlet dirichlet dirichlet zhang chao-wang-jost nsb jackknife",
            string.Join(' ', entropies.Select(entry => (string?)entry!["correction"]!["name"])));
        var nsb = entropies.Single(entry => (string?)entry!["correction"]!["name"] == "nsb")!;
        Assert.Equal(1.50504, nsb["value"]!.GetValue<double>(), 5e-6);
        Assert.InRange(nsb["errorBound"]!.GetValue<double>(), 0, 1e-11);
        Assert.All(entropies, entry => Assert.Equal(("estimate", 2), ((string?)entry!["method"], entry["interval"]!.AsArray().Count)));
        Assert.Equal((7, 5, 5, 3), ((int?)answer.Json["p"]!["total"], (int?)answer.Json["p"]!["categories"], (int?)answer.Json["p"]!["observed"], (int?)answer.Json["p"]!["singletons"]));
        Assert.Contains("seen only once", (string?)answer.Json["warnings"]![0], StringComparison.Ordinal);
        Assert.Null(answer.Json["tests"]);
    }

    [Fact]
    public async Task Divergence_WithAnEmptyCell_IsInfiniteAndEstimated()
    {
        var answer = await _client.PostJson(Path, """{ "p": [10, 5, 3, 2], "q": [8, 6, 0, 0], "unit": "bits" }""");
        Assert.Equal(200, answer.Status);
        var forward = answer.Json["forward"]!.AsArray();
        Assert.Equal("Infinity", (string?)forward[0]!["value"]);
        var zhang = forward.Single(entry => (string?)entry!["correction"]!["name"] == "zhang")!["value"]!.GetValue<double>();
        double Gap(int part, int whole) => Enumerable.Range(part, whole - part).Sum(k => 1.0 / k);
        var expected = 0.5 * (Gap(9, 15) - Gap(10, 20)) + 0.25 * (Gap(7, 15) - Gap(5, 20)) + 0.15 * (Gap(1, 15) - Gap(3, 20)) + 0.1 * (Gap(1, 15) - Gap(2, 20));
        Assert.Equal(expected / Math.Log(2), zhang, 1e-12);
        Assert.NotNull(answer.Json["reverse"]);
        Assert.Equal(["g-test", "pearson-chi-squared"], answer.Json["tests"]!.AsArray().Select(test => (string?)test!["name"]));
        Assert.Contains(answer.Json["warnings"]!.AsArray(), warning => ((string)warning!).Contains("fewer than 5", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "p": [] }""", "/p", "must have at least 1 count")]
    [InlineData("""{ "p": [0, 0] }""", "/p", "must hold at least one observation")]
    [InlineData("""{ "p": [1, -1] }""", "/p/1", "must be a whole number")]
    [InlineData("""{ "p": [1, 0.5] }""", "/p/1", "must be a whole number")]
    [InlineData("""{ "p": [1, "Infinity"] }""", "/p/1", "must be a whole number")]
    [InlineData("""{ "p": [1, 2e15] }""", "/p/1", "must be a whole number")]
    [InlineData("""{ "p": [1, 2], "q": [1] }""", "/q", "must have 2 counts like p, had 1")]
    [InlineData("""{ "p": [1, 2], "q": [1, 2], "probabilities": [0.5, 0.5] }""", "/probabilities", "together with q")]
    [InlineData("""{ "p": [1, 2], "probabilities": [0.5, 0.6] }""", "/probabilities", "must sum to 1")]
    [InlineData("""{ "p": [1, 2], "probabilities": [1.5, -0.5] }""", "/probabilities/1", "must be at least 0")]
    [InlineData("""{ "p": [1, 2], "categories": 1 }""", "/categories", "must be at least the 2")]
    [InlineData("""{ "p": [1, 2], "corrections": [] }""", "/corrections", "must have 1 to 20")]
    [InlineData("""{ "p": [1, 2], "corrections": [ { "name": "nobody" } ] }""", "/corrections/0/name", "must be one of none, miller-madow")]
    [InlineData("""{ "p": [1, 2], "corrections": [ { "name": "dirichlet", "a": 0 } ] }""", "/corrections/0/a", "must be greater than 0")]
    [InlineData("""{ "p": [1, 2], "corrections": [ { "name": "dirichlet", "a": 1, "prior": "perks" } ] }""", "/corrections/0/prior", "together with a")]
    [InlineData("""{ "p": [1, 2], "confidence": { "level": 1 } }""", "/confidence/level", "less than 1")]
    [InlineData("""{ "p": [1, 2], "confidence": { "resamples": 1 } }""", "/confidence/resamples", "at least 2")]
    [InlineData("""{ "p": [1, 2], "n": 1 }""", "/n", "is not a known field")]
    public async Task Request_ThatIsWrong_IsNamed(string json, string pointer, string message)
    {
        var answer = await _client.PostJson(Path, json);
        Assert.Equal(400, answer.Status);
        Assert.Contains(message, answer.ErrorAt(pointer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_OfManyCategories_IsAnswered()
    {
        var counts = string.Join(',', Enumerable.Range(1, 200_000).Select(i => 10_000_000 / i));
        var answer = await _client.PostJson(Path, $$"""{ "p": [{{counts}}], "q": [{{counts}}] }""");
        Assert.Equal(200, answer.Status);
        Assert.Equal(0, answer.Json["forward"]![0]!["value"]!.GetValue<double>());
    }

    [Fact]
    public async Task Request_ThatCostsTooMuch_IsRefused()
    {
        var counts = string.Join(',', Enumerable.Range(1, 3000));
        var answer = await _client.PostJson(Path, $$"""{ "p": [{{counts}}], "corrections": [ { "name": "nsb" } ], "confidence": { "method": "jackknife" } }""");
        Assert.Equal(413, answer.Status);
        Assert.Equal(415, (await _client.PostJson(Path, """{ "p": [1] }""", "text/plain")).Status);
    }
}
