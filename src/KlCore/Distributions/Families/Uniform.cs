using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>The uniform distribution on an interval: p(x) = 1/(upper - lower) for lower &lt;= x &lt;= upper.</summary>
public sealed record Uniform : Continuous
{
    /// <summary>The least value: finite.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public required double Lower { get; init; }

    /// <summary>The largest value: finite, above <see cref="Lower"/>.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public required double Upper { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("1 / (upper - lower)", "lower <= x <= upper", "Any value between two bounds, none rather than another.");

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Upper <= Lower) problems.Add("upper", $"must be greater than lower, {Lower:R}, was {Upper:R}");
    }

    /// <inheritdoc/>
    public override double LogDensity(double x) => x >= Lower && x <= Upper ? -LogWidth() : double.NegativeInfinity;

    /// <inheritdoc/>
    public override double Cumulative(double x) => Share(Lower, Math.Clamp(x, Lower, Upper));

    /// <inheritdoc/>
    public override double Survival(double x) => Share(Math.Clamp(x, Lower, Upper), Upper);

    /// <inheritdoc/>
    public override double Quantile(double probability) => At(probability, Lower, Upper);

    /// <inheritdoc/>
    public override double UpperQuantile(double probability) => At(probability, Upper, Lower);

    /// <inheritdoc/>
    public override Interval Support() => new(Lower, Upper);

    /// <inheritdoc/>
    public override double? Expectation() => Lower / 2 + Upper / 2;

    /// <inheritdoc/>
    public override double? Variance() => (Upper / 2 - Lower / 2) * ((Upper / 2 - Lower / 2) / 3);

    /// <inheritdoc/>
    public override double? EntropyByFormula() => LogWidth();

    /// <inheritdoc/>
    public override double Draw(RandomStream random) => At(random.NextUniform(), Lower, Upper);

    internal override Tail LowerTail() => Tail.Power(0);

    internal override Tail UpperTail() => Tail.Power(0);

    /// <summary>ln(upper - lower), also where the difference is beyond all doubles.</summary>
    internal double LogWidth() => Math.Log(Upper / 2 - Lower / 2) + Units.Ln2;

    private double Share(double from, double to) => (to / 2 - from / 2) / (Upper / 2 - Lower / 2);

    private double At(double share, double near, double far)
    {
        var width = far - near;
        return Math.Clamp(double.IsFinite(width) ? near + share * width : near * (1 - share) + share * far, Lower, Upper);
    }
}
