using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>How many successes there are among draws without replacement: P(x) = C(successes, x) C(population - successes, draws - x)/C(population, draws).</summary>
public sealed record Hypergeometric : Discrete
{
    // Below this variance draws are found by adding up masses from the least value.
    private const double Narrow = 9;

    /// <summary>How many there are: a whole number from 0 to 2^53 - 1.</summary>
    [Range(0, Binomial.MaximumTrials)]
    public required long Population { get; init; }

    /// <summary>How many of them count as successes: at most <see cref="Population"/>.</summary>
    [Range(0, Binomial.MaximumTrials)]
    public required long Successes { get; init; }

    /// <summary>How many are drawn: at most <see cref="Population"/>.</summary>
    [Range(0, Binomial.MaximumTrials)]
    public required long Draws { get; init; }

    private double Failures => Population - Successes;

    /// <inheritdoc/>
    public override Family Describe() => new(
        "C(successes, x) C(population - successes, draws - x)/C(population, draws)", "max(0, draws + successes - population) <= x <= min(draws, successes)", "Successes among draws without replacement.")
    {
        IsDiscrete = true,
    };

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Successes > Population) problems.Add("successes", $"must be at most population, {Population}, was {Successes}");
        if (Draws > Population) problems.Add("draws", $"must be at most population, {Population}, was {Draws}");
    }

    /// <inheritdoc/>
    public override Interval Support() => new(Math.Max(0, Draws + Successes - Population), Math.Min(Draws, Successes));

    /// <inheritdoc/>
    public override double? Expectation() => Population == 0 ? 0 : Draws * (Successes / (double)Population);

    /// <inheritdoc/>
    public override double? Variance() => Population < 2 ? 0 : Expectation()!.Value * (Failures / Population) * ((Population - Draws) / (Population - 1.0));

    /// <inheritdoc/>
    public override double? EntropyByFormula() => WideEntropy.Of(this);

    /// <inheritdoc/>
    public override double Draw(RandomStream random)
    {
        var (support, mean, variance) = (Support(), Expectation()!.Value, Variance()!.Value);
        if (support.Lower == support.Upper) return support.Lower;
        if (variance < Narrow) return Counting(support, mean, random);
        var mode = Math.Floor((Draws + 1.0) * ((Successes + 1.0) / (Population + 2.0)));
        return RatioOfUniforms.Draw(LogMass, Math.Clamp(mode, support.Lower, support.Upper), mean, variance, support, random);
    }

    internal override double LogMass(double k)
    {
        var (p, q) = (Draws / (double)Population, (Population - Draws) / (double)Population);
        return SaddlePoint.Binomial(k, Successes - k, p, q) + SaddlePoint.Binomial(Draws - k, Failures - (Draws - k), p, q) - SaddlePoint.Binomial(Draws, Population - Draws, p, q);
    }

    internal override double AtMost(double k) => Sides(k).AtMost;

    internal override double Above(double k) => Sides(k).Above;

    private (double AtMost, double Above) Sides(double k) => LatticeTails.Of(this, k, Expectation()!.Value, Math.Sqrt(Variance()!.Value));

    // From a few deviations below the mean, before which there is less than 1e-17.
    private double Counting(Interval support, double mean, RandomStream random)
    {
        var rest = random.NextUniform();
        var k = Math.Max(support.Lower, Math.Floor(mean) - 60);
        for (var mass = Math.Exp(LogMass(k)); rest > mass && k < support.Upper; k++)
        {
            rest -= mass;
            mass = k < mean ? Math.Exp(LogMass(k + 1)) : mass * ((Successes - k) / (k + 1) * ((Draws - k) / (Failures - Draws + k + 1)));
        }

        return k;
    }
}
