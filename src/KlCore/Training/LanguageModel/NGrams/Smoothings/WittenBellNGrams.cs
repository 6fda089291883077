namespace KlCore.Training.LanguageModel.NGrams.Smoothings;

/// <summary>(c + T p') / (N + T): something new is as likely as it was in the past, where T of the N tokens were new.</summary>
/// <remarks>Witten and Bell, The zero-frequency problem, IEEE Transactions on Information Theory 37 (1991), method C.</remarks>
public sealed record WittenBellNGrams : NGramSmoothing
{
    internal override ContextRule Rule(LevelFacts facts, double[] tuned) => new ByTypes();

    private sealed class ByTypes : ContextRule
    {
        public override double Fit(ReadOnlySpan<int> counts, ReadOnlySpan<double> lower, Span<double> probabilities)
        {
            var (types, total) = (counts.Length, (double)Total(counts) + counts.Length);
            for (var i = 0; i < counts.Length; i++) probabilities[i] = (counts[i] + types * lower[i]) / total;
            return types / total;
        }
    }
}
