using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>How many trials fail before the first success: P(x) = probability (1 - probability)^x for x = 0, 1, ...</summary>
public sealed record Geometric : Discrete
{
    /// <summary>The probability of success in a trial: above 0 and at most 1.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public required double Probability { get; init; }

    private double LogFailure => Elementary.Log1p(-Probability);

    /// <inheritdoc/>
    public override Family Describe() => new("probability (1 - probability)^x", "x = 0, 1, 2, ...", "How many trials fail before the first success.") { IsDiscrete = true };

    /// <inheritdoc/>
    public override Interval Support() => new(0, Probability == 1 ? 0 : double.PositiveInfinity);

    /// <inheritdoc/>
    public override double? Expectation() => (1 - Probability) / Probability;

    /// <inheritdoc/>
    public override double? Variance() => (1 - Probability) / Probability / Probability;

    /// <inheritdoc/>
    public override double? EntropyByFormula() => Bernoulli.EntropyOf(Probability) / Probability;

    /// <inheritdoc/>
    public override double Quantile(double probability) => Least(Elementary.Log1p(-probability), k => Cumulative(k) >= probability);

    /// <inheritdoc/>
    public override double UpperQuantile(double probability) => Least(Math.Log(probability), k => Survival(k) <= probability);

    /// <inheritdoc/>
    public override double Draw(RandomStream random) => Probability == 1 ? 0 : Math.Min(double.MaxValue, Math.Floor(Math.Log(random.NextUniform()) / LogFailure));

    internal override double LogMass(double k) => Math.Log(Probability) + (k == 0 ? 0 : k * LogFailure);

    internal override double AtMost(double k) => -Elementary.Expm1((k + 1) * LogFailure);

    internal override double Above(double k) => Math.Exp((k + 1) * LogFailure);

    internal override Tail UpperTail() => Tail.Stretched(1, -LogFailure);

    // By the inverse, and one step to either side for its rounding.
    private double Least(double logAbove, Func<double, bool> reached)
    {
        if (Probability == 1) return 0;
        var k = Math.Max(0, Math.Ceiling(logAbove / LogFailure) - 1);
        if (double.IsInfinity(k)) return k;
        if (k > 0 && reached(k - 1)) return k - 1;
        return reached(k) ? k : k + 1;
    }
}
