namespace KlCore.Training.LanguageModel.NGrams.Smoothings;

/// <summary>
/// Katz' backing off: counts r up to 5 are taken for d(r) r, after Good and Turing (r + 1) n(r+1) / n(r), where n(r) n-grams occur r times; what that leaves goes to tokens that never followed
/// the context, in proportion to p'. Larger counts are believed.
/// </summary>
/// <remarks>
/// Katz, Estimation of probabilities from sparse data, IEEE Transactions on Acoustics, Speech and Signal Processing 35 (1987). Where the counts of counts are no use for that, n1 / (n1 + 2 n2) is taken off
/// the small counts instead; a context after which all counts are large leaves 1 / (N + 1).
/// </remarks>
public sealed record GoodTuringNGrams : NGramSmoothing
{
    private const int Believed = 5;

    internal override ContextRule Rule(LevelFacts facts, double[] tuned) => new BackingOff(Discounts(facts.CountsOfCounts) ?? Absolute(facts.UsualDiscount()));

    private static double[]? Discounts(long[] counted)
    {
        if (counted.AsSpan(1, Believed + 1).Contains(0)) return null;
        var beyond = (Believed + 1.0) * counted[Believed + 1] / counted[1];
        var discounts = new double[Believed];
        for (var r = 1; r <= Believed; r++)
        {
            var turing = (r + 1.0) * counted[r + 1] / ((double)r * counted[r]);
            discounts[r - 1] = (turing - beyond) / (1 - beyond);
            if (!(discounts[r - 1] > 0 && discounts[r - 1] < 1)) return null;
        }

        return discounts;
    }

    private static double[] Absolute(double delta) => [.. Enumerable.Range(1, Believed).Select(r => (r - delta) / r)];

    private sealed class BackingOff(double[] factors) : ContextRule
    {
        /// <summary>Below this the other tokens' share is rounding.</summary>
        private const double Nothing = 1e-12;

        /// <summary>d(1) to d(5).</summary>
        public override IReadOnlyList<double> Parameters => factors;

        public override double Fit(ReadOnlySpan<int> counts, ReadOnlySpan<double> lower, Span<double> probabilities)
        {
            double total = Total(counts), kept = 0, known = 0;
            for (var i = 0; i < counts.Length; i++)
            {
                kept += probabilities[i] = (counts[i] <= Believed ? factors[counts[i] - 1] : 1) * counts[i];
                known += lower[i];
            }

            var others = 1 - known;
            if (others < Nothing)
            {
                foreach (ref var p in probabilities) p /= kept;
                return 0;
            }

            if (total - kept < Nothing * total) total = kept + 1;
            foreach (ref var p in probabilities) p /= total;
            return (total - kept) / total / others;
        }
    }
}
