using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>One trial: P(1) = probability, P(0) = 1 - probability.</summary>
public sealed record Bernoulli : Discrete
{
    /// <summary>The probability of 1: from 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public required double Probability { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("probability^x (1 - probability)^(1 - x)", "0, 1", "A single trial that succeeds or fails.") { IsDiscrete = true };

    /// <inheritdoc/>
    public override Interval Support() => new(Probability == 1 ? 1 : 0, Probability == 0 ? 0 : 1);

    /// <inheritdoc/>
    public override double? Expectation() => Probability;

    /// <inheritdoc/>
    public override double? Variance() => Probability * (1 - Probability);

    /// <inheritdoc/>
    public override double? EntropyByFormula() => EntropyOf(Probability);

    /// <inheritdoc/>
    public override double Draw(RandomStream random) => random.NextUniform() < Probability ? 1 : 0;

    internal override double LogMass(double k) => k == 1 ? Math.Log(Probability) : Elementary.Log1p(-Probability);

    internal override double AtMost(double k) => 1 - Probability;

    internal override double Above(double k) => Probability;

    /// <summary>-p ln p - (1 - p) ln(1 - p).</summary>
    internal static double EntropyOf(double p) => p is 0 or 1 ? 0 : -p * Math.Log(p) - (1 - p) * Elementary.Log1p(-p);
}
