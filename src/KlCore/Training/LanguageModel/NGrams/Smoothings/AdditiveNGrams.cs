using System.ComponentModel.DataAnnotations;

namespace KlCore.Training.LanguageModel.NGrams.Smoothings;

/// <summary>(c + alpha) / (N + alpha K): every token is taken to have followed every context alpha times more. Shorter contexts are not looked at.</summary>
/// <remarks>Lidstone (1920); 1 is Laplace's rule.</remarks>
public sealed record AdditiveNGrams : NGramSmoothing
{
    /// <summary>What is added to every count.</summary>
    [Range(0, 1e6, MinimumIsExclusive = true)]
    public double Alpha { get; init; } = 1;

    internal override bool BacksOffToUniform => true;

    internal override ContextRule Rule(LevelFacts facts, double[] tuned) => new Added(Alpha, facts.Vocabulary);

    private sealed class Added(double alpha, int vocabulary) : ContextRule
    {
        public override double Fit(ReadOnlySpan<int> counts, ReadOnlySpan<double> lower, Span<double> probabilities)
        {
            var total = Total(counts) + alpha * vocabulary;
            for (var i = 0; i < counts.Length; i++) probabilities[i] = (counts[i] + alpha) / total;
            return alpha * vocabulary / total;
        }
    }
}
