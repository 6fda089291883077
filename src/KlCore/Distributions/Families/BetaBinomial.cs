using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// How many of a number of trials succeed whose probability is itself a beta variate: P(x) = C(trials, x) B(x + alpha, trials - x + beta)/B(alpha, beta).
/// </summary>
public sealed record BetaBinomial : Discrete
{
    /// <summary>How many trials there are: a whole number from 0 to 2^53 - 1.</summary>
    [Range(0, Binomial.MaximumTrials)]
    public required long Trials { get; init; }

    /// <summary>The first shape of the beta distribution: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Alpha { get; init; }

    /// <summary>The second shape of the beta distribution: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Beta { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new(
        "C(trials, x) B(x + alpha, trials - x + beta)/B(alpha, beta)", "x = 0, 1, ..., trials", "Successes among trials whose common probability is uncertain.")
    {
        IsDiscrete = true,
    };

    /// <inheritdoc/>
    public override Interval Support() => new(0, Trials);

    /// <inheritdoc/>
    public override double? Expectation() => Trials * Share(Alpha, Beta);

    /// <summary>n p (1 - p) (n + s)/(1 + s) with p = alpha/s, s = alpha + beta.</summary>
    public override double? Variance()
    {
        var sum = Alpha + Beta;
        return Trials * Share(Alpha, Beta) * Share(Beta, Alpha) * (double.IsInfinity(sum) ? 1 : (Trials + sum) / (1 + sum));
    }

    /// <inheritdoc/>
    public override double? EntropyByFormula() => WideEntropy.Of(this);

    /// <inheritdoc/>
    public override double Draw(RandomStream random)
    {
        var odds = GammaDraw.LogOf(Alpha, random) - GammaDraw.LogOf(Beta, random);
        return Binomial.Draw(Trials, 1 / (1 + Math.Exp(-odds)), 1 / (1 + Math.Exp(odds)), random);
    }

    // Two negative binomials given their sum; with the probability at which the sum is expected, no factor is small.
    internal override double LogMass(double k)
    {
        var sum = Alpha + Beta;
        var (p, q) = (Share(Trials, sum), Share(sum, Trials));
        return NegativeBinomial.LogMass(k, Alpha, p, q) + NegativeBinomial.LogMass(Trials - k, Beta, p, q) - NegativeBinomial.LogMass(Trials, sum, p, q);
    }

    internal override double AtMost(double k) => Sides(k).AtMost;

    internal override double Above(double k) => Sides(k).Above;

    // a/(a + b), also where the sum overflows.
    private static double Share(double a, double b) => a == 0 ? 0 : 1 / (1 + b / a);

    private (double AtMost, double Above) Sides(double k) => LatticeTails.Of(this, k, Expectation()!.Value, Math.Sqrt(Variance()!.Value));
}
