using KlApi.Tests.Host;

namespace KlApi.Tests.Distributions;

/// <summary>The endpoints over distributions of named families, through HTTP.</summary>
public sealed class DistributionsTests(Service service) : IClassFixture<Service>
{
    private const string Standard = """{ "family": "normal", "mean": 0, "standardDeviation": 1 }""";

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Divergences_OfNormals_ByClosedForm_SaySo()
    {
        var answer = await _client.PostJson("/v1/distributions/divergences", $$"""
            { "p": {{Standard}}, "q": { "family": "normal", "mean": 1, "standardDeviation": 2 }, "measures": [ { "name": "kullback-leibler" } ], "unit": "bits" }
            """);
        Assert.Equal(200, answer.Status);
        var result = answer.Json["results"]![0]!;
        Assert.Equal("closed-form", (string?)result["method"]);
        Assert.Equal((Math.Log(2) + 2 / 8.0 - 0.5) / Math.Log(2), (double)result["value"]!, 1e-14);
        Assert.Equal("bits", (string?)answer.Json["unit"]);
    }

    /// <summary>Jensen-Shannon and total variation have no formula; asked for by name that is 422, among the defaults a warning.</summary>
    [Fact]
    public async Task Divergences_ByClosedForm_OfTheDefaults_AreThoseThatHaveOne()
    {
        var pair = $$""" "p": {{Standard}}, "q": { "family": "normal", "mean": 1, "standardDeviation": 2 }, "method": "closed-form" """;
        var answer = await _client.PostJson("/v1/distributions/divergences", $"{{ {pair} }}");
        Assert.Equal(["kullback-leibler", "kullback-leibler", "jeffreys", "hellinger"], answer.Json["results"]!.AsArray().Select(result => (string?)result!["measure"]!["name"]));
        Assert.Equal(2, answer.Json["warnings"]!.AsArray().Count);
        var named = await _client.PostJson("/v1/distributions/divergences", $$"""{ {{pair}}, "measures": [ { "name": "total-variation" } ] }""");
        Assert.Equal((422, "no-closed-form"), (named.Status, (string?)named.Json["code"]));
    }

    [Fact]
    public async Task Sample_OfANormal_RepeatsAndExtends()
    {
        var five = await _client.PostJson("/v1/distributions/sample", $$"""{ "distribution": {{Standard}}, "count": 5, "seed": 7 }""");
        var nine = await _client.PostJson("/v1/distributions/sample", $$"""{ "distribution": {{Standard}}, "count": 9, "seed": 7 }""");
        Assert.Equal(five.Json["samples"]!.AsArray().Select(x => (double)x!), nine.Json["samples"]!.AsArray().Take(5).Select(x => (double)x!));
    }

    [Fact]
    public async Task Density_OfANormal_IsItsLogarithm()
    {
        var answer = await _client.PostJson("/v1/distributions/density", $$"""{ "distribution": {{Standard}}, "points": [0, -2] }""");
        Assert.Equal(-0.5 * Math.Log(2 * Math.PI), (double)answer.Json["logDensities"]![0]!, 1e-15);
        Assert.Equal(-0.5 * Math.Log(2 * Math.PI) - 2, (double)answer.Json["logDensities"]![1]!, 1e-15);
    }

    [Theory]
    [InlineData("divergences", $$"""{ "p": {{Standard}}, "q": { "family": "normal", "mean": 1, "standardDeviation": 0 } }""", "/q/standardDeviation")]
    [InlineData("divergences", $$"""{ "p": {{Standard}}, "q": { "family": "multivariate-normal", "mean": [1, 2], "covariance": [[1, 0], [0, 1]] } }""", "/q")]
    [InlineData("divergences", $$"""{ "p": {{Standard}}, "q": {{Standard}}, "measures": [] }""", "/measures")]
    [InlineData("divergences", $$"""{ "p": {{Standard}}, "q": {{Standard}}, "measures": [ { "name": "renyi", "order": -1 } ] }""", "/measures/0/order")]
    [InlineData("divergences", $$"""{ "p": {{Standard}}, "q": {{Standard}}, "samples": 3 }""", "/samples")]
    [InlineData("sample", $$"""{ "distribution": {{Standard}}, "count": 0 }""", "/count")]
    [InlineData("density", $$"""{ "distribution": {{Standard}}, "points": [[1, 2]] }""", "/points")]
    [InlineData("density", """{ "distribution": { "family": "nrmal" }, "points": [1] }""", "/distribution/family")]
    public async Task Request_ThatIsWrong_Is400AtItsPlace(string path, string body, string pointer)
    {
        var answer = await _client.PostJson($"/v1/distributions/{path}", body);
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.Json["errors"]![pointer]);
    }

    [Fact]
    public async Task Sample_OfMoreNumbersThanAnAnswerHolds_Is413()
    {
        var answer = await _client.PostJson("/v1/distributions/sample", $$"""{ "distribution": {{Standard}}, "count": 10000000 }""");
        Assert.Equal(413, answer.Status);
    }

    [Fact]
    public async Task List_Families_HaveParametersAndPairs()
    {
        var list = (await _client.Fetch("/v1/distributions")).Json;
        Assert.Contains(list["data"]!.AsArray(), family => (string?)family!["name"] == "normal");
        Assert.Contains(list["pairs"]!.AsArray(), pair => (string?)pair!["p"] == "normal" && (string?)pair["q"] == "normal" && (string?)pair["method"] == "closed-form");
    }
}
