using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>The Lomax distribution, Pareto's moved to begin at 0: p(x) = (shape/scale) (1 + x/scale)^(-shape-1) for x &gt;= 0.</summary>
public sealed record Lomax : Continuous, IPositiveMoments
{
    /// <summary>How fast the upper tail falls, x^(-shape-1): positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Shape { get; init; }

    /// <summary>The scale: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("(shape/scale) (1 + x/scale)^(-shape - 1)", "x >= 0", "Exponential times whose rates are gamma variates: a heavy tail that begins at 0.");

    /// <inheritdoc/>
    public override double LogDensity(double x) =>
        x < 0 || double.IsPositiveInfinity(x) ? double.NegativeInfinity : Math.Log(Shape) - Math.Log(Scale) - (Shape + 1) * Log(x);

    /// <inheritdoc/>
    public override double Cumulative(double x) => x <= 0 ? 0 : -Elementary.Expm1(-Shape * Log(x));

    /// <inheritdoc/>
    public override double Survival(double x) => x <= 0 ? 1 : Math.Exp(-Shape * Log(x));

    /// <inheritdoc/>
    public override double Quantile(double probability) => probability >= 1 ? double.PositiveInfinity : Scale * Elementary.Expm1(-Elementary.Log1p(-probability) / Shape);

    /// <inheritdoc/>
    public override double UpperQuantile(double probability) => probability <= 0 ? double.PositiveInfinity : Scale * Elementary.Expm1(-Math.Log(probability) / Shape);

    /// <inheritdoc/>
    public override Interval Support() => Interval.Positive;

    /// <inheritdoc/>
    public override double? Expectation() => Shape > 1 ? Scale / (Shape - 1) : double.PositiveInfinity;

    /// <inheritdoc/>
    public override double? Variance()
    {
        if (!(Shape > 1)) return null;
        return Shape > 2 ? Scale / (Shape - 1) * (Scale / (Shape - 1)) * (Shape / (Shape - 2)) : double.PositiveInfinity;
    }

    /// <inheritdoc/>
    public override double? EntropyByFormula() => Math.Log(Scale) - Math.Log(Shape) + 1 / Shape + 1;

    double? IPositiveMoments.LogMean() => Math.Log(Scale) + GammaFunctions.Digamma(1) - GammaFunctions.Digamma(Shape);

    double? IPositiveMoments.LogVariance() => GammaFunctions.Trigamma(1) + GammaFunctions.Trigamma(Shape);

    double? IPositiveMoments.LogPowerMean(double k) => k > -1 && k < Shape
        ? k * Math.Log(Scale) + GammaFunctions.LogGammaOnePlus(k) + GammaPower.LogRise(Shape, -k)
        : double.PositiveInfinity;

    internal override Tail LowerTail() => Tail.Power(0);

    internal override Tail UpperTail() => Tail.Power(Shape + 1);

    // ln(1 + x/scale): of an exponential variate of rate shape.
    private double Log(double x) => x / Scale is < 1e300 and var ratio ? Elementary.Log1p(ratio) : Math.Log(x) - Math.Log(Scale);
}
