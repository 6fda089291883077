using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>How many of a number of trials succeed: P(x) = C(trials, x) probability^x (1 - probability)^(trials - x).</summary>
public sealed record Binomial : Discrete
{
    // Up to here draws are found by adding up masses from 0.
    private const double Small = 10;

    /// <summary>How many trials there are: a whole number from 0 to 2^53 - 1.</summary>
    [Range(0, MaximumTrials)]
    public required long Trials { get; init; }

    /// <summary>The probability of success in a trial: from 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public required double Probability { get; init; }

    /// <summary>The most trials there may be, so that a double can tell their number from its neighbours.</summary>
    internal const long MaximumTrials = (1L << 53) - 1;

    /// <inheritdoc/>
    public override Family Describe() => new("C(trials, x) probability^x (1 - probability)^(trials - x)", "x = 0, 1, ..., trials", "How many of a number of trials succeed.") { IsDiscrete = true };

    /// <inheritdoc/>
    public override Interval Support() => new(Probability == 1 ? Trials : 0, Probability == 0 ? 0 : Trials);

    /// <inheritdoc/>
    public override double? Expectation() => Trials * Probability;

    /// <inheritdoc/>
    public override double? Variance() => Trials * Probability * (1 - Probability);

    /// <inheritdoc/>
    public override double? EntropyByFormula() => Trials == 1 ? Bernoulli.EntropyOf(Probability) : WideEntropy.Of(this);

    /// <inheritdoc/>
    public override double Draw(RandomStream random) => Draw(Trials, Probability, 1 - Probability, random);

    internal override double LogMass(double k) => SaddlePoint.Binomial(k, Trials - k, Probability, 1 - Probability);

    internal override double AtMost(double k) => IncompleteBeta.Lower(Trials - k, k + 1, 1 - Probability, Probability);

    internal override double Above(double k) => IncompleteBeta.Lower(k + 1, Trials - k, Probability, 1 - Probability);

    /// <summary>How many of a number of trials succeed, with probability p and its rest q.</summary>
    internal static double Draw(double trials, double p, double q, RandomStream random)
    {
        if (p > q) return trials - Draw(trials, q, p, random);
        if (trials * p < Small) return Counting(trials, p, q, random);
        return RatioOfUniforms.Draw(k => SaddlePoint.Binomial(k, trials - k, p, q), Math.Floor((trials + 1) * p), trials * p, trials * p * q, new Interval(0, trials), random);
    }

    private static double Counting(double trials, double p, double q, RandomStream random)
    {
        var rest = random.NextUniform();
        var mass = Math.Exp(trials * Elementary.Log1p(-p));
        var k = 0.0;
        // What rounding leaves of 1 is nothing to wait for.
        for (var end = Math.Min(trials, 200); rest > mass && k < end; k++)
        {
            rest -= mass;
            mass *= (trials - k) / (k + 1) * (p / q);
        }

        return k;
    }
}
