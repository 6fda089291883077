namespace KlCore.Logits.Reports;

/// <summary>Whether summaries are parts of one comparison.</summary>
internal static class SummaryChecks
{
    private const string NotWritten = "must be a summary as it was written, with finite sums";

    /// <summary>With this many gaps between its rows a summary is of nothing.</summary>
    private const int MostRanges = 1 << 16;

    /// <summary>A probability is rounded: it may be above 1 by this much.</summary>
    private const double Rounding = 1e-6;

    /// <summary>Throws if they are not; every failure under the number of its part. Returns the rows of each. Looks at one part at a time.</summary>
    public static IReadOnlyList<IReadOnlyList<long[]>> Check(IReadOnlyList<ComparisonSummary> parts)
    {
        if (parts.Count == 0) throw new InvalidInputException("", "must be at least one summary");
        var problems = new Problems();
        var ranges = new List<IReadOnlyList<long[]>>();
        var first = parts[0];
        var isFirstWhole = !HasGaps(first);
        for (var i = 0; i < parts.Count; i++)
        {
            var part = i == 0 ? first : parts[i];
            if (HasGaps(part)) problems.At(i).Add(NotWritten);
            else if (isFirstWhole) CheckOne(part, first, problems.At(i));
            ranges.Add(part.Ranges);
        }

        problems.ThrowIfAny();
        CheckRanges(ranges, first.ChunkRows, problems);
        problems.ThrowIfAny();
        return ranges;
    }

    /// <summary>Whether anything is null that never is, which a reader of JSON lets pass inside of lists.</summary>
    private static bool HasGaps(ComparisonSummary? part)
    {
        static bool HasNull<T>(IEnumerable<T?>? items) => items is null || items.Any(item => item is null);
        return part is null || part.Options is null || part.Options.Percentiles is null || part.Options.TopK is null || part.Counts is null
            || HasNull(part.Ranges) || HasNull(part.Rows) || HasNull(part.TopK) || HasNull(part.Worst) || HasNull(part.Columns) || HasNull(part.Parts)
            || part.Columns.Concat(part.Parts).Any(column => HasNull(column.Sums) || (column.Sketch is { } sketch && (HasNull(sketch.Positive) || HasNull(sketch.Negative))));
    }

    private static void CheckOne(ComparisonSummary part, ComparisonSummary first, Problems problems)
    {
        if (part.Version != ComparisonSummary.CurrentVersion) problems.Add("version", $"must be {ComparisonSummary.CurrentVersion}, was {part.Version}");
        if (part.VocabularyP != first.VocabularyP) problems.Add("vocabularyP", $"must be the same in all parts ({first.VocabularyP}), was {part.VocabularyP}");
        if (part.VocabularyQ != first.VocabularyQ) problems.Add("vocabularyQ", $"must be the same in all parts ({first.VocabularyQ}), was {part.VocabularyQ}");
        if (part.ChunkRows != first.ChunkRows) problems.Add("chunkRows", $"must be the same in all parts ({first.ChunkRows?.ToString() ?? "unknown"}), was {part.ChunkRows?.ToString() ?? "unknown"}");
        if (!AreSame(part.Options, first.Options)) problems.Add("options", "must be the same in all parts");
        part.Options.Check(problems.At("options"));
        CheckLayout(part, problems);
    }

    private static void CheckLayout(ComparisonSummary part, Problems problems)
    {
        var isLaidOut = part.Counts.Length == 3 && part.Counts.All(IsCount) && part.Rows.Length == 3 && part.Worst.Count <= part.Options.Worst
            && part.TopK.Length == part.Options.TopK.Count && part.TopK.All(sums => sums.Length == 4 && sums.All(IsCount))
            && part.Ranges.Count is > 0 and <= MostRanges && part.Ranges.All(range => range.Length == 2 && range.All(IsCount) && range[0] <= range[1])
            && part.VocabularyP is > 0 and <= Formats.LogitsReader.MaximumVocabulary && part.VocabularyQ is > 0 and <= Formats.LogitsReader.MaximumVocabulary
            && part.ChunkRows is null or > 0 && part.Rows.All(rows => AreNamed(rows, part)) && part.Worst.All(worst => IsNumbers(worst, part));
        if (!isLaidOut || !ColumnChecks.AreWhole(part)) problems.Add(NotWritten);
    }

    /// <summary>A few rows of this part in order, none twice.</summary>
    private static bool AreNamed(long[] rows, ComparisonSummary part) =>
        rows.Length <= ComparisonTotals.NamedRows && rows.All(row => IsIn(row, part)) && rows.Zip(rows.Skip(1)).All(pair => pair.First < pair.Second);

    private static bool IsIn(long row, ComparisonSummary part) => part.Ranges.Any(range => row >= range[0] && row < range[1]);

    private static bool IsNumbers(WorstPosition worst, ComparisonSummary part)
    {
        double[] shares = [worst.TopProbabilityP, worst.TopProbabilityQ, worst.TargetProbabilityP ?? 0, worst.TargetProbabilityQ ?? 0];
        return worst.Forward >= 0 && worst.Reverse >= 0 && shares.All(share => share is >= 0 and <= 1 + Rounding) && IsIn(worst.Row, part);
    }

    /// <summary>Small enough for sums of a million of them.</summary>
    internal static bool IsCount(long value) => value is >= 0 and < 1L << 42;

    private static void CheckRanges(IReadOnlyList<IReadOnlyList<long[]>> parts, int? chunk, Problems problems)
    {
        (int Part, long From, long To)[] ranges = [.. parts.SelectMany((part, i) => part.Select(range => (i, range[0], range[1]))).OrderBy(range => range.Item2)];
        for (var i = 0; i < ranges.Length; i++)
        {
            var (part, from, to) = ranges[i];
            var here = problems.At(part).At("ranges");
            if (i > 0 && from < ranges[i - 1].To) here.Add($"must not overlap with those of part {ranges[i - 1].Part}: row {from} is in both");
            if (from % chunk is > 0) here.Add($"must begin where a chunk of {chunk} rows does, began at row {from}");
            if (i < ranges.Length - 1 && to % chunk is > 0) here.Add($"must end where a chunk of {chunk} rows does, ended before row {to}");
        }
    }

    private static bool AreSame(ReportOptions first, ReportOptions second) =>
        first.Percentiles.SequenceEqual(second.Percentiles) && first.TopK.SequenceEqual(second.TopK)
        && first with { Percentiles = second.Percentiles, TopK = second.TopK } == second;
}
