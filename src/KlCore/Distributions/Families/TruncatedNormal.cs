using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// A normal distribution of which only what lies between two bounds is left: p(x) proportional to exp(-(x - mean)^2 / (2 sd^2)) for
/// lower &lt;= x &lt;= upper. Mean and standard deviation are those before the truncation.
/// </summary>
public sealed record TruncatedNormal : Continuous
{
    /// <summary>The mean before the truncation: any finite number, also outside the bounds.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public required double Mean { get; init; }

    /// <summary>The standard deviation before the truncation: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double StandardDeviation { get; init; }

    /// <summary>The least value; minus infinity for none.</summary>
    public required double Lower { get; init; }

    /// <summary>The largest value, above <see cref="Lower"/>; infinity for none.</summary>
    public required double Upper { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new(
        "exp(-(x - mean)^2 / (2 standardDeviation^2)) / (standardDeviation sqrt(2 pi) (Phi((upper - mean)/standardDeviation) - Phi((lower - mean)/standardDeviation)))",
        "lower <= x <= upper", "A normal quantity that cannot be beyond its bounds.");

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (double.IsNaN(Lower) || double.IsPositiveInfinity(Lower)) problems.Add("lower", $"must be finite or minus infinity, was {Lower:R}");
        if (double.IsNaN(Upper) || double.IsNegativeInfinity(Upper)) problems.Add("upper", $"must be finite or infinity, was {Upper:R}");
        else if (Upper <= Lower) problems.Add("upper", $"must be greater than lower, {Lower:R}, was {Upper:R}");
    }

    /// <inheritdoc/>
    public override double LogDensity(double x) => x >= Lower && x <= Upper && double.IsFinite(x) ? Halves().LogDensity(x) : double.NegativeInfinity;

    /// <inheritdoc/>
    public override double Cumulative(double x) => x <= Lower ? 0 : x >= Upper ? 1 : Halves().Below(x);

    /// <inheritdoc/>
    public override double Survival(double x) => x <= Lower ? 1 : x >= Upper ? 0 : Halves().Mirrored().Below(-x);

    /// <inheritdoc/>
    public override Interval Support() => new(Lower, Upper);

    /// <inheritdoc/>
    public override double? Expectation() => Halves().Expectation();

    /// <inheritdoc/>
    public override double? Variance() => Halves().Variance();

    /// <inheritdoc/>
    public override double? EntropyByFormula() => Halves().Entropy();

    /// <summary>By rejection from a normal, an exponential or a uniform variate, whichever is nearest to the density.</summary>
    public override double Draw(RandomStream random) => Math.Clamp(Halves().Draw(random), Lower, Upper);

    internal override Tail LowerTail() => double.IsInfinity(Lower) ? Tail.Stretched(2, 0.5 / StandardDeviation / StandardDeviation) : Tail.Power(0);

    internal override Tail UpperTail() => double.IsInfinity(Upper) ? Tail.Stretched(2, 0.5 / StandardDeviation / StandardDeviation) : Tail.Power(0);

    /// <summary>The same seen from the point between the bounds that is nearest to the mean.</summary>
    internal TruncatedHalves Halves() => TruncatedHalves.Of(Mean, StandardDeviation, Lower, Upper);
}
