using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>The beta distribution: p(x) = x^(alpha-1) (1-x)^(beta-1) / B(alpha, beta) for 0 &lt; x &lt; 1.</summary>
public sealed record BetaDistribution : Continuous
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>The exponent of x, plus 1: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Alpha { get; init; }

    /// <summary>The exponent of 1 - x, plus 1: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Beta { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("x^(alpha - 1) (1 - x)^(beta - 1) / B(alpha, beta)", "0 < x < 1", "A probability that is not known.");

    /// <inheritdoc/>
    public override double LogDensity(double x) => x switch
    {
        > 0 and < 1 => BetaPower.Log(Alpha, Beta, x, 1 - x) - Math.Log(x) - Elementary.Log1p(-x),
        0 => AtEnd(Alpha, Beta),
        1 => AtEnd(Beta, Alpha),
        _ => double.NegativeInfinity,
    };

    /// <inheritdoc/>
    public override double Cumulative(double x) => IncompleteBeta.Lower(Alpha, Beta, Math.Clamp(x, 0, 1));

    /// <inheritdoc/>
    public override double Survival(double x) => IncompleteBeta.Upper(Alpha, Beta, Math.Clamp(x, 0, 1));

    /// <inheritdoc/>
    public override Interval Support() => new(0, 1);

    /// <inheritdoc/>
    public override double? Expectation() => 1 / (1 + Beta / Alpha);

    /// <inheritdoc/>
    public override double? Variance() => 1 / (1 + Beta / Alpha) / (1 + Alpha / Beta) / (Alpha + Beta + 1);

    /// <summary>
    /// ln B(a, b) - (a - 1) psi(a) - (b - 1) psi(b) + (a + b - 2) psi(a + b), of which Stirling's leading terms make
    /// ln(2 pi e a b/(a + b)^3)/2: what they lack is all that is added.
    /// </summary>
    public override double? EntropyByFormula()
    {
        var (a, b) = IncompleteBeta.Tame(Alpha, Beta);
        var n = a + b;
        return 0.5 + HalfLogTwoPi + 0.5 * (Math.Log(a / n) + Math.Log(b / n) - Math.Log(n)) + Rest(a) + Rest(b) - Rest(n)
            + DigammaRest(a) + DigammaRest(b) - 2 * DigammaRest(n);
    }

    /// <summary>A gamma variate's share of two, found by their logarithms, since both may be 0 as doubles.</summary>
    public override double Draw(RandomStream random)
    {
        var (a, b) = IncompleteBeta.Tame(Alpha, Beta);
        var difference = GammaDraw.LogOf(a, random) - GammaDraw.LogOf(b, random);
        return 1 / (1 + Math.Exp(-difference));
    }

    internal override Tail LowerTail() => Tail.Power(Alpha - 1);

    internal override Tail UpperTail() => Tail.Power(Beta - 1);

    private static double AtEnd(double near, double far) => near switch
    {
        < 1 => double.PositiveInfinity,
        1 => Math.Log(far),
        _ => double.NegativeInfinity,
    };

    // ln Gamma(x) - x psi(x) + ln(x)/2 + x - ln(2 pi)/2 - 1/2, which goes like 1/(6 x).
    private static double Rest(double x)
    {
        if (x < 10) return GammaFunctions.LogGamma(x) - x * GammaFunctions.Digamma(x) + 0.5 * Math.Log(x) + x - HalfLogTwoPi - 0.5;
        var z = 1 / x / x;
        return (1.0 / 6 - z * (1.0 / 90 - z * (1.0 / 210 - z * (1.0 / 210 - z * (1.0 / 132 - z * (691.0 / 30030 - z * (1.0 / 10))))))) / x;
    }

    // psi(x) - ln(x), which goes like -1/(2 x).
    private static double DigammaRest(double x)
    {
        if (x < 10) return GammaFunctions.Digamma(x) - Math.Log(x);
        var z = 1 / x / x;
        return -0.5 / x - z * (1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z * (1.0 / 132 - z * (691.0 / 32760 - z * (1.0 / 12)))))));
    }
}
