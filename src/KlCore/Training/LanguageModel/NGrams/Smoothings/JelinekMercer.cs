using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace KlCore.Training.LanguageModel.NGrams.Smoothings;

/// <summary>
/// (1 - lambda) c / N + lambda p'. Without a lambda there is one for each order and each power of 2 that N may lie at, found by expectation maximisation on the last tenth of the training part.
/// </summary>
/// <remarks>Jelinek and Mercer, Interpolated estimation of Markov source parameters from sparse data (1980).</remarks>
public sealed record JelinekMercer : TunedSmoothing
{
    private const int Buckets = 32;
    private const int Rounds = 40;

    /// <summary>The share of the shorter context.</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Lambda { get; init; }

    internal override bool IsTuned => Lambda is null;

    internal override ContextRule Rule(LevelFacts facts, double[] tuned) => new Mixed(this, Lambda is { } lambda ? [.. Enumerable.Repeat(lambda, Buckets)] : tuned);

    internal override double[] Tune(ReadOnlySpan<int> counts, ReadOnlySpan<int> totals, ReadOnlySpan<double> lower)
    {
        var lambdas = new double[Buckets];
        Array.Fill(lambdas, 0.5);
        for (var round = 0; round < Rounds; round++)
        {
            var (shares, seen) = (new double[Buckets], new long[Buckets]);
            for (var i = 0; i < counts.Length; i++)
            {
                if (totals[i] == 0) continue;
                var bucket = Bucket(totals[i]);
                shares[bucket] += lambdas[bucket] * lower[i] / Interpolate(counts[i], totals[i], lower[i], lambdas);
                seen[bucket]++;
            }

            // One more that is undecided keeps a share for both where little was seen.
            for (var bucket = 0; bucket < Buckets; bucket++) lambdas[bucket] = (shares[bucket] + 0.5) / (seen[bucket] + 1);
        }

        return lambdas;
    }

    internal override double Interpolate(int count, long total, double lower, ReadOnlySpan<double> parameters)
    {
        var lambda = parameters[Bucket(total)];
        return (1 - lambda) * count / total + lambda * lower;
    }

    private static int Bucket(long total) => Math.Min(Buckets - 1, (int)ulong.Log2((ulong)total));

    private sealed class Mixed(JelinekMercer smoothing, double[] lambdas) : ContextRule
    {
        public override IReadOnlyList<double> Parameters => smoothing.Lambda is { } lambda ? [lambda] : lambdas;

        public override double Fit(ReadOnlySpan<int> counts, ReadOnlySpan<double> lower, Span<double> probabilities)
        {
            var total = Total(counts);
            for (var i = 0; i < counts.Length; i++) probabilities[i] = smoothing.Interpolate(counts[i], total, lower[i], lambdas);
            return lambdas[Bucket(total)];
        }
    }
}
