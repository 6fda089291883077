using System.Text.Json.Serialization;
using KlCore.Divergences;

namespace KlCore.Texts.NGrams;

/// <summary>The n-grams that contribute most to a KL divergence, the largest contribution first.</summary>
/// <param name="Forward">To KL(p || q): what p says often and q does not.</param>
/// <param name="Reverse">To KL(q || p): what q says often and p does not.</param>
public sealed record NGramContributors(IReadOnlyList<NGramContribution> Forward, IReadOnlyList<NGramContribution> Reverse)
{
    internal static NGramContributors Of(NGramCounts counts, NGramCategories categories, Pair pair, NGramDivergence how) =>
        new(Of(counts, categories, pair, how, forward: true), Of(counts, categories, pair, how, forward: false));

    private static List<NGramContribution> Of(NGramCounts counts, NGramCategories categories, Pair pair, NGramDivergence how, bool forward)
    {
        // A heap of the best so far, the least of them on top; equal ones by their number, so that the list is always the same.
        var best = new PriorityQueue<(int Category, double Share), (double, double, int)>();
        for (var i = 0; i < pair.Count; i++)
        {
            var cell = forward ? pair[i] : pair[i].Reversed;
            if (cell.P == 0) continue;
            var share = cell.IsOutsideQ ? double.PositiveInfinity : cell.P * cell.LogRatio + 0.0;
            if (best.Count < how.Top) best.Enqueue((i, share), (share, cell.P, -i));
            else if (how.Top > 0) best.EnqueueDequeue((i, share), (share, cell.P, -i));
        }

        var list = new List<NGramContribution>();
        while (best.TryDequeue(out var entry, out _)) list.Add(Describe(counts, categories, pair, entry.Category, how.Unit.FromNats(entry.Share)));
        list.Reverse();
        return list;
    }

    private static NGramContribution Describe(NGramCounts counts, NGramCategories categories, Pair pair, int category, double share)
    {
        var text = categories.NumberOf(category) is var number and >= 0 ? counts.TextOf(number) : null;
        return new NGramContribution(text?.NGram, text?.Tokens, (long)categories.P[category], (long)categories.Q[category], pair.P[category], pair.Q[category], share);
    }
}

/// <summary>One n-gram's part of a KL divergence.</summary>
/// <param name="NGram">The n-gram: words with blanks between them; null for all that are too rare together.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="CountP">How often p has it.</param>
/// <param name="CountQ">How often q has it.</param>
/// <param name="P">Its probability under p after smoothing.</param>
/// <param name="Q">Its probability under q after smoothing.</param>
/// <param name="Contribution">p ln(p/q), or q ln(q/p), in the unit; all contributions add up to the divergence, and single ones may be negative.</param>
public sealed record NGramContribution(
    [property: JsonPropertyName("ngram")] string? NGram,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Tokens,
    long CountP, long CountQ, double P, double Q, double Contribution);
