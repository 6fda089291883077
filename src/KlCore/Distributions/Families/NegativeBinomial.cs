using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// How many trials fail before a number of successes, which need not be whole: P(x) = Gamma(x + r)/(Gamma(r) x!) probability^r (1 - probability)^x, r = successes.
/// </summary>
public sealed record NegativeBinomial : Discrete
{
    /// <summary>r, how many successes are waited for: positive, not necessarily whole.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Successes { get; init; }

    /// <summary>The probability of success in a trial: above 0 and at most 1.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public required double Probability { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new(
        "Gamma(x + successes)/(Gamma(successes) x!) probability^successes (1 - probability)^x", "x = 0, 1, 2, ...", "How many trials fail before a number of successes; counts that vary more than Poisson's.")
    {
        IsDiscrete = true,
    };

    /// <inheritdoc/>
    public override Interval Support() => new(0, Probability == 1 ? 0 : double.PositiveInfinity);

    /// <inheritdoc/>
    public override double? Expectation() => Successes * ((1 - Probability) / Probability);

    /// <inheritdoc/>
    public override double? Variance() => Successes * ((1 - Probability) / Probability) / Probability;

    /// <inheritdoc/>
    public override double? EntropyByFormula() => Successes == 1 ? Bernoulli.EntropyOf(Probability) / Probability : WideEntropy.Of(this);

    /// <summary>A Poisson count whose rate is a gamma variate.</summary>
    public override double Draw(RandomStream random)
    {
        if (Probability == 1) return 0;
        var rate = GammaDraw.Of(Successes, random) * ((1 - Probability) / Probability);
        return Poisson.Draw(Math.Min(rate, double.MaxValue), random);
    }

    internal override double LogMass(double k) => LogMass(k, Successes, 1 - Probability, Probability);

    internal override double AtMost(double k) => IncompleteBeta.Lower(Successes, k + 1, Probability, 1 - Probability);

    internal override double Above(double k) => IncompleteBeta.Lower(k + 1, Successes, 1 - Probability, Probability);

    internal override Tail UpperTail() => Tail.Stretched(1, -Elementary.Log1p(-Probability));

    /// <summary>ln P(k) for failures of probability p and successes of probability q = 1 - p: the last trial is a success, the others are in any order.</summary>
    internal static double LogMass(double k, double successes, double p, double q) =>
        SaddlePoint.Binomial(k, successes, p, q) - Elementary.Log1p(k / successes);
}
