using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using KlApi.Tests.Host;
using KlCore.Distributions;

namespace KlApi.Tests.Distributions;

/// <summary>
/// Every invalid value of every parameter of every listed family is answered 400 with the JSON pointer of what is to blame. What is invalid follows from the
/// record's own properties, so a new family needs no more than an example of legal parameters.
/// </summary>
public sealed class InvalidParametersTests(Service service) : IClassFixture<Service>
{
    private static readonly Dictionary<string, string> Examples = new()
    {
        ["bernoulli"] = """{ "probability": 0.25 }""",
        ["binomial"] = """{ "trials": 10, "probability": 0.25 }""",
        ["geometric"] = """{ "probability": 0.25 }""",
        ["negative-binomial"] = """{ "successes": 2.5, "probability": 0.25 }""",
        ["poisson"] = """{ "rate": 2 }""",
        ["categorical"] = """{ "probabilities": [0.5, 0.5] }""",
        ["multinomial"] = """{ "trials": 10, "probabilities": [0.5, 0.5] }""",
        ["discrete-uniform"] = """{ "lower": 1, "upper": 6 }""",
        ["normal"] = """{ "mean": 0, "standardDeviation": 1 }""",
        ["multivariate-normal"] = """{ "mean": [0, 1], "covariance": [[1, 0.5], [0.5, 1]] }""",
        ["log-normal"] = """{ "location": 0, "scale": 1 }""",
        ["exponential"] = """{ "rate": 2 }""",
        ["gamma"] = """{ "shape": 2, "rate": 1 }""",
        ["inverse-gamma"] = """{ "shape": 2, "scale": 1 }""",
        ["chi-squared"] = """{ "degreesOfFreedom": 3 }""",
        ["beta"] = """{ "alpha": 2, "beta": 3 }""",
        ["dirichlet"] = """{ "concentration": [1, 2] }""",
        ["laplace"] = """{ "location": 0, "scale": 1 }""",
        ["uniform"] = """{ "lower": 0, "upper": 2 }""",
        ["gumbel"] = """{ "location": 0, "scale": 1 }""",
        ["logistic"] = """{ "location": 0, "scale": 1 }""",
        ["cauchy"] = """{ "location": 0, "scale": 1 }""",
        ["student-t"] = """{ "degreesOfFreedom": 3, "location": 0, "scale": 1 }""",
        ["pareto"] = """{ "scale": 1, "shape": 2 }""",
        ["weibull"] = """{ "shape": 2, "scale": 1 }""",
        ["rayleigh"] = """{ "scale": 1 }""",
        ["half-normal"] = """{ "scale": 1 }""",
        ["half-cauchy"] = """{ "scale": 1 }""",
        ["inverse-gaussian"] = """{ "mean": 1, "shape": 2 }""",
        ["kumaraswamy"] = """{ "a": 2, "b": 3 }""",
        ["von-mises"] = """{ "mean": 0, "concentration": 2 }""",
        ["chi"] = """{ "degreesOfFreedom": 3 }""",
        ["maxwell"] = """{ "scale": 1 }""",
        ["moyal"] = """{ "location": 0, "scale": 1 }""",
        ["levy"] = """{ "scale": 1 }""",
        ["frechet"] = """{ "shape": 2, "scale": 1 }""",
        ["log-logistic"] = """{ "shape": 2, "scale": 1 }""",
        ["lomax"] = """{ "shape": 2, "scale": 1 }""",
        ["nakagami"] = """{ "shape": 2, "spread": 1 }""",
        ["gompertz"] = """{ "shape": 2, "rate": 1 }""",
        ["generalized-normal"] = """{ "location": 0, "scale": 1, "shape": 3 }""",
        ["log-uniform"] = """{ "lower": 1, "upper": 2 }""",
        ["logit-normal"] = """{ "location": 0, "scale": 1 }""",
        ["triangular"] = """{ "lower": 0, "mode": 1, "upper": 3 }""",
        ["truncated-normal"] = """{ "mean": 0, "standardDeviation": 1, "lower": -1, "upper": 2 }""",
        ["continuous-bernoulli"] = """{ "parameter": 0.25 }""",
        ["lindley"] = """{ "parameter": 2 }""",
        ["beta-binomial"] = """{ "trials": 10, "alpha": 2, "beta": 3 }""",
        ["hypergeometric"] = """{ "population": 50, "successes": 20, "draws": 10 }""",
        ["zeta"] = """{ "exponent": 2.5 }""",
        ["logarithmic"] = """{ "probability": 0.25 }""",
        ["wishart"] = """{ "degreesOfFreedom": 3, "scale": [[2, 0.5], [0.5, 1]] }""",
        ["gaussian-mixture"] = """{ "weights": [0.5, 0.5], "means": [0, 1], "standardDeviations": [1, 2] }""",
    };

    private readonly HttpClient _client = service.CreateClient();

    public static TheoryData<string> Families => [.. FamilyCatalogue.All.Select(family => family.Name)];

    /// <summary>Rules between fields and between elements, which no attribute states: the change to a legal example and the pointer it must lead to.</summary>
    public static TheoryData<string, string, string> Rules => new()
    {
        { "discrete-uniform", """{ "lower": 3, "upper": 2 }""", "upper" },
        { "uniform", """{ "lower": 3, "upper": 2 }""", "upper" },
        { "uniform", """{ "lower": 3, "upper": 3 }""", "upper" },
        { "log-uniform", """{ "lower": 3, "upper": 2 }""", "upper" },
        { "triangular", """{ "lower": 3, "mode": 2.5, "upper": 2 }""", "upper" },
        { "triangular", """{ "lower": 0, "mode": 5, "upper": 2 }""", "mode" },
        { "truncated-normal", """{ "lower": 3, "upper": 2 }""", "upper" },
        { "hypergeometric", """{ "successes": 51 }""", "successes" },
        { "hypergeometric", """{ "draws": 51 }""", "draws" },
        { "categorical", """{ "probabilities": [0.5, 0.6] }""", "probabilities" },
        { "categorical", """{ "probabilities": [0.5, 0.4] }""", "probabilities" },
        { "categorical", """{ "probabilities": [] }""", "probabilities" },
        { "categorical", """{ "probabilities": [1.5, -0.5] }""", "probabilities/1" },
        { "multinomial", """{ "probabilities": [0.5, 0.6] }""", "probabilities" },
        { "multinomial", """{ "probabilities": [1.5, -0.5] }""", "probabilities/1" },
        { "dirichlet", """{ "concentration": [1] }""", "concentration" },
        { "dirichlet", """{ "concentration": [] }""", "concentration" },
        { "dirichlet", """{ "concentration": [1, 0] }""", "concentration/1" },
        { "dirichlet", """{ "concentration": [-1, 2] }""", "concentration/0" },
        { "wishart", """{ "degreesOfFreedom": 1 }""", "degreesOfFreedom" },
        { "wishart", """{ "scale": [[2, 3], [3, 2]] }""", "scale/1/1" },
        { "wishart", """{ "scale": [[2, 1], [0.5, 2]] }""", "scale/1/0" },
        { "wishart", """{ "scale": [[2, 1], [1]] }""", "scale/1" },
        { "wishart", """{ "scale": [[2, 1]] }""", "scale/0" },
        { "wishart", """{ "scale": [] }""", "scale" },
        { "multivariate-normal", """{ "mean": [] }""", "mean" },
        { "multivariate-normal", """{ "mean": [1, 2, 3] }""", "covariance" },
        { "multivariate-normal", """{ "covariance": [[1, 2], [2, 1]] }""", "covariance/1/1" },
        { "multivariate-normal", """{ "covariance": [[1, 0.5], [0.25, 1]] }""", "covariance/1/0" },
        { "multivariate-normal", """{ "covariance": [[1, 0.5], [0.5]] }""", "covariance/1" },
        { "gaussian-mixture", """{ "weights": [0.5, 0.6] }""", "weights" },
        { "gaussian-mixture", """{ "weights": [1.5, -0.5] }""", "weights/1" },
        { "gaussian-mixture", """{ "weights": [] }""", "weights" },
        { "gaussian-mixture", """{ "means": [1] }""", "means" },
        { "gaussian-mixture", """{ "standardDeviations": [1] }""", "standardDeviations" },
        { "gaussian-mixture", """{ "standardDeviations": [1, 0] }""", "standardDeviations/1" },
        { "gaussian-mixture", """{ "covariances": [[[1]], [[1]]] }""", "standardDeviations" },
    };

    [Fact]
    public async Task Examples_OfEveryFamily_AreLegal()
    {
        foreach (var family in FamilyCatalogue.All)
        {
            var (status, errors) = await Post(Example(family.Name));
            Assert.True(status == 200 || errors.All(pointer => pointer == "/points"), $"{family.Name}: {status} at {string.Join(", ", errors)}");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Parameter_OfAnyInvalidKind_Is400AtItsPlace(string name)
    {
        var family = FamilyCatalogue.All.Single(family => family.Name == name);
        var misses = new List<string>();
        var tried = 0;
        foreach (var property in family.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(property => property.CanWrite))
        {
            var parameter = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            foreach (var (value, place) in Invalid(property, Example(name)[parameter]))
            {
                var changed = Example(name);
                if (value is null) changed.Remove(parameter);
                else changed[parameter] = JsonNode.Parse(value);
                await Try(changed, $"/distribution/{parameter}{place}", misses);
                tried++;
            }
        }

        var unknown = Example(name);
        unknown["surplus"] = 1;
        await Try(unknown, "/distribution/surplus", misses);
        Assert.True(tried > 4);
        Assert.True(misses.Count == 0, string.Join(Environment.NewLine, misses));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Parameters_ThatDoNotGoTogether_Are400AtOneOfThem(string name, string change, string place)
    {
        var changed = Example(name);
        foreach (var (parameter, value) in JsonNode.Parse(change)!.AsObject()) changed[parameter] = value?.DeepClone();
        var misses = new List<string>();
        await Try(changed, $"/distribution/{place}", misses);
        Assert.True(misses.Count == 0, string.Join(Environment.NewLine, misses));
    }

    private static JsonObject Example(string family)
    {
        var example = JsonNode.Parse(Examples.GetValueOrDefault(family) ?? throw new InvalidOperationException($"There is no example of {family}."))!.AsObject();
        example.Insert(0, "family", family);
        return example;
    }

    // As JSON, with what follows the parameter's pointer; null leaves it out.
    private static IEnumerable<(string? Value, string Place)> Invalid(PropertyInfo property, JsonNode? legal)
    {
        if (property.IsDefined(typeof(RequiredMemberAttribute)))
        {
            yield return (null, "");
            yield return ("null", "");
        }

        foreach (var wrong in new[] { "\"two\"", "true", "{}", "\"NaN\"" }) yield return (wrong, "");
        if (property.PropertyType.IsArray) yield return ("1", "");
        if (legal is JsonArray array)
        {
            foreach (var wrong in new[] { "\"NaN\"", "\"Infinity\"", "null", "{}" })
            {
                var (changed, place) = (array.DeepClone().AsArray(), "/1");
                var inner = changed;
                for (; inner[1] is JsonArray deeper; inner = deeper) place += "/1";
                inner[1] = JsonNode.Parse(wrong);
                yield return (changed.ToJsonString(), place);
            }

            yield break;
        }

        if (property.PropertyType.IsArray) yield break;
        yield return ("[1]", "");
        // The normal may be truncated on one side only.
        var isTruncation = property.DeclaringType == typeof(TruncatedNormal);
        if (!isTruncation || property.Name != nameof(TruncatedNormal.Upper)) yield return ("\"Infinity\"", "");
        if (!isTruncation || property.Name != nameof(TruncatedNormal.Lower)) yield return ("\"-Infinity\"", "");
        yield return ("1e400", "");
        if (Nullable.GetUnderlyingType(property.PropertyType) is null && property.PropertyType != typeof(double)) yield return ("1.5", "");
        if (property.GetCustomAttribute<RangeAttribute>() is not { } range) yield break;
        var (least, most) = (Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
        if (range.MinimumIsExclusive) yield return (Text(least), "");
        if (range.MaximumIsExclusive) yield return (Text(most), "");
        if (least > double.MinValue) yield return (Text(least - 1 - Math.Abs(least) / 1e3), "");
        if (most < double.MaxValue) yield return (Text(most + 1 + Math.Abs(most) / 1e3), "");
    }

    private static string Text(double value) => Math.Abs(value) is > 1e6 and < 1e18 ? ((decimal)value).ToString("F0", CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture);

    private async Task Try(JsonObject distribution, string pointer, List<string> misses)
    {
        var (status, errors) = await Post(distribution);
        if (status != 400 || !errors.Contains(pointer)) misses.Add($"{distribution.ToJsonString()}: {status} at {string.Join(", ", errors)}, not at {pointer}");
    }

    private async Task<(int Status, string[] Errors)> Post(JsonObject distribution)
    {
        var body = new JsonObject { ["distribution"] = distribution, ["points"] = new JsonArray(1) };
        var answer = await _client.PostJson("/v1/distributions/density", body.ToJsonString());
        return ((int)answer.Status, answer.Status == 400 && answer.Json["errors"] is JsonObject errors ? [.. errors.Select(error => error.Key)] : []);
    }
}
