using System.ComponentModel.DataAnnotations;
using KlCore.Divergences;
using KlCore.Training;

namespace KlCore.Texts.NGrams;

/// <summary>
/// How two texts are compared by their n-grams: both are distributions over the n-grams that occur in either. p is the reference, q the model.
/// </summary>
public sealed record NGramDivergence : IChecked
{
    private const int MaximumMeasures = 100;

    /// <summary>The reference.</summary>
    public required TextInput P { get; init; }

    /// <summary>The model.</summary>
    public required TextInput Q { get; init; }

    /// <summary>n, how many tokens make one n-gram.</summary>
    [Range(1, 5)]
    public int Order { get; init; } = 1;

    /// <summary>What a token is.</summary>
    public TextTokens Tokens { get; init; }

    /// <summary>Whether upper and lower case are the same.</summary>
    public bool Lowercase { get; init; }

    /// <summary>Whether signs that are neither letters nor digits are tokens too, where tokens are words.</summary>
    public bool Punctuation { get; init; } = true;

    /// <summary>N-grams that occur less often, in both texts together, are counted as one category of their own; 1 for none.</summary>
    [Range(1, 1_000_000_000)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>What is done about n-grams that only one of the texts has.</summary>
    public Smoothing Smoothing { get; init; } = new Additive { Alpha = 0.5 };

    /// <summary>What a smoothing mixes in that mixes something in.</summary>
    public NGramBackground Background { get; init; }

    /// <summary>How many n-grams are listed for each direction.</summary>
    [Range(0, 1000)]
    public int Top { get; init; } = 10;

    /// <summary>What to measure. Unless stated: KL both ways, Jeffreys, Jensen-Shannon, total variation and Hellinger. At most 100.</summary>
    public IReadOnlyList<Divergence>? Measures { get; init; }

    /// <summary>The unit of log-like measures, entropies, contributions, errors and biases.</summary>
    public Unit Unit { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        P.Check(problems.At("p"));
        Q.Check(problems.At("q"));
        Smoothing.Check(problems.At("smoothing"));
        if (Smoothing is BackgroundSmoothing { Background: not null })
            problems.At("smoothing").Add("background", "must be left out: which n-grams there are is found in the texts; the field background beside the smoothing chooses between uniform and pooled");
        if (Background == NGramBackground.Pooled && Smoothing is not BackgroundSmoothing) problems.Add("background", "must be uniform for a smoothing that mixes nothing in");
        if (Measures is { Count: > MaximumMeasures }) problems.Add("measures", $"must have at most {MaximumMeasures} elements, had {Measures.Count}");
        else if (Measures is not null) CheckMeasures(problems.At("measures"));
    }

    /// <summary>Counts and measures.</summary>
    /// <param name="inputs">Where datasets are.</param>
    /// <param name="maximumCharacters">How many characters both sides together may have.</param>
    /// <param name="cancellation">Stops what takes long.</param>
    /// <exception cref="InvalidInputException">A side has no n-gram of the order, or what is to be read is not there.</exception>
    /// <exception cref="NotComputableException">The smoothing does not suit the counts.</exception>
    /// <exception cref="TooCostlyException">The texts are too long.</exception>
    public NGramComparison Compare(ITrainingInputs inputs, long maximumCharacters, CancellationToken cancellation = default)
    {
        var problems = new Problems();
        Check(problems);
        problems.ThrowIfAny();
        var (p, q) = (P.Read("p", inputs, maximumCharacters), Q.Read("q", inputs, maximumCharacters));
        var characters = p.Concat(q).Sum(text => (long)text.Length);
        if (characters > maximumCharacters) throw new TooCostlyException($"The texts may have at most {maximumCharacters} characters together, had {characters}.");
        var counts = NGramCounts.Of(p, q, new TokenTable(Tokens, Lowercase, Punctuation), Order, cancellation);
        Require(counts.P, problems.At("p"));
        Require(counts.Q, problems.At("q"));
        problems.ThrowIfAny();
        var categories = NGramCategories.Of(counts, MinimumCount);
        var pair = Pair.From(categories.P, categories.Q, new Interpretation { Input = InputKind.Weights, Smoothing = SmoothingFor(categories) });
        return NGramComparison.Of(this, counts, categories, pair, cancellation);
    }

    private void Require(NGramSide side, Problems problems)
    {
        if (side.Length == 0) problems.Add($"must have at least {Order} {(Order == 1 ? "token" : "tokens in one text")}, had {side.Tokens} in {(side.Texts == 1 ? "1 text" : $"{side.Texts} texts")}");
    }

    private void CheckMeasures(Problems problems)
    {
        for (var i = 0; i < Measures!.Count; i++)
        {
            Measures[i].Check(problems.At(i));
            if (Measures[i].Describe().UsesPositions) problems.At(i).Add("must not depend on where categories lie: n-grams lie nowhere");
        }
    }

    private Smoothing SmoothingFor(NGramCategories categories)
    {
        if (Background == NGramBackground.Uniform || Smoothing is not BackgroundSmoothing mixing) return Smoothing;
        var total = categories.P.Sum() + categories.Q.Sum();
        return mixing with { Background = [.. categories.P.Zip(categories.Q, (p, q) => (p + q) / total)] };
    }
}

/// <summary>What a smoothing mixes in.</summary>
public enum NGramBackground
{
    /// <summary>All n-grams of either text alike.</summary>
    Uniform,

    /// <summary>The n-grams of both texts together, as often as they occur.</summary>
    Pooled,
}
