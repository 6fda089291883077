using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>The log-normal distribution, of e^z with z normal: p(x) = exp(-(ln x - location)^2 / (2 scale^2)) / (x scale sqrt(2 pi)) for x &gt; 0.</summary>
public sealed record LogNormal : Continuous, IPositiveMoments
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>The mean of ln x: any finite number.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public required double Location { get; init; }

    /// <summary>The standard deviation of ln x: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("exp(-(ln x - location)^2 / (2 scale^2)) / (x scale sqrt(2 pi))", "x > 0", "The product of many small effects.");

    /// <inheritdoc/>
    public override double LogDensity(double x)
    {
        if (x <= 0 || double.IsPositiveInfinity(x)) return double.NegativeInfinity;
        var z = Standardised(x);
        return -0.5 * z * z - Math.Log(x) - Math.Log(Scale) - HalfLogTwoPi;
    }

    /// <inheritdoc/>
    public override double Cumulative(double x) => x <= 0 ? 0 : StandardNormal.Cumulative(Standardised(x));

    /// <inheritdoc/>
    public override double Survival(double x) => x <= 0 ? 1 : StandardNormal.Cumulative(-Standardised(x));

    /// <inheritdoc/>
    public override double Quantile(double probability) => Math.Exp(Location + Scale * StandardNormal.Quantile(probability));

    /// <inheritdoc/>
    public override double UpperQuantile(double probability) => Math.Exp(Location - Scale * StandardNormal.Quantile(probability));

    /// <inheritdoc/>
    public override Interval Support() => Interval.Positive;

    /// <inheritdoc/>
    public override double? Expectation() => Math.Exp(Location + 0.5 * Scale * Scale);

    /// <inheritdoc/>
    public override double? Variance()
    {
        var (mean, spread) = (Math.Exp(Location + 0.5 * Scale * Scale), Elementary.Expm1(Scale * Scale));
        if (double.IsPositiveInfinity(mean)) return null;
        // Out of range in between, the product may yet be a number.
        return mean > 1e-150 && double.IsFinite(spread) ? mean * mean * spread : Math.Exp(2 * Location + Scale * Scale + (Scale < 20 ? Math.Log(spread) : Scale * Scale));
    }

    /// <inheritdoc/>
    public override double? EntropyByFormula() => Location + 0.5 + HalfLogTwoPi + Math.Log(Scale);

    /// <inheritdoc/>
    public override double Draw(RandomStream random) => Math.Exp(Location + Scale * random.NextNormal());

    double? IPositiveMoments.LogMean() => Location;

    double? IPositiveMoments.LogVariance() => Scale * Scale;

    double? IPositiveMoments.LogPowerMean(double k) => k * (Location + 0.5 * k * Scale * Scale);

    internal override Tail LowerTail() => UpperTail();

    internal override Tail UpperTail() => Tail.LogSquare(0.5 / Scale / Scale);

    private double Standardised(double x) => (Math.Log(x) - Location) / Scale;
}
