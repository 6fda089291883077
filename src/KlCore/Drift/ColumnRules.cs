namespace KlCore.Drift;

/// <summary>
/// Which type a column has and by which method it is compared, where the caller does not say. Numbers of more than five different values are
/// numeric, other numbers categorical. Texts are categorical if they have at most 50 different values, or values that repeat twenty times on average; else text.
/// From 1000 cells on each side a test finds differences that nobody minds, so a distance decides together with its test: Wasserstein's for numbers,
/// Jensen and Shannon's for categories. With fewer cells a test alone decides: Kolmogorov and Smirnov's, Pearson's.
/// </summary>
internal static class ColumnRules
{
    private const int FewNumbers = 5;
    private const int FewTexts = 50;
    private const int Repeats = 20;
    private const long Many = 1000;

    /// <summary>The type of a column of the reference.</summary>
    public static (ColumnKind Type, string Reason) TypeOf(ColumnSample column)
    {
        if (column.Count == 0) return (ColumnKind.Categorical, "nothing but missing cells");
        if (column.IsNumeric)
        {
            var distinct = column.Numbers.Distinct().Take(FewNumbers + 1).Count();
            return distinct > FewNumbers ? (ColumnKind.Numeric, $"numbers of more than {FewNumbers} different values") : (ColumnKind.Categorical, $"numbers of only {distinct} different values");
        }

        var texts = column.Texts();
        if (texts.Count <= FewTexts) return (ColumnKind.Categorical, $"texts of {texts.Count} different values");
        return column.Uncounted == 0 && (double)column.Count / texts.Count >= Repeats
            ? (ColumnKind.Categorical, $"texts of {texts.Count} values that repeat")
            : (ColumnKind.Text, $"texts that hardly repeat ({texts.Count} different values or more in {column.Count} cells): their frequencies say nothing; name the type categorical to compare them all the same");
    }

    /// <summary>The method for such a column.</summary>
    public static (DriftMethod Method, string Reason) MethodOf(ColumnKind type, long reference, long current)
    {
        var isLarge = Math.Min(reference, current) >= Many;
        var size = isLarge ? $"at least {Many} cells on each side, where a test alone would find what nobody minds" : $"fewer than {Many} cells on a side, where a test decides best";
        return (type == ColumnKind.Numeric
            ? isLarge ? DriftMethod.Wasserstein : DriftMethod.KolmogorovSmirnov
            : isLarge ? DriftMethod.JensenShannon : DriftMethod.ChiSquared, size);
    }
}
