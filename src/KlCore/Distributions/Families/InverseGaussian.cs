using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>The inverse Gaussian distribution: p(x) = sqrt(shape / (2 pi x^3)) exp(-shape (x - mean)^2 / (2 mean^2 x)) for x &gt; 0.</summary>
public sealed record InverseGaussian : Continuous, IPositiveMoments
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>The mean: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Mean { get; init; }

    /// <summary>mean^3 / variance: positive; the larger, the more it is like a normal distribution.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Shape { get; init; }

    /// <inheritdoc/>
    public override Family Describe() =>
        new("sqrt(shape / (2 pi x^3)) exp(-shape (x - mean)^2 / (2 mean^2 x))", "x > 0", "The time until a Brownian motion with a drift first meets a level.");

    /// <inheritdoc/>
    public override double LogDensity(double x)
    {
        if (x <= 0 || double.IsPositiveInfinity(x)) return double.NegativeInfinity;
        var z = At(x).Near;
        return double.IsInfinity(z) ? double.NegativeInfinity : 0.5 * (Math.Log(Shape) - z * z) - HalfLogTwoPi - 1.5 * Math.Log(x);
    }

    /// <inheritdoc/>
    public override double Cumulative(double x)
    {
        if (x <= 0) return 0;
        if (double.IsPositiveInfinity(x)) return 1;
        var (near, far) = At(x);
        return near > 0 ? 1 - Survival(x) : Math.Min(1, StandardNormal.Density(near) * (StandardNormal.MillsRatio(-near) + StandardNormal.MillsRatio(far)));
    }

    /// <inheritdoc/>
    public override double Survival(double x)
    {
        if (x <= 0) return 1;
        if (double.IsPositiveInfinity(x)) return 0;
        var near = At(x).Near;
        if (near < -1) return 1 - Cumulative(x);
        var density = StandardNormal.Density(near);
        return density == 0 ? 0 : Math.Min(1, density * MillsFall.Over(near, 2 * Math.Sqrt(Shape) / Math.Sqrt(x)));
    }

    /// <inheritdoc/>
    public override Interval Support() => Interval.Positive;

    /// <inheritdoc/>
    public override double? Expectation() => Mean;

    /// <inheritdoc/>
    public override double? Variance() => Mean * Mean * (Mean / Shape);

    /// <summary>E[ln x] = ln mean - e^(2 shape/mean) E1(2 shape/mean).</summary>
    internal double LogMean() => Math.Log(Mean) - ExponentialIntegral.Scaled(2 * (Shape / Mean));

    /// <inheritdoc/>
    public override double? EntropyByFormula() => 0.5 + HalfLogTwoPi - 0.5 * Math.Log(Shape) + 1.5 * LogMean();

    /// <summary>One draw by the method of J. R. Michael, W. R. Schucany and R. W. Haas, The American Statistician 30 (1976).</summary>
    public override double Draw(RandomStream random)
    {
        var z = random.NextNormal();
        // The smaller root of (x - mean)^2 shape = z^2 mean^2 x in a form that does not cancel; the other one is mean^2 over it.
        var r = 0.5 * z * z * (Mean / Shape);
        if (r > 1e100) return Shape / z / z;
        var smaller = 1 / (1 + r + Math.Sqrt(r) * Math.Sqrt(r + 2));
        return random.NextUniform() * (1 + smaller) <= 1 ? Mean * smaller : Mean / smaller;
    }

    double? IPositiveMoments.LogMean() => LogMean();

    double? IPositiveMoments.LogVariance() => null;

    double? IPositiveMoments.LogPowerMean(double k) => k switch
    {
        1 => Math.Log(Mean),
        -1 => Math.Log(1 / Mean + 1 / Shape),
        2 => 2 * Math.Log(Mean) + Elementary.Log1p(Mean / Shape),
        _ => null,
    };

    internal override Tail LowerTail() => Tail.Stretched(1, 0.5 * Shape);

    internal override Tail UpperTail() => Tail.Stretched(1, 0.5 * Shape / Mean / Mean);

    // sqrt(shape/x) (x/mean -+ 1): P(X > x) = phi(near) (R(near) - R(far)) with the ratio R of Mills.
    private (double Near, double Far) At(double x)
    {
        var root = Math.Sqrt(Shape) / Math.Sqrt(x);
        return (root * ((x - Mean) / Mean), root * (x / Mean + 1));
    }
}
