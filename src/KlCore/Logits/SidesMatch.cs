namespace KlCore.Logits;

/// <summary>Whether two sides can be compared row by row, as far as their shapes tell.</summary>
public static class SidesMatch
{
    /// <summary>Refuses sides with vocabularies of different sizes where those are an error, and sides with different numbers of rows.</summary>
    /// <param name="options">How they are compared.</param>
    /// <param name="p">Logits in a row of the reference, and how many rows there are, where that is known.</param>
    /// <param name="q">The same of the model.</param>
    /// <exception cref="NotComputableException">vocabulary-mismatch, row-count-mismatch.</exception>
    public static void Require(ReportOptions options, (int Vocabulary, long? Rows) p, (int Vocabulary, long? Rows) q)
    {
        if (p.Vocabulary != q.Vocabulary && options.VocabularyPolicy == VocabularyPolicy.Error)
            throw new NotComputableException(
                "vocabulary-mismatch",
                $"The vocabularies differ: p has {p.Vocabulary} logits in a row, q has {q.Vocabulary}. vocabularyPolicy \"truncate\" compares the tokens that both have.");
        if (p.Rows is { } rowsP && q.Rows is { } rowsQ && rowsP != rowsQ) throw RowCounts($"p has {rowsP}, q has {rowsQ}");
    }

    /// <summary>The refusal of sides with different numbers of rows.</summary>
    public static NotComputableException RowCounts(string counts) => new("row-count-mismatch", $"Both sides must have as many rows: {counts}.");
}
