using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>All integers from lower to upper, both included, equally likely.</summary>
public sealed record DiscreteUniform : Discrete
{
    private const long Largest = (1L << 53) - 1;

    /// <summary>The least value: an integer that a double can tell from its neighbours.</summary>
    [Range(-Largest, Largest)]
    public required long Lower { get; init; }

    /// <summary>The largest value: at least <see cref="Lower"/>.</summary>
    [Range(-Largest, Largest)]
    public required long Upper { get; init; }

    /// <summary>How many values there are.</summary>
    internal long Count => Upper - Lower + 1;

    /// <inheritdoc/>
    public override Family Describe() => new("1 / (upper - lower + 1)", "lower <= x <= upper", "Integers of which none is preferred: a die.") { IsDiscrete = true };

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Upper < Lower) problems.Add("upper", $"must be at least lower, {Lower}, was {Upper}");
    }

    /// <inheritdoc/>
    public override Interval Support() => new(Lower, Upper);

    /// <inheritdoc/>
    public override double? Expectation() => (Lower + Upper) / 2.0;

    /// <inheritdoc/>
    public override double? Variance() => ((double)Count - 1) * ((double)Count + 1) / 12;

    /// <inheritdoc/>
    public override double? EntropyByFormula() => Math.Log(Count);

    /// <inheritdoc/>
    public override double Draw(RandomStream random) => Lower + (long)Math.BigMul(random.NextBits(), (ulong)Count, out _);

    internal override double LogMass(double k) => -Math.Log(Count);

    internal override double AtMost(double k) => (k - Lower + 1) / Count;

    internal override double Above(double k) => (Upper - k) / Count;
}
