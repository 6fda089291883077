using System.Text.Json.Serialization;

namespace KlCore.Training.LanguageModel.NGrams.Smoothings;

/// <summary>
/// How tokens that followed a context share the probability with those that never did: one sealed record for each, listed here by one attribute line. Under each, the
/// probabilities of all tokens sum to 1 after every context. Below, c is how often w followed the context h, N = sum c, T of the K tokens did, and p' is the probability after h without its first
/// token, at last 1/K.
/// </summary>
/// <remarks>Chen and Goodman, An empirical study of smoothing techniques for language modeling, Computer Speech and Language 13 (1999).</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "method")]
[JsonDerivedType(typeof(UnsmoothedNGrams), "none")]
[JsonDerivedType(typeof(AdditiveNGrams), "additive")]
[JsonDerivedType(typeof(JelinekMercerNGrams), "jelinek-mercer")]
[JsonDerivedType(typeof(DirichletNGrams), "dirichlet")]
[JsonDerivedType(typeof(AbsoluteDiscountNGrams), "absolute-discount")]
[JsonDerivedType(typeof(WittenBellNGrams), "witten-bell")]
[JsonDerivedType(typeof(GoodTuringNGrams), "good-turing")]
[JsonDerivedType(typeof(KneserNeyNGrams), "kneser-ney")]
[JsonDerivedType(typeof(ModifiedKneserNeyNGrams), "modified-kneser-ney")]
public abstract record NGramSmoothing : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>Whether the lower orders count in how many different places something stands, and not how often.</summary>
    internal virtual bool UsesContinuations => false;

    /// <summary>Whether the longest context backs off to the uniform distribution, and not to shorter ones.</summary>
    internal virtual bool BacksOffToUniform => false;

    /// <summary>What is done at the contexts of one order.</summary>
    /// <param name="facts">What was counted there.</param>
    /// <param name="tuned">The parameters that were found, if any are.</param>
    internal abstract ContextRule Rule(LevelFacts facts, double[] tuned);
}

/// <summary>A smoothing whose parameters may be found on the last tenth of the training part, counted without it.</summary>
public abstract record TunedSmoothing : NGramSmoothing
{
    /// <summary>Whether they are to be found.</summary>
    internal abstract bool IsTuned { get; }

    /// <summary>The parameters that make held-out tokens likeliest.</summary>
    /// <param name="counts">How often each followed its context.</param>
    /// <param name="totals">How often anything did; 0 where the context is unknown.</param>
    /// <param name="types">How many different tokens did.</param>
    /// <param name="lower">p' of each.</param>
    internal abstract double[] Tune(ReadOnlySpan<int> counts, ReadOnlySpan<int> totals, ReadOnlySpan<int> types, ReadOnlySpan<double> lower);

    /// <summary>p of a token.</summary>
    internal abstract double Interpolate(int count, long total, int types, double lower, ReadOnlySpan<double> parameters);
}

/// <summary>What a smoothing does at each context of one order.</summary>
internal abstract class ContextRule
{
    /// <summary>The numbers that it goes by, for the result.</summary>
    public virtual IReadOnlyList<double> Parameters => [];

    /// <summary>Finds the probabilities after one context.</summary>
    /// <param name="counts">How often each token followed it that did; at least one.</param>
    /// <param name="lower">p' of each of them.</param>
    /// <param name="probabilities">Receives p of each of them.</param>
    /// <returns>By what p' of every other token is to be multiplied.</returns>
    public abstract double Fit(ReadOnlySpan<int> counts, ReadOnlySpan<double> lower, Span<double> probabilities);

    /// <summary>N.</summary>
    protected static long Total(ReadOnlySpan<int> counts)
    {
        long total = 0;
        foreach (var count in counts) total += count;
        return total;
    }
}

/// <summary>What was counted at one order.</summary>
/// <param name="CountsOfCounts">How many n-grams there are of each count, up to 7.</param>
/// <param name="Vocabulary">K.</param>
internal sealed record LevelFacts(long[] CountsOfCounts, int Vocabulary)
{
    public static LevelFacts Of(int[] counts, int vocabulary)
    {
        var facts = new long[8];
        foreach (var count in counts)
            if (count < facts.Length) facts[count]++;
        return new LevelFacts(facts, vocabulary);
    }

    /// <summary>n1 / (n1 + 2 n2), the discount that leaves one out best; 1/2 where too little was counted to tell.</summary>
    /// <remarks>Ney, Essen, Kneser, On structuring probabilistic dependences in stochastic language modelling, Computer Speech and Language 8 (1994).</remarks>
    public double UsualDiscount() => CountsOfCounts[1] > 0 && CountsOfCounts[2] > 0 ? (double)CountsOfCounts[1] / (CountsOfCounts[1] + 2 * CountsOfCounts[2]) : 0.5;
}
