using KlCore.Training.DensityFit;

namespace KlCore.Tests.Training.DensityFit;

/// <summary>Each objective's three functions of u = ln(p/q), against its definition written in p and q.</summary>
public class ObjectiveTests
{
    private const double P = 0.3;

    private static readonly Dictionary<string, (Objective Objective, Func<double, double, double> Definition)> All = new()
    {
        ["forward-kl"] = (new ForwardKl(), (p, q) => p * Math.Log(p / q) - p + q),
        ["reverse-kl"] = (new ReverseKl(), (p, q) => q * Math.Log(q / p) - q + p),
        ["jeffreys"] = (new Jeffreys(), (p, q) => (p - q) * Math.Log(p / q)),
        ["jensen-shannon"] = (new JensenShannon(), (p, q) => JensenShannonOf(0.5, p, q)),
        ["jensen-shannon 0.2"] = (new JensenShannon { Weight = 0.2 }, (p, q) => JensenShannonOf(0.2, p, q)),
        ["renyi 0.5"] = (new Renyi { Order = 0.5 }, (p, q) => Power(0.5, p, q)),
        ["renyi 3"] = (new Renyi { Order = 3 }, (p, q) => Power(3, p, q)),
        ["renyi 1"] = (new Renyi { Order = 1 }, (p, q) => p * Math.Log(p / q) - p + q),
        ["alpha 0"] = (new Amari { Alpha = 0 }, (p, q) => Power(0.5, p, q)),
        ["alpha -1"] = (new Amari { Alpha = -1 }, (p, q) => p * Math.Log(p / q) - p + q),
        ["alpha 1"] = (new Amari { Alpha = 1 }, (p, q) => q * Math.Log(q / p) - q + p),
        ["alpha 3"] = (new Amari { Alpha = 3 }, (p, q) => Power(-1, p, q)),
        ["alpha -3"] = (new Amari { Alpha = -3 }, (p, q) => Power(2, p, q)),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_IsTheIntegrandOverPPlusQ(string name)
    {
        var (objective, definition) = All[name];
        foreach (var u in new[] { -8.0, -2, -0.9, -0.51, 0.6, 1, 3, 9 })
        {
            var q = P * Math.Exp(-u);
            var expected = definition(P, q) / (P + q);
            Assert.Equal(expected, objective.Value(u), 1e-12 * Math.Max(1, Math.Abs(expected)));
        }
    }

    // Every f with f(1) = f'(1) = 0 is c u²/2 near u = 0, with c = f''(1): 2 for Jeffreys, w(1−w) for Jensen-Shannon, 1 for all others.
    [Theory]
    [MemberData(nameof(Names))]
    public void Value_NearEqualDensities_KeepsItsDigits(string name)
    {
        var curvature = name switch { "jeffreys" => 2, "jensen-shannon" => 0.25, "jensen-shannon 0.2" => 0.16, _ => 1 };
        foreach (var u in new[] { 1e-9, -1e-9, 1e-5, -1e-5 })
            Assert.Equal(curvature / 4, All[name].Objective.Value(u) / (u * u), 1e-4);
        Assert.Equal(0, All[name].Objective.Value(0));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_IsContinuousWhereItsFormulaChanges(string name)
    {
        foreach (var edge in new[] { 0.5, -0.5, 1, -1, 0.25, -0.25, 1.0 / 6, -1.0 / 6 })
        {
            var (below, above) = (All[name].Objective.Value(edge * (1 - 1e-12)), All[name].Objective.Value(edge * (1 + 1e-12)));
            Assert.Equal(below, above, 1e-11 * below);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Slope_IsTheDerivativeByTheModelsLogarithm(string name)
    {
        var (objective, definition) = All[name];
        foreach (var u in new[] { -5.0, -1.3, -0.3, 0, 0.2, 0.7, 4 })
        {
            var q = P * Math.Exp(-u);
            var derivative = Derivative(logQ => definition(P, Math.Exp(logQ)), Math.Log(q)) / (P + q);
            Assert.Equal(derivative, objective.Slope(u), 1e-7 * Math.Max(1, Math.Abs(derivative)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SlopeDerivative_IsTheDerivativeOfTheSlope(string name)
    {
        foreach (var u in new[] { -5.0, -1.3, -0.3, 0, 0.2, 0.7, 4 })
        {
            var derivative = Derivative(All[name].Objective.Slope, u);
            Assert.Equal(derivative, All[name].Objective.SlopeDerivative(u), 1e-7 * Math.Max(1, Math.Abs(derivative)));
        }
    }

    [Theory]
    [InlineData("forward-kl")]
    [InlineData("reverse-kl")]
    [InlineData("jeffreys")]
    [InlineData("jensen-shannon")]
    [InlineData("renyi 0.5")]
    public void Terms_WhereDensitiesAreHundredsOfNatsApart_StayFinite(string name)
    {
        foreach (var u in new[] { -5000.0, -800, 800, 5000 })
        {
            Assert.True(double.IsFinite(All[name].Objective.Value(u)));
            Assert.True(double.IsFinite(All[name].Objective.Slope(u)));
            Assert.True(double.IsFinite(All[name].Objective.SlopeDerivative(u)));
        }
    }

    // ln ∫ pᵃ q¹⁻ᵃ / (a − 1) in terms of D, and its derivative.
    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    public void Renyi_OfItsPowerDivergence_IsTheLogarithm(double order)
    {
        var renyi = new Renyi { Order = order };
        const double d = 0.7;
        var overlap = 1 - order * (1 - order) * d;
        Assert.Equal(Math.Log(overlap) / (order - 1), renyi.Outer(d), 1e-14);
        Assert.Equal(Derivative(renyi.Outer, d), renyi.OuterSlope(d), 1e-7);
    }

    private static double Power(double a, double p, double q) => (a * p + (1 - a) * q - Math.Pow(p, a) * Math.Pow(q, 1 - a)) / (a * (1 - a));

    private static double JensenShannonOf(double w, double p, double q)
    {
        var m = w * p + (1 - w) * q;
        return w * p * Math.Log(p / m) + (1 - w) * q * Math.Log(q / m);
    }

    private static double Derivative(Func<double, double> function, double x)
    {
        const double h = 1e-4;
        return (8 * (function(x + h) - function(x - h)) - (function(x + 2 * h) - function(x - 2 * h))) / (12 * h);
    }
}
