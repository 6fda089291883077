using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>The log-logistic distribution, of e^z with z logistic: P(X &lt;= x) = 1 / (1 + (x/scale)^(-shape)) for x &gt; 0.</summary>
public sealed record LogLogistic : Continuous, IPositiveMoments
{
    /// <summary>How fast the upper tail falls, x^(-shape-1): positive; the inverse of the logistic scale of ln x.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Shape { get; init; }

    /// <summary>The median: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() =>
        new("(shape/scale) (x/scale)^(shape - 1) / (1 + (x/scale)^shape)^2", "x > 0", "Incomes and survival times whose logarithm is logistic.");

    /// <inheritdoc/>
    public override double LogDensity(double x)
    {
        if (x < 0 || double.IsPositiveInfinity(x)) return double.NegativeInfinity;
        if (x == 0) return Shape < 1 ? double.PositiveInfinity : Shape > 1 ? double.NegativeInfinity : -Math.Log(Scale);
        var z = Logistic(x);
        return Math.Log(Shape) - Math.Log(x) - Math.Abs(z) - 2 * Elementary.Log1p(Math.Exp(-Math.Abs(z)));
    }

    /// <inheritdoc/>
    public override double Cumulative(double x) => x <= 0 ? 0 : 1 / (1 + Math.Exp(-Logistic(x)));

    /// <inheritdoc/>
    public override double Survival(double x) => x <= 0 ? 1 : 1 / (1 + Math.Exp(Logistic(x)));

    /// <inheritdoc/>
    public override double Quantile(double probability) => probability >= 1 ? double.PositiveInfinity : At(Math.Log(probability) - Elementary.Log1p(-probability));

    /// <inheritdoc/>
    public override double UpperQuantile(double probability) => probability <= 0 ? double.PositiveInfinity : At(Elementary.Log1p(-probability) - Math.Log(probability));

    /// <inheritdoc/>
    public override Interval Support() => Interval.Positive;

    /// <inheritdoc/>
    public override double? Expectation() => Mean();

    /// <inheritdoc/>
    public override double? Variance()
    {
        if (!(Shape > 1)) return null;
        if (!(Shape > 2)) return double.PositiveInfinity;
        // E[x^2]/E[x]^2 - 1 = tan(b)/b - 1.
        var (mean, b) = (Mean(), Math.PI / Shape);
        var z = b * b;
        var excess = b < 0.1 ? z * (1.0 / 3 + z * (2.0 / 15 + z * (17.0 / 315 + z * (62.0 / 2835 + z * (1382.0 / 155925))))) : Math.Tan(b) / b - 1;
        return mean * mean * excess;
    }

    private double Mean()
    {
        if (!(Shape > 1)) return double.PositiveInfinity;
        var b = Math.PI / Shape;
        return Scale * (b == 0 ? 1 : b / Math.Sin(b));
    }

    // E[x^k] = scale^k (pi k/shape) / sin(pi k/shape); infinite for |k| of shape or more.
    private double LogMoment(double k)
    {
        var b = Math.PI * (k / Shape);
        if (Math.Abs(k) >= Shape) return double.PositiveInfinity;
        return k * Math.Log(Scale) + (b == 0 ? 0 : Math.Log(b / Math.Sin(b)));
    }

    /// <inheritdoc/>
    public override double? EntropyByFormula() => 2 + Math.Log(Scale) - Math.Log(Shape);

    double? IPositiveMoments.LogMean() => Math.Log(Scale);

    double? IPositiveMoments.LogVariance() => Math.PI / Shape * (Math.PI / Shape) / 3;

    double? IPositiveMoments.LogPowerMean(double k) => LogMoment(k);

    internal override Tail LowerTail() => Tail.Power(Shape - 1);

    internal override Tail UpperTail() => Tail.Power(Shape + 1);

    private double Logistic(double x) => Shape * Elementary.LogOfRatio(x, Scale);

    private double At(double logistic) => logistic / Shape is var log && Math.Abs(log) < 500 ? Scale * Math.Exp(log) : Math.Exp(Math.Log(Scale) + log);
}
