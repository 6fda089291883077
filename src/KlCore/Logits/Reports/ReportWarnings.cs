using System.Globalization;

namespace KlCore.Logits.Reports;

/// <summary>What a reader should know about the numbers: each a stable word, a colon and a sentence.</summary>
internal static class ReportWarnings
{
    /// <summary>With fewer chunks than this their spread is itself poorly known.</summary>
    private const int FewClusters = 10;

    /// <summary>More mass than this outside of the common vocabulary is worth a word.</summary>
    private const double RemovedMass = 1e-3;

    /// <summary>Everything worth knowing about these totals.</summary>
    public static IReadOnlyList<string> Of(ComparisonTotals totals, ComparisonSummary about, bool isBelowNoiseFloor, bool isApproximate)
    {
        var warnings = new List<string>();
        AddInfinite(warnings, totals);
        AddErrors(warnings, totals);
        if (totals.Excluded > 0) warnings.Add(Text($"excluded: {totals.Excluded} rows are no distributions (NaN, +Infinity or nothing finite) and were left out, the first of them row {totals.ExcludedRows[0]}"));
        if (isBelowNoiseFloor) warnings.Add("below-noise-floor: the mean forward KL is less than three times what rounding the logits to their data types is expected to cause");
        if (about.StoredWindow)
            warnings.Add("stored-window: a side comes from llama.cpp's file, which holds nothing below its window of 16 (or 24) nats: less likely tokens are raised to its floor, which alone causes a forward KL (5e-5 in the mean and 1e-3 at worst for one small model)");
        AddRemoved(warnings, totals);
        AddTargets(warnings, totals);
        if (about.Options.Compatibility == Compatibility.LlamaCpp && totals.Llama.Divergence.Count < 100)
            warnings.Add("llama-few-positions: llama-perplexity prints no statistics for fewer than 100 positions");
        if (isApproximate) warnings.Add(Text($"approximate-percentiles: percentiles come from a histogram and are within {QuantileSketch.RelativeError:P1} of themselves"));
        return warnings;
    }

    private static void AddInfinite(List<string> warnings, ComparisonTotals totals)
    {
        var (forward, reverse) = (totals[Column.Forward].Infinite, totals[Column.Reverse].Infinite);
        if (forward > 0) warnings.Add(Text($"infinite: q excludes a token that p allows at {forward} positions, the first of them row {totals.InfiniteForward[0]}: the mean of KL(p || q) is infinite"));
        if (reverse > 0) warnings.Add(Text($"infinite: p excludes a token that q allows at {reverse} positions, the first of them row {totals.InfiniteReverse[0]}: the mean of KL(q || p) is infinite"));
    }

    private static void AddErrors(List<string> warnings, ComparisonTotals totals)
    {
        var clusters = Math.Max(totals[Column.Forward].Clusters, totals[Column.JensenShannon].Clusters);
        if (totals.Plan.ChunkRows is null)
            warnings.Add("independent-positions: no clusterSize was given, so errors take positions for independent; those of one text are not, and the true errors are larger");
        else if (clusters < 2)
            warnings.Add("independent-positions: there is only one chunk, so errors take positions for independent; those of one text are not, and the true errors are larger");
        else if (clusters < FewClusters)
            warnings.Add(Text($"few-clusters: errors by chunks come from {clusters} chunks only and are themselves uncertain"));
        warnings.Add("fixed-text: means over the positions of a given text are not the KL divergence between the models' distributions of whole texts; only over texts drawn from p is the forward mean an estimate of that, for each token");
    }

    private static void AddRemoved(List<string> warnings, ComparisonTotals totals)
    {
        foreach (var (side, column) in new[] { ("p", Column.RemovedP), ("q", Column.RemovedQ) })
        {
            var mean = totals[column].FiniteMean;
            if (mean > RemovedMass) warnings.Add(Text($"vocabulary-removed: {mean:G3} of {side}'s mass lies on tokens that the other side lacks; the rest was normalised again"));
        }
    }

    private static void AddTargets(List<string> warnings, ComparisonTotals totals)
    {
        if (totals.Saturated > 0)
            warnings.Add(Text($"saturation: {totals.Saturated} targets lie at the floor of llama.cpp's 16-bit file, where p is at most what is stored: p's perplexity is biased low"));
        var (targets, compared) = (totals[Column.TargetChange].Count, totals[Column.Forward].Count);
        if (targets > 0 && targets < compared) warnings.Add(Text($"missing-targets: only {targets} of {compared} positions have a target"));
        if (totals[Column.LossDifference].Count < targets) warnings.Add("infinite: both sides exclude some targets; the ratio of perplexities leaves those out");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
