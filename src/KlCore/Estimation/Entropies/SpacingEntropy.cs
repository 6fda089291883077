using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Estimation.Entropies;

/// <summary>
/// The entropy of numbers by how far sorted ones are apart: 1/n sum ln(n/(2 w) (x_(i+w) - x_(i-w))), where places beyond the ends stand for the ends.
/// </summary>
public sealed record SpacingEntropy : EntropyEstimator
{
    /// <summary>w, how many places apart; by default the root of n, rounded.</summary>
    [Range(1, 1_000_000)]
    public int? Window { get; init; }

    /// <summary>What is done about the ends.</summary>
    public SpacingVariant Variant { get; init; }

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "h(p)", "1/n sum ln(n/(2 w) (x_(i+w) - x_(i-w)))",
        "The differential entropy in one dimension, of a smaller variance than that by neighbours. Too small by about ln(2 w) - psi(2 w) and what the ends take; ebrahimi corrects the ends.",
        "Vasicek, J. Royal Statistical Society B 38 (1976); Ebrahimi, Pflughoeft, Soofi, Statistics and Probability Letters 20 (1994)")
    {
        FollowsUnit = true,
        HasPermutationTest = false,
    };

    internal override void CheckSamples(PooledSample sample, Problems problems)
    {
        if (sample.Dimension > 1) problems.Add("x", $"must be plain numbers for spacings, had {sample.Dimension} coordinates");
        else if (sample.CountX < 4 || Window is { } window && 2 * window >= sample.CountX)
            problems.Add("x", $"must have at least 4 points and more than two windows, had {sample.CountX}");
    }

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation)
    {
        var statistic = new Statistic(this, sample);
        if (double.IsNegativeInfinity(statistic.Of([.. Enumerable.Range(0, sample.CountX)], [], cancellation)))
            throw new NotComputableException("ties", "More than two windows of points are equal, so that the logarithm of a spacing is infinite; take a larger window.");
        return statistic;
    }

    internal override double Work(int x, int y, int dimension) => 60.0 * x;

    internal override int LeastPoints(int dimension) => Math.Max(4, 2 * (Window ?? 0) + 1);

    private int WindowFor(int n) => Window ?? Math.Min((int)Math.Floor(Math.Sqrt(n) + 0.5), (n - 1) / 2);

    private sealed class Statistic(SpacingEntropy estimator, PooledSample sample) : PooledStatistic
    {
        public override bool IsShared => true;

        public override IReadOnlyDictionary<string, double> Details() => new Dictionary<string, double> { ["window"] = estimator.WindowFor(sample.CountX) };

        public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
        {
            var (sorted, n, w) = (sample.Gather(x), x.Length, estimator.WindowFor(x.Length));
            Array.Sort(sorted);
            CompensatedSum sum = default;
            for (var i = 0; i < n; i++)
            {
                // Halves, so that no difference of finite numbers is infinite.
                var spacing = sorted[Math.Min(n - 1, i + w)] / 2 - sorted[Math.Max(0, i - w)] / 2;
                var places = estimator.Variant == SpacingVariant.Vasicek ? 2.0 * w : w + Math.Min(w, Math.Min(i, n - 1 - i));
                sum.Add(Math.Log(spacing) + Units.Ln2 - Math.Log(places));
            }

            return sum.Value / n + Math.Log(n);
        }
    }
}

/// <summary>What is done about the ends, where fewer than 2 w places are apart.</summary>
public enum SpacingVariant
{
    /// <summary>Nothing.</summary>
    Vasicek,

    /// <summary>The places that are there are counted (Ebrahimi and others).</summary>
    Ebrahimi,
}
