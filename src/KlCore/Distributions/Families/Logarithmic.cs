using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Fisher's log series: P(x) = probability^x / (-x ln(1 - probability)) for x = 1, 2, ...</summary>
public sealed record Logarithmic : Discrete
{
    /// <summary>theta: between 0 and 1, both excluded.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public required double Probability { get; init; }

    /// <summary>theta and 1 - theta.</summary>
    internal LogTheta Theta => new(Probability, 1 - Probability);

    /// <inheritdoc/>
    public override Family Describe() => new("probability^x / (-x ln(1 - probability))", "x = 1, 2, 3, ...", "How many individuals there are of a species that was met.") { IsDiscrete = true };

    /// <inheritdoc/>
    public override Interval Support() => new(1, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double? Expectation() => Probability / (1 - Probability) / Theta.Whole;

    /// <summary>theta (L - theta) / ((1 - theta) L)^2 with L = -ln(1 - theta).</summary>
    public override double? Variance() => Theta.Variance;

    /// <summary>Kemp's algorithm LK. Source: A. W. Kemp, "Efficient generation of logarithmically distributed pseudo-random variables", Applied Statistics 30 (1981).</summary>
    public override double Draw(RandomStream random)
    {
        var v = random.NextUniform();
        if (v >= Probability) return 1;
        var complement = Math.Exp(-Theta.Whole * random.NextUniform());
        var q = 1 - complement;
        if (v > q) return 1;
        return v > q * q ? 2 : Math.Floor(1 + Math.Log(v) / Elementary.Log1p(-complement));
    }

    internal override double LogMass(double k) => k * Theta.Log - Math.Log(k) - Math.Log(Theta.Whole);

    // P(1) is above 1/40 for every double below 1.
    internal override double AtMost(double k) => 1 - Above(k);

    internal override double Above(double k) => LogarithmicSeries.From(Probability, k + 1) / Theta.Whole;

    internal override Tail UpperTail() => Tail.Stretched(1, -Theta.Log);
}
