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

    /// <summary>The code of the refusal of sides that belong to different texts.</summary>
    public const string TokenMismatch = "token-mismatch";

    /// <summary>What follows a row: where one side knows, it is what that one knows, else -1. False where they know of different tokens.</summary>
    /// <param name="known">The token that one side knows, or less than 0.</param>
    /// <param name="other">The same of the other.</param>
    /// <param name="target">The token.</param>
    public static bool TryTarget(int known, int other, out int target)
    {
        target = Math.Max(known, other);
        return known < 0 || other < 0 || known == other;
    }

    /// <summary>The words for sides that know of different tokens after a row.</summary>
    public static string OtherTexts(long row, int known, int other) =>
        $"The two sides are of different texts: the first token that differs is the target at index {row}, {known} on one side and {other} on the other.";

    /// <summary>Refuses targets that are no tokens; -1 stands for none.</summary>
    /// <param name="targets">The targets of rows in order.</param>
    /// <param name="vocabulary">How many tokens there are.</param>
    /// <param name="first">The row of the first of them.</param>
    /// <exception cref="NotComputableException">token-out-of-range.</exception>
    public static void RequireTokens(ReadOnlySpan<int> targets, int vocabulary, long first)
    {
        for (var i = 0; i < targets.Length; i++)
            if (targets[i] < -1 || targets[i] >= vocabulary)
                throw new NotComputableException(
                    "token-out-of-range", $"Targets must be from 0 to {vocabulary - 1}, the vocabulary being {vocabulary}; the one at index {first + i} was {targets[i]}.");
    }
}
