namespace KlCore.Training.LanguageModel.NGrams.Smoothings;

/// <summary>c / N after the longest context that was seen, and 0 for what never followed it: maximum likelihood. New text is mostly impossible.</summary>
public sealed record UnsmoothedNGrams : NGramSmoothing
{
    internal override ContextRule Rule(LevelFacts facts, double[] tuned) => new Relative();

    private sealed class Relative : ContextRule
    {
        public override double Fit(ReadOnlySpan<int> counts, ReadOnlySpan<double> lower, Span<double> probabilities)
        {
            double total = Total(counts);
            for (var i = 0; i < counts.Length; i++) probabilities[i] = counts[i] / total;
            return 0;
        }
    }
}
