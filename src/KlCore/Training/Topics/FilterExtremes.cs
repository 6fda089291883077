using System.ComponentModel.DataAnnotations;

namespace KlCore.Training.Topics;

/// <summary>
/// Which words a dictionary keeps, by the number of documents that each occurs in: those of at least <see cref="NoBelow"/> documents and at most
/// the share <see cref="NoAbove"/> of all, and of them the <see cref="KeepN"/> of most documents. The defaults are those of
/// gensim.corpora.Dictionary.filter_extremes.
/// </summary>
public sealed record FilterExtremes : IChecked
{
    /// <summary>In how many documents a word occurs at least.</summary>
    [Range(1, int.MaxValue)]
    public int NoBelow { get; init; } = 5;

    /// <summary>In which share of the documents a word occurs at most.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double NoAbove { get; init; } = 0.5;

    /// <summary>How many words are kept; null for all.</summary>
    [Range(1, int.MaxValue)]
    public int? KeepN { get; init; } = 100_000;

    /// <inheritdoc/>
    public void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>The ids of the words that are kept, in ascending order.</summary>
    /// <param name="frequencies">In how many documents each word occurs.</param>
    /// <param name="documents">How many documents there are.</param>
    internal int[] Keep(IReadOnlyList<int> frequencies, int documents)
    {
        var highest = NoAbove * documents;
        var kept = Enumerable.Range(0, frequencies.Count).Where(id => frequencies[id] >= NoBelow && frequencies[id] <= highest);
        // OrderByDescending is stable: of equally frequent words those seen first are kept.
        if (KeepN is { } most) kept = kept.OrderByDescending(id => frequencies[id]).Take(most);
        return [.. kept.Order()];
    }
}
