using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Pareto's distribution: p(x) = shape scale^shape x^(-shape-1) for x &gt;= scale.</summary>
public sealed record Pareto : Continuous, IPositiveMoments
{
    /// <summary>The least value: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Scale { get; init; }

    /// <summary>How fast the tail falls: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Shape { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("shape scale^shape x^(-shape - 1)", "x >= scale", "Sizes without a typical size: wealth, cities, files.");

    /// <inheritdoc/>
    public override double LogDensity(double x) =>
        x < Scale || double.IsPositiveInfinity(x) ? double.NegativeInfinity : Math.Log(Shape) - Math.Log(x) - Shape * Log(x);

    /// <inheritdoc/>
    public override double Cumulative(double x) => x <= Scale ? 0 : -Elementary.Expm1(-Shape * Log(x));

    /// <inheritdoc/>
    public override double Survival(double x) => x <= Scale ? 1 : Math.Exp(-Shape * Log(x));

    /// <inheritdoc/>
    public override double Quantile(double probability) => At(-Elementary.Log1p(-probability) / Shape);

    /// <inheritdoc/>
    public override double UpperQuantile(double probability) => At(-Math.Log(probability) / Shape);

    /// <inheritdoc/>
    public override Interval Support() => new(Scale, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double? Expectation() => Shape > 1 ? Scale * (Shape / (Shape - 1)) : double.PositiveInfinity;

    /// <inheritdoc/>
    public override double? Variance()
    {
        if (!(Shape > 1)) return null;
        return Shape > 2 ? Scale / (Shape - 1) * (Scale / (Shape - 1)) * (Shape / (Shape - 2)) : double.PositiveInfinity;
    }

    /// <inheritdoc/>
    public override double? EntropyByFormula() => Math.Log(Scale) - Math.Log(Shape) + 1 / Shape + 1;

    double? IPositiveMoments.LogMean() => Math.Log(Scale) + 1 / Shape;

    double? IPositiveMoments.LogVariance() => 1 / Shape / Shape;

    double? IPositiveMoments.LogPowerMean(double k) => k < Shape ? k * Math.Log(Scale) - Elementary.Log1p(-k / Shape) : double.PositiveInfinity;

    internal override Tail LowerTail() => Tail.Power(0);

    internal override Tail UpperTail() => Tail.Power(Shape + 1);

    // ln(x/scale), also near the least value: of an exponential variate of rate shape.
    private double Log(double x) => x < 2 * Scale ? Elementary.Log1p((x - Scale) / Scale) : Elementary.LogOfRatio(x, Scale);

    private double At(double log) => log < 500 ? Scale * Math.Exp(log) : Math.Exp(Math.Log(Scale) + log);
}
