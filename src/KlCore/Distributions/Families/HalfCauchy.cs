using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>The half-Cauchy distribution: p(x) = 2 / (pi scale (1 + (x/scale)^2)) for x &gt;= 0. Its mean is infinite.</summary>
public sealed record HalfCauchy : Continuous, IPositiveMoments
{
    /// <summary>The median: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("2 / (pi scale (1 + (x/scale)^2))", "x >= 0", "The size of a Cauchy variate; a prior of standard deviations that lets large ones pass.");

    /// <inheritdoc/>
    public override double LogDensity(double x)
    {
        if (x < 0 || double.IsPositiveInfinity(x)) return double.NegativeInfinity;
        var ratio = x / Scale;
        var log = ratio < 1e150 ? Elementary.Log1p(ratio * ratio) : 2 * (Math.Log(x) - Math.Log(Scale));
        return Math.Log(2 / Math.PI) - Math.Log(Scale) - log;
    }

    /// <inheritdoc/>
    public override double Cumulative(double x) => x <= 0 ? 0 : 2 / Math.PI * Math.Atan2(x, Scale);

    /// <inheritdoc/>
    public override double Survival(double x) => x <= 0 ? 1 : double.IsPositiveInfinity(x) ? 0 : 2 / Math.PI * Math.Atan2(Scale, x);

    /// <inheritdoc/>
    public override double Quantile(double probability) => probability <= 0.5 ? Scale * Math.Tan(0.5 * Math.PI * probability) : UpperQuantile(1 - probability);

    /// <inheritdoc/>
    public override double UpperQuantile(double probability) => probability <= 0.5 ? Scale / Math.Tan(0.5 * Math.PI * probability) : Quantile(1 - probability);

    /// <inheritdoc/>
    public override Interval Support() => Interval.Positive;

    /// <inheritdoc/>
    public override double? Expectation() => double.PositiveInfinity;

    /// <inheritdoc/>
    public override double? Variance() => null;

    /// <inheritdoc/>
    public override double? EntropyByFormula() => Math.Log(2 * Math.PI) + Math.Log(Scale);

    double? IPositiveMoments.LogMean() => Math.Log(Scale);

    double? IPositiveMoments.LogVariance() => Math.PI * Math.PI / 4;

    double? IPositiveMoments.LogPowerMean(double k) => Math.Abs(k) < 1 ? k * Math.Log(Scale) - Math.Log(Math.Cos(0.5 * Math.PI * k)) : double.PositiveInfinity;

    internal override Tail LowerTail() => Tail.Power(0);

    internal override Tail UpperTail() => Tail.Power(2);
}
