using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace KlCore.Training.LanguageModel.NGrams.Smoothings;

/// <summary>
/// (1 - lambda) c / N + lambda p'. Without a lambda there are several for each order, by the mean count N / T of what followed the context, found by expectation maximisation on the last tenth of the training part.
/// </summary>
/// <remarks>Jelinek and Mercer, Interpolated estimation of Markov source parameters from sparse data (1980); the classes of contexts are those that Chen and Goodman (1999) found best.</remarks>
public sealed record JelinekMercerNGrams : TunedSmoothing
{
    private const int Buckets = 40;
    private const int BucketsPerOctave = 4;
    private const int Rounds = 40;

    /// <summary>The share of the shorter context.</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Lambda { get; init; }

    internal override bool IsTuned => Lambda is null;

    internal override ContextRule Rule(LevelFacts facts, double[] tuned) => new Mixed(this, Lambda is { } lambda ? [.. Enumerable.Repeat(lambda, Buckets)] : tuned);

    internal override double[] Tune(ReadOnlySpan<int> counts, ReadOnlySpan<int> totals, ReadOnlySpan<int> types, ReadOnlySpan<double> lower)
    {
        var lambdas = new double[Buckets];
        Array.Fill(lambdas, 0.5);
        var buckets = new int[counts.Length];
        for (var i = 0; i < buckets.Length; i++) buckets[i] = totals[i] > 0 ? Bucket(totals[i], types[i]) : -1;
        for (var round = 0; round < Rounds; round++)
        {
            var (shares, seen) = (new double[Buckets], new long[Buckets]);
            for (var i = 0; i < counts.Length; i++)
            {
                if (buckets[i] is not (>= 0 and var bucket)) continue;
                var share = lambdas[bucket] * lower[i];
                shares[bucket] += share / (share + (1 - lambdas[bucket]) * counts[i] / totals[i]);
                seen[bucket]++;
            }

            // One more that is undecided keeps a share for both where little was seen.
            for (var bucket = 0; bucket < Buckets; bucket++) lambdas[bucket] = (shares[bucket] + 0.5) / (seen[bucket] + 1);
        }

        return lambdas;
    }

    internal override double Interpolate(int count, long total, int types, double lower, ReadOnlySpan<double> parameters)
    {
        var lambda = parameters[Bucket(total, types)];
        return (1 - lambda) * count / total + lambda * lower;
    }

    private static int Bucket(long total, int types) => Math.Min(Buckets - 1, (int)(BucketsPerOctave * Math.Log2((double)total / types)));

    private sealed class Mixed(JelinekMercerNGrams smoothing, double[] lambdas) : ContextRule
    {
        public override IReadOnlyList<double> Parameters => smoothing.Lambda is { } lambda ? [lambda] : lambdas;

        public override double Fit(ReadOnlySpan<int> counts, ReadOnlySpan<double> lower, Span<double> probabilities)
        {
            var total = Total(counts);
            for (var i = 0; i < counts.Length; i++) probabilities[i] = smoothing.Interpolate(counts[i], total, counts.Length, lower[i], lambdas);
            return lambdas[Bucket(total, counts.Length)];
        }
    }
}
