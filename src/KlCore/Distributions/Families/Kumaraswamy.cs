using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Kumaraswamy's distribution: p(x) = a b x^(a-1) (1 - x^a)^(b-1) for 0 &lt; x &lt; 1: like the beta distribution, with a distribution function in plain powers.</summary>
public sealed record Kumaraswamy : Continuous
{
    private const double Euler = 0.57721566490153286061;

    /// <summary>The exponent at 0: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double A { get; init; }

    /// <summary>The exponent at 1: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double B { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("a b x^(a - 1) (1 - x^a)^(b - 1)", "0 < x < 1", "A share of a whole, such as how full a reservoir is.");

    /// <inheritdoc/>
    public override double LogDensity(double x) => x switch
    {
        > 0 and < 1 => Math.Log(A) + Math.Log(B) + (A - 1) * Math.Log(x) + (B - 1) * LogSurvivalOfOne(x),
        0 => A < 1 ? double.PositiveInfinity : A == 1 ? Math.Log(B) : double.NegativeInfinity,
        1 => B < 1 ? double.PositiveInfinity : B == 1 ? Math.Log(A) : double.NegativeInfinity,
        _ => double.NegativeInfinity,
    };

    /// <inheritdoc/>
    public override double Cumulative(double x) => x <= 0 ? 0 : x >= 1 ? 1 : -Elementary.Expm1(B * LogSurvivalOfOne(x));

    /// <inheritdoc/>
    public override double Survival(double x) => x <= 0 ? 1 : x >= 1 ? 0 : Math.Exp(B * LogSurvivalOfOne(x));

    /// <inheritdoc/>
    public override double Quantile(double probability) => probability >= 1 ? 1 : Math.Exp(LogOfOneLessExp(Elementary.Log1p(-probability) / B) / A);

    /// <inheritdoc/>
    public override double UpperQuantile(double probability) => probability <= 0 ? 1 : Math.Exp(LogOfOneLessExp(Math.Log(probability) / B) / A);

    /// <inheritdoc/>
    public override Interval Support() => new(0, 1);

    /// <summary>b B(1 + 1/a, b).</summary>
    public override double? Expectation() => Math.Exp(LogMoment(1 / A));

    /// <summary>E[x]^2 (E[x^2]/E[x]^2 - 1), the quotient by how much ln Gamma is curved near 1 and near 1 + b.</summary>
    public override double? Variance()
    {
        var h = 1 / A;
        var twice = h < 1 ? Curvature(1 + h, h) - Curvature(1 + B + h, h) : LogMoment(2 * h) - 2 * LogMoment(h);
        return LogMoment(h) is var log && double.IsInfinity(log) ? 0 : Math.Exp(2 * log) * Elementary.Expm1(twice);
    }

    /// <inheritdoc/>
    public override double? EntropyByFormula() => 1 - 1 / B + (1 - 1 / A) * Harmonic() - Math.Log(A) - Math.Log(B);

    internal override Tail LowerTail() => Tail.Power(A - 1);

    internal override Tail UpperTail() => Tail.Power(B - 1);

    /// <summary>psi(b + 1) + gamma, the mean of -ln(x^a).</summary>
    internal double Harmonic() => B < 1e-4 ? B * (Math.PI * Math.PI / 6 - B * (1.2020569031595942 - B * 1.0823232337111382)) : GammaFunctions.Digamma(B + 1) + Euler;

    /// <summary>ln(1 - e^u) for u &lt; 0.</summary>
    internal static double LogOfOneLessExp(double u) => u > -Units.Ln2 ? Math.Log(-Elementary.Expm1(u)) : Elementary.Log1p(-Math.Exp(u));

    private double LogSurvivalOfOne(double x) => LogOfOneLessExp(A * Math.Log(x));

    private double LogMoment(double order) => double.IsInfinity(order) ? double.NegativeInfinity : Math.Log(B) + BetaPower.LogBeta(1 + order, B);

    private static double Curvature(double middle, double step) => LogGammaBregman.Of(middle + step, middle, step) + LogGammaBregman.Of(middle - step, middle, -step);
}
