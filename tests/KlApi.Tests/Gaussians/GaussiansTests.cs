using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using KlApi.Tests.Host;

namespace KlApi.Tests.Gaussians;

public sealed class GaussiansTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Compare_CovarianceAgainstVariances_AnswersEverything()
    {
        var answer = await Post("""{ "p": { "mean": [0, 0], "covariance": [[1, 0.2], [0.2, 2]] }, "q": { "mean": [1, 0], "variances": [1, 1] } }""");
        Assert.Equal(200, answer.Status);
        Assert.Equal("nats", (string?)answer.Json["unit"]);
        Assert.Equal(2, (int?)answer.Json["dimension"]);
        // (3 - 2 + 1 - ln 1.96) / 2.
        AssertNear(1 - Math.Log(1.96) / 2, answer.Json["forward"]!["value"]);
        AssertNear(1, answer.Json["forward"]!["terms"]!["mahalanobis"]);
        AssertNear(3, answer.Json["forward"]!["terms"]!["trace"]);
        AssertNear(-Math.Log(1.96), answer.Json["forward"]!["terms"]!["logDeterminant"]);
        AssertNear((3 / 1.96 - 2 + 2 / 1.96 + Math.Log(1.96)) / 2, answer.Json["reverse"]!["value"]);
        AssertNear((5 / 1.96) / 2, answer.Json["jeffreys"]!["value"]);
        Assert.Equal(("forward", "reverse"), ((string?)answer.Json["forward"]!["direction"], (string?)answer.Json["reverse"]!["direction"]));
        // Half the sum of both covariances has determinant 1.49, and 1.5 / 1.49 as first element of its inverse.
        var bhattacharyya = 1.5 / 1.49 / 8 + Math.Log(1.49 / 1.4) / 2;
        AssertNear(bhattacharyya, answer.Json["bhattacharyya"]!["value"]);
        AssertNear(Math.Sqrt(1 - Math.Exp(-bhattacharyya)), answer.Json["hellinger"]!["value"]);
        // tr sqrt(S) = sqrt(tr S + 2 sqrt(det S)).
        AssertNear(Math.Sqrt(1 + 3 + 2 - 2 * Math.Sqrt(3 + 2 * 1.4)), answer.Json["wasserstein2"]!["value"]);
        AssertNear((1.5 + Math.Sqrt(0.29)) / (1.5 - Math.Sqrt(0.29)), answer.Json["conditionNumbers"]!["p"]);
        AssertNear(1, answer.Json["conditionNumbers"]!["q"]);
        Assert.Empty(answer.Json["warnings"]!.AsArray());
        foreach (var name in new[] { "forward", "reverse", "jeffreys", "bhattacharyya", "hellinger", "wasserstein2" })
            Assert.Equal("closed-form", (string?)answer.Json[name]!["method"]);
    }

    [Theory]
    [InlineData("\"mean\": 0, \"standardDeviation\": 2")]
    [InlineData("\"mean\": [0], \"standardDeviation\": 2")]
    [InlineData("\"mean\": 0, \"variances\": [4]")]
    [InlineData("\"mean\": 0, \"covariance\": [[4]]")]
    [InlineData("\"mean\": 0, \"choleskyFactor\": [[2]]")]
    public async Task Compare_OneDimensionInAnyForm_IsTheSame(string p)
    {
        var answer = await Post($$"""{ "p": { {{p}} }, "q": { "mean": 1, "standardDeviation": 1 }, "unit": "bits" }""");
        AssertNear((4 - 1 + 1 - Math.Log(4)) / 2 / Math.Log(2), answer.Json["forward"]!["value"]);
        AssertNear(-2, answer.Json["forward"]!["terms"]!["logDeterminant"]);
        AssertNear(Math.Sqrt(2), answer.Json["wasserstein2"]!["value"]);
    }

    [Theory]
    [InlineData("""{ "mean": [0, 0, 0, 0], "covariance": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 0.8]] }""", "/p/covariance/3/3", "must be positive definite; pivot 3 was -0.2")]
    [InlineData("""{ "mean": [0, 0, 0, 0], "covariance": [[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 1], [0, 0, 1, 0.8]] }""", "/p/covariance/1/1", "must be positive definite; pivot 1 was 0")]
    [InlineData("""{ "mean": [0, 0, 0, 0], "covariance": [[1, 0.5, 0, 0], [0.4, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]] }""", "/p/covariance/1/0", "must be symmetric; element (1, 0) was 0.4, element (0, 1) was 0.5")]
    [InlineData("""{ "mean": [0, 0, 0, 0], "covariance": [[1, 0], [0, 1]] }""", "/p/covariance", "must have 4 rows, one for each coordinate of the mean, had 2")]
    [InlineData("""{ "mean": [0, 0, 0, 0], "covariance": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1], [0, 0, 0, 1]] }""", "/p/covariance/2", "must have 4 elements, one for each coordinate of the mean, had 3")]
    [InlineData("""{ "mean": [0, 0, 0, 0], "covariance": [["Infinity", 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]] }""", "/p/covariance/0/0", "must be finite, was Infinity")]
    [InlineData("""{ "mean": [0, 0, 0, 0], "variances": [1, 0, -1, 1] }""", "/p/variances/2", "must be positive and finite, was -1")]
    [InlineData("""{ "mean": [0, 0, 0, 0], "variances": [1, 0, 1, 1] }""", "/p/variances/1", "must be positive and finite, was 0")]
    [InlineData("""{ "mean": [0, 0, 0, 0], "variances": [1, 1] }""", "/p/variances", "must have 4 elements, one for each coordinate of the mean, had 2")]
    [InlineData("""{ "mean": [0, 0, 0, 0], "standardDeviation": 1 }""", "/p/standardDeviation", "is for one dimension, but the mean has 4; give variances, covariance or choleskyFactor")]
    [InlineData("""{ "mean": [0, 0, 0, 0] }""", "/p", "must give exactly one of covariance, variances, standardDeviation, choleskyFactor; gave none")]
    [InlineData("""{ "mean": [0, 0, 0, 0], "variances": [1, 1, 1, 1], "standardDeviation": 1 }""", "/p", "must give exactly one of covariance, variances, standardDeviation, choleskyFactor; gave variances and standardDeviation")]
    [InlineData("""{ "mean": [0, 0, 0, 0], "choleskyFactor": [[1, 0.5, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]] }""", "/p/choleskyFactor/0/1", "must be 0, above the diagonal of a lower triangular matrix, was 0.5")]
    [InlineData("""{ "mean": [0, 0, 0, 0], "choleskyFactor": [[1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]] }""", "/p/choleskyFactor/1/1", "must be positive and finite, was -1")]
    [InlineData("""{ "mean": [], "variances": [] }""", "/p/mean", "must have at least 1 coordinate, had none")]
    [InlineData("""{ "mean": [0, 0, 0], "variances": [1, 1, 1] }""", "/q/mean", "must have as many coordinates as that of p, which has 3, had 4")]
    [InlineData("""{ "mean": [0, "x", 0, 0], "variances": [1, 1, 1, 1] }""", "/p/mean/1", "must be a finite number")]
    [InlineData("""{ "mean": true, "variances": [1, 1, 1, 1] }""", "/p/mean", "must be a number or an array of numbers, was true")]
    [InlineData("""{ "variances": [1, 1, 1, 1] }""", "/p/mean", "is required")]
    [InlineData("""{ "mean": [0, 0, 0, 0], "precision": [1, 1, 1, 1] }""", "/p/precision", null)]
    public async Task Compare_NotAGaussian_Is400AtItsPlace(string p, string pointer, string? message)
    {
        foreach (var path in new[] { "kl", "chart.svg" })
        {
            var answer = await Post($$"""{ "p": {{p}}, "q": { "mean": [0, 0, 0, 0], "variances": [1, 1, 1, 1] } }""", path);
            Assert.Equal(400, answer.Status);
            Assert.Equal("invalid-input", (string?)answer.Json["code"]);
            Assert.NotNull(answer.ErrorAt(pointer));
            if (message is not null) Assert.Equal(message, answer.ErrorAt(pointer));
        }
    }

    [Fact]
    public async Task Compare_FailuresOfBoth_AreAllNamed()
    {
        var answer = await Post("""{ "p": { "mean": 0, "standardDeviation": 0 }, "q": { "mean": ["Infinity", 0], "covariance": [[1, 2], [2, 1]] } }""");
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.ErrorAt("/q/mean/0"));
    }

    [Fact]
    public async Task Compare_SymmetricButForRounding_IsTaken()
    {
        var answer = await Post("""{ "p": { "mean": [0, 0], "covariance": [[1, 0.30000000000000004], [0.3, 1]] }, "q": { "mean": [0, 0], "covariance": [[1, 0.3], [0.3, 1]] } }""");
        Assert.Equal(200, answer.Status);
        Assert.InRange((double)answer.Json["forward"]!["value"]!, 0, 1e-30);
    }

    [Fact]
    public async Task Compare_HilbertMatrix_WarnsHowManyDigitsAreDoubtful()
    {
        var hilbert = string.Join(",", Enumerable.Range(0, 10).Select(i => $"[{string.Join(",", Enumerable.Range(1, 10).Select(j => (1.0 / (i + j)).ToString("R", CultureInfo.InvariantCulture)))}]"));
        var ones = string.Join(",", Enumerable.Repeat("1", 10));
        var answer = await Post($$"""{ "p": { "mean": [{{ones}}], "covariance": [{{hilbert}}] }, "q": { "mean": [{{ones}}], "variances": [{{ones}}] } }""");
        Assert.Equal(200, answer.Status);
        AssertNear(1.602e13, answer.Json["conditionNumbers"]!["p"], 1e-3);
        Assert.Contains("of 16 digits", (string?)Assert.Single(answer.Json["warnings"]!.AsArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_BeyondTheDoubles_IsInfinityWithAWarning()
    {
        var answer = await Post("""{ "p": { "mean": 0, "standardDeviation": 1e200 }, "q": { "mean": 0, "standardDeviation": 1e-200 } }""");
        Assert.Equal("Infinity", (string?)answer.Json["forward"]!["value"]);
        AssertNear(400 * Math.Log(10) - 0.5, answer.Json["reverse"]!["value"]);
        AssertNear(1, answer.Json["hellinger"]!["value"]);
        Assert.Single(answer.Json["warnings"]!.AsArray());
    }

    [Fact]
    public async Task Compare_TooManyDimensions_Is413()
    {
        var many = string.Join(",", Enumerable.Repeat("1", 1025));
        var answer = await Post($$"""{ "p": { "mean": [{{many}}], "variances": [{{many}}] }, "q": { "mean": 0, "standardDeviation": 1 } }""");
        Assert.Equal(413, answer.Status);
        Assert.Contains("1024", (string?)answer.Json["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_OtherMediaType_Is415() =>
        Assert.Equal(415, (await _client.PostJson("/v1/gaussians/kl", "{}", "text/plain")).Status);

    [Fact]
    public async Task Compare_AThousandDimensions_IsAnswered()
    {
        var body = new StringBuilder("{ \"p\": ").Append(Large(1000, 1)).Append(", \"q\": ").Append(Large(1000, 1.5)).Append('}');
        var answer = await Post(body.ToString());
        Assert.Equal(200, answer.Status);
        Assert.Equal(1000, (int?)answer.Json["dimension"]);
        // S = a I + 1/1000 of ones: eigenvalues a and a + 1.
        var expected = (999 / 1.5 + 2 / 2.5 - 1000 + 999 * Math.Log(1.5) + Math.Log(2.5 / 2)) / 2;
        AssertNear(expected, answer.Json["forward"]!["value"], 1e-11);
        AssertNear(2, answer.Json["conditionNumbers"]!["p"], 1e-9);
        AssertNear(Math.Sqrt(999 * Math.Pow(Math.Sqrt(1.5) - 1, 2) + Math.Pow(Math.Sqrt(2.5) - Math.Sqrt(2), 2)), answer.Json["wasserstein2"]!["value"], 1e-9);
    }

    [Theory]
    [InlineData("""{ "p": { "mean": 0, "standardDeviation": 1 }, "q": { "mean": 1.5, "variances": [0.25] } }""", 2)]
    [InlineData("""{ "p": { "mean": [0, 0], "covariance": [[1, 0.2], [0.2, 2]] }, "q": { "mean": [1, 0], "choleskyFactor": [[1, 0], [0, 1]] } }""", 2)]
    [InlineData("""{ "p": { "mean": 0, "standardDeviation": 1e-200 }, "q": { "mean": 1e300, "standardDeviation": 1e200 } }""", 0)]
    public async Task Draw_OneOrTwoDimensions_IsAnSvgThatSaysWhatItShows(string body, int marks)
    {
        var answer = await Post(body, "chart.svg");
        Assert.Equal((200, "image/svg+xml"), (answer.Status, answer.MediaType));
        var svg = XDocument.Parse(answer.Text).Root!;
        Assert.Equal("svg", svg.Name.LocalName);
        Assert.Contains("KL(p‖q)", svg.Elements().Single(element => element.Name.LocalName == "desc").Value, StringComparison.Ordinal);
        Assert.True(svg.Descendants().Count(element => element.Name.LocalName is "path" or "polyline" or "polygon") >= marks);
        Assert.DoesNotContain("NaN", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draw_ThreeDimensions_Is422()
    {
        var answer = await Post("""{ "p": { "mean": [0, 0, 0], "variances": [1, 1, 1] }, "q": { "mean": [0, 0, 0], "variances": [1, 1, 2] } }""", "chart.svg");
        Assert.Equal(422, answer.Status);
        Assert.Equal("no-picture", (string?)answer.Json["code"]);
    }

    private Task<Answer> Post(string body, string path = "kl") => _client.PostJson($"/v1/gaussians/{path}", body);

    private static string Large(int d, double variance)
    {
        var text = new StringBuilder("{ \"mean\": [").AppendJoin(',', Enumerable.Repeat("0", d)).Append("], \"covariance\": [");
        var (beside, on) = ((1.0 / d).ToString("R", CultureInfo.InvariantCulture), (variance + 1.0 / d).ToString("R", CultureInfo.InvariantCulture));
        for (var i = 0; i < d; i++) text.Append(i == 0 ? "[" : ",[").AppendJoin(',', Enumerable.Range(0, d).Select(j => i == j ? on : beside)).Append(']');
        return text.Append("] }").ToString();
    }

    private static void AssertNear(double expected, JsonNode? actual, double tolerance = 1e-13) =>
        Assert.True(Math.Abs(expected - (double)actual!) <= tolerance * Math.Abs(expected), $"{expected:R} expected, was {actual}");
}
