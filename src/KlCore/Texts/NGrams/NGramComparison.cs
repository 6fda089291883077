using System.Text.Json.Serialization;
using KlCore.Divergences;

namespace KlCore.Texts.NGrams;

/// <summary>What was measured between the n-grams of two texts.</summary>
public sealed record NGramComparison
{
    /// <summary>The unit of log-like measures, entropies, contributions, errors and biases.</summary>
    public required Unit Unit { get; init; }

    /// <summary>n.</summary>
    public required int Order { get; init; }

    /// <summary>What a token was.</summary>
    public required TextTokens Tokens { get; init; }

    /// <summary>What was done about n-grams that only one of the texts has.</summary>
    public required Smoothing Smoothing { get; init; }

    /// <summary>What it mixed in, if it mixes something in.</summary>
    public required NGramBackground Background { get; init; }

    /// <summary>How many categories both are distributions over: the n-grams of either text, those that are too rare being one category.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>How many n-grams were too rare to be a category of their own.</summary>
    public required int OutOfVocabulary { get; init; }

    /// <summary>The reference.</summary>
    public required NGramTextFacts P { get; init; }

    /// <summary>The model.</summary>
    public required NGramTextFacts Q { get; init; }

    /// <summary>One result for each measure, in the order asked for. They are exact for the smoothed counts.</summary>
    public required IReadOnlyList<NGramMeasurement> Results { get; init; }

    /// <summary>KL(p || q) as an estimate of that between the languages that the texts are samples of.</summary>
    public required NGramEstimate Forward { get; init; }

    /// <summary>KL(q || p) likewise.</summary>
    public required NGramEstimate Reverse { get; init; }

    /// <summary>The entropies and cross-entropies of the smoothed distributions.</summary>
    public required Entropies Entropy { get; init; }

    /// <summary>The n-grams that contribute most to each direction.</summary>
    public required NGramContributors Contributors { get; init; }

    /// <summary>What a reader should know about the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    internal static NGramComparison Of(NGramDivergence how, NGramCounts counts, NGramCategories categories, Pair pair, CancellationToken cancellation)
    {
        var results = new List<NGramMeasurement>();
        foreach (var measure in how.Measures ?? Catalogue.Default)
        {
            cancellation.ThrowIfCancellationRequested();
            var measured = measure.Between(pair, how.Unit, cancellation);
            results.Add(new NGramMeasurement(measure, measured.Value, measured.Method));
        }

        var errors = new NGramErrors(counts, categories, pair);
        var (forward, reverse) = (errors.Of(Direction.Forward, how.Unit), errors.Of(Direction.Reverse, how.Unit));
        return new NGramComparison
        {
            Unit = how.Unit,
            Order = how.Order,
            Tokens = how.Tokens,
            Smoothing = how.Smoothing,
            Background = how.Background,
            Vocabulary = pair.Count,
            OutOfVocabulary = categories.Others,
            P = NGramTextFacts.Of(counts.P, categories.P, categories.Q),
            Q = NGramTextFacts.Of(counts.Q, categories.Q, categories.P),
            Results = results,
            Forward = forward,
            Reverse = reverse,
            Entropy = Entropies.Of(pair, how.Unit),
            Contributors = NGramContributors.Of(counts, categories, pair, how),
            Warnings = [.. NGramWarnings.Of(how, categories, forward, reverse)],
        };
    }
}

/// <summary>One side of a comparison.</summary>
/// <param name="Texts">How many texts.</param>
/// <param name="Tokens">How many tokens they have.</param>
/// <param name="NGrams">N, how many n-grams.</param>
/// <param name="Distinct">How many different categories they fall into.</param>
/// <param name="MassOutsideOther">The share of the n-grams that the other side has none of.</param>
public sealed record NGramTextFacts(int Texts, long Tokens, [property: JsonPropertyName("ngrams")] long NGrams, int Distinct, double MassOutsideOther)
{
    internal static NGramTextFacts Of(NGramSide side, double[] own, double[] other)
    {
        double outside = 0;
        for (var i = 0; i < own.Length; i++)
            if (other[i] == 0) outside += own[i];
        return new NGramTextFacts(side.Texts, side.Tokens, side.Length, own.Count(count => count > 0), outside / side.Length);
    }
}

/// <summary>One measure's value.</summary>
/// <param name="Measure">The measure with its parameters.</param>
/// <param name="Value">Its value; may be infinite.</param>
/// <param name="Method">How it was found.</param>
public sealed record NGramMeasurement(Divergence Measure, double Value, Method Method);

/// <summary>A KL divergence between two texts, as an estimate of that between what they are samples of.</summary>
/// <param name="Direction">Under which side the expectation is.</param>
/// <param name="Value">The KL of the smoothed counts.</param>
/// <param name="Method">Always <c>estimate</c>.</param>
/// <param name="StandardError">By the delta method, as if n-grams were drawn one by one; null where the value is infinite.</param>
/// <param name="BlockStandardError">
/// The same from how much blocks of neighbouring n-grams differ, which is honest about words that come in bursts: the texts where a side has at least 20, else 100 equal
/// runs (as many as there are n-grams, if fewer). Null where the value is infinite or a side has a single block.
/// </param>
/// <param name="Bias">
/// What finite counts alone bring, to first order and without smoothing: (B - 1)/2N of either side, B being its distinct n-grams (Miller and Madow). Two samples of one
/// language would show about so much.
/// </param>
public sealed record NGramEstimate(
    Direction Direction, double Value, Method Method,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? StandardError,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? BlockStandardError,
    NGramBias Bias);

/// <summary>The first-order bias of a KL divergence between two samples.</summary>
/// <param name="P">(B - 1)/2N of p.</param>
/// <param name="Q">(B - 1)/2N of q.</param>
/// <param name="Total">Their sum.</param>
public sealed record NGramBias(double P, double Q, double Total);
