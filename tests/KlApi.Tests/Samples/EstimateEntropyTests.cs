using KlApi.Tests.Host;

namespace KlApi.Tests.Samples;

public sealed class EstimateEntropyTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    /// <summary>Of 0, 1 and 3 with k = 1: distances 1, 1, 2; psi(3) - psi(1) = 3/2, ln V = ln 2.</summary>
    [Fact]
    public async Task Entropy_OfThreePoints_IsKozachenkoLeonenkos()
    {
        var answer = await _client.PostJson("/v1/samples/entropy", """{ "x": [0, 1, 3], "estimators": [{ "name": "nearest-neighbour", "k": 1 }], "confidence": { "resamples": 0 } }""");
        Assert.Equal(200, answer.Status);
        Assert.Equal(1.5 + Math.Log(2) + Math.Log(2) / 3, (double)answer.Json["results"]![0]!["value"]!, 1e-14);
        Assert.Equal(("h(p)", 3), ((string?)answer.Json["results"]![0]!["estimates"], (int)answer.Json["counts"]!["x"]!));
        Assert.Null(answer.Json["counts"]!["y"]);
        Assert.Null(answer.Json["direction"]);
    }

    [Theory]
    [InlineData("""{ "x": [] }""", "/x")]
    [InlineData("""{ "x": [1, 2], "estimators": [{ "name": "nearest-neighbour" }] }""", "/x")]
    [InlineData("""{ "x": [1, 1, 2], "estimators": [{ "name": "nearest-neighbour", "k": 1 }] }""", "/x/0")]
    [InlineData("""{ "x": [[1, 2], [2, 1], [3, 2], [4, 4]], "estimators": [{ "name": "vasicek" }] }""", "/x")]
    [InlineData("""{ "x": [1, 2, 3], "y": [1, 2] }""", "/y")]
    public async Task Requests_ThatAreInvalid_Are400AtTheirPlace(string body, string pointer)
    {
        var answer = await _client.PostJson("/v1/samples/entropy", body);
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.ErrorAt(pointer));
    }

    [Fact]
    public async Task Gaussian_OfAConstantSample_Is422() =>
        Assert.Equal(422, (await _client.PostJson("/v1/samples/entropy", """{ "x": [2, 2, 2], "estimators": [{ "name": "gaussian" }] }""")).Status);

    [Fact]
    public async Task Information_OfPairs_HasAPValue()
    {
        var answer = await _client.PostJson("/v1/samples/mutual-information", """
            { "x": [1, 2, 3, 4, 5, 6, 7, 8], "y": [1.1, 1.9, 3.2, 4.3, 4.9, 6.4, 6.6, 8.3], "estimators": [{ "name": "gaussian" }, { "name": "nearest-neighbour", "k": 3, "variant": "ksg2" }], "confidence": { "permutations": 199, "resamples": 8 } }
            """);
        Assert.Equal(200, answer.Status);
        Assert.All(answer.Json["results"]!.AsArray(), result => Assert.InRange((double)result!["pValue"]!, 0.005, 0.05));
        Assert.Equal(2, (int)answer.Json["dimension"]!);
    }

    [Fact]
    public async Task Information_OfRowsThatDoNotPair_Is400() =>
        Assert.NotNull((await _client.PostJson("/v1/samples/mutual-information", """{ "x": [1, 2, 3], "y": [1, 2] }""")).ErrorAt("/y"));
}
