using KlApi.Tests.Host;

namespace KlApi.Tests.Samples;

/// <summary>Distances between two samples, over HTTP.</summary>
public sealed class TwoSampleDistancesTests(Service service) : IClassFixture<Service>
{
    private const string Path = "/v1/samples/divergences";

    private readonly HttpClient _client = service.CreateClient();

    [Theory]
    [InlineData("""{ "name": "wasserstein" }""", 0.75)]
    [InlineData("""{ "name": "wasserstein", "order": 2 }""", 0.8660254037844386)]
    [InlineData("""{ "name": "sliced-wasserstein", "order": 2 }""", 0.8660254037844386)]
    [InlineData("""{ "name": "energy-distance" }""", 0.6123724356957945)]
    [InlineData("""{ "name": "kolmogorov-smirnov" }""", 0.25)]
    [InlineData("""{ "name": "cramer-von-mises" }""", 0.078125)]
    [InlineData("""{ "name": "population-stability", "bins": 2 }""", 0.27465307216702745)]
    public async Task Distance_OfNumbers_IsTheTextbooks(string estimator, double expected)
    {
        // Sorted 1 2 3 4 and 2 3 4 4: differences 1 1 1 0; F - G = 1/4 on [1, 4), where five of the eight points lie.
        var answer = await _client.PostJson(Path, $$"""{ "x": [4, 3, 2, 1], "y": [2, 4, 3, 4], "estimators": [{{estimator}}], "confidence": { "permutations": 50 } }""");
        Assert.True(answer.Status == 200, answer.Text);
        var result = answer.Json["results"]![0]!;
        Assert.Equal(expected, (double)result["value"]!, 1e-14);
        Assert.InRange((double)result["pValue"]!, 1.0 / 51, 1);
        Assert.Equal("estimate", (string?)result["method"]);
    }

    [Theory]
    [InlineData("""{ "name": "wasserstein" }""", 5)]
    [InlineData("""{ "name": "wasserstein", "order": 2, "method": "exact" }""", 5)]
    [InlineData("""{ "name": "wasserstein", "method": "sinkhorn", "regularization": 0.1 }""", 5)]
    [InlineData("""{ "name": "energy-distance" }""", 2.2786)]
    [InlineData("""{ "name": "maximum-mean-discrepancy", "bandwidth": 1, "variant": "biased" }""", 1.6)]
    [InlineData("""{ "name": "sinkhorn", "regularization": 0.5 }""", 5)]
    public async Task Distance_OfPoints_IsAnsweredWithHowItWasFound(string estimator, double near)
    {
        // Two clouds of two points, 5 apart.
        var answer = await _client.PostJson(Path, $$"""{ "x": [[0, 0], [0, 1]], "y": [[3, 4], [3, 5]], "estimators": [{{estimator}}], "confidence": { "resamples": 0, "permutations": 20 } }""");
        Assert.True(answer.Status == 200, answer.Text);
        var result = answer.Json["results"]![0]!;
        Assert.InRange((double)result["value"]!, 0.75 * near, 1.35 * near);
        Assert.NotEmpty(result["details"]!.AsObject());
        Assert.NotNull(result["pValue"]);
    }

    [Theory]
    [InlineData("""{ "name": "kolmogorov-smirnov" }""", "/x")]
    [InlineData("""{ "name": "wasserstein", "order": 0.5 }""", "/estimators/0/order")]
    [InlineData("""{ "name": "wasserstein", "method": "sinkhorn" }""", "/estimators/0/regularization")]
    [InlineData("""{ "name": "maximum-mean-discrepancy", "bandwidth": 0 }""", "/estimators/0/bandwidth")]
    [InlineData("""{ "name": "sliced-wasserstein", "projections": 0 }""", "/estimators/0/projections")]
    [InlineData("""{ "name": "population-stability", "bins": 1 }""", "/estimators/0/bins")]
    [InlineData("""{ "name": "sinkhorn" }""", "/estimators/0")]
    public async Task Distance_IllegalParameter_IsNamed(string estimator, string pointer)
    {
        var answer = await _client.PostJson(Path, $$"""{ "x": [[0, 0], [0, 1]], "y": [[3, 4], [3, 5]], "estimators": [{{estimator}}] }""");
        Assert.Equal(400, answer.Status);
        Assert.Contains(pointer, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wasserstein_MorePairsThanFitIntoMemory_IsRefused()
    {
        var points = $"[{string.Join(", ", Enumerable.Range(0, 5000).Select(i => $"[{i}, {i % 7}]"))}]";
        var answer = await _client.PostJson(Path, $$"""{ "x": {{points}}, "y": {{points}}, "estimators": [{ "name": "wasserstein" }] }""");
        Assert.Equal(413, answer.Status);
        Assert.Contains("sliced-wasserstein", answer.Text, StringComparison.Ordinal);
    }
}
