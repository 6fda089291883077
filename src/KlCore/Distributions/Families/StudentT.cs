using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// Student's distribution: p(x) = (1 + z^2/n)^(-(n + 1)/2) / (scale sqrt(n) B(n/2, 1/2)) with z = (x - location)/scale and n degrees of freedom. It
/// has a mean for n above 1 and a variance for n above 2.
/// </summary>
public sealed record StudentT : LocationScale
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>The degrees of freedom: positive; the more, the lighter the tails.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double DegreesOfFreedom { get; init; }

    /// <summary>The median: any finite number.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public override required double Location { get; init; }

    /// <summary>The width; the standard deviation is sqrt(n/(n - 2)) times that: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public override required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("(1 + z^2/n)^(-(n + 1)/2) / (scale sqrt(n) B(n/2, 1/2)), z = (x - location)/scale, n = degreesOfFreedom", "all x", "The mean of few normal values in units of its estimated error; robust regression.");

    internal override double StandardLogDensity(double z) =>
        double.IsInfinity(z) ? double.NegativeInfinity : -LogNorm() - 0.5 * (Degrees + 1) * LogOfSquareAndOne(z);

    internal override double StandardCumulative(double z) => StandardSurvival(-z);

    internal override double StandardSurvival(double z) => z >= 0 ? UpperTailOf(z) : 1 - UpperTailOf(-z);

    internal override double? StandardExpectation() => Degrees > 1 ? 0 : null;

    internal override double? StandardVariance() => Degrees switch
    {
        > 2 => double.IsInfinity(2 * Degrees) ? 1 : Degrees / (Degrees - 2),
        > 1 => double.PositiveInfinity,
        _ => null,
    };

    // (n + 1) (psi((n + 1)/2) - psi(n/2))/2, of which the difference is that of two tangents of ln Gamma.
    internal override double StandardEntropy()
    {
        var half = 0.5 * Degrees;
        var difference = half > 1e15 ? 0.25 / half : LogGammaBregman.Of(half + 0.5, half, 0.5) + LogGammaBregman.Of(half, half + 0.5, -0.5);
        return LogNorm() + (Degrees > 1e300 ? 0.5 : (Degrees + 1) * difference);
    }

    // A normal variate over the root of a gamma variate, whose logarithm exists also where it is 0 itself.
    internal override double StandardDraw(RandomStream random)
    {
        var normal = random.NextNormal();
        var half = 0.5 * Degrees;
        if (half > 1e30) return normal;
        var logSquare = GammaDraw.LogOf(half, random) - Math.Log(half);
        return normal * Math.Exp(-0.5 * logSquare);
    }

    internal override Tail LowerTail() => UpperTail();

    internal override Tail UpperTail() => Tail.Power(Degrees + 1);

    // ln(1 + z^2/n), where dividing may leave the range of a double.
    private double LogOfSquareAndOne(double z) => z / Math.Sqrt(Degrees) is var ratio && double.IsInfinity(ratio) ? 2 * Math.Log(Math.Abs(z)) - Math.Log(Degrees) : Cauchy.LogOfSquareAndOne(ratio);

    // Fewer make no difference that a double could show.
    private double Degrees => Math.Max(DegreesOfFreedom, 1e-300);

    /// <summary>ln(sqrt(n) B(n/2, 1/2)).</summary>
    internal double LogNorm() => Degrees > 1e20 ? HalfLogTwoPi : 0.5 * Math.Log(Degrees) + BetaPower.LogBeta(0.5 * Degrees, 0.5);

    private double UpperTailOf(double z)
    {
        if (Degrees > 1e20) return StandardNormal.Cumulative(-z);
        var (half, ratio) = (0.5 * Degrees, z / Math.Sqrt(Degrees));
        if (double.IsInfinity(ratio)) return double.IsInfinity(z) ? 0 : 0.5 * Math.Exp(-2 * half * (Math.Log(z) - 0.5 * Math.Log(Degrees)) - Math.Log(half) - BetaPower.LogBeta(half, 0.5));
        // I_w(n/2, 1/2) with w = 1/(1 + ratio^2), of which only the first power is left far out.
        if (ratio > 1e140) return 0.5 * Math.Exp(-2 * half * Math.Log(ratio) - Math.Log(half) - BetaPower.LogBeta(half, 0.5));
        var square = ratio * ratio;
        return 0.5 * IncompleteBeta.Lower(half, 0.5, 1 / (1 + square), square / (1 + square));
    }
}
