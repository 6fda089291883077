using System.Globalization;
using KlCore.Charts;
using KlCore.Estimation.Histograms;

namespace KlCore.Drift;

/// <summary>The pictures of drift.</summary>
public static class DriftCharts
{
    private const int Bars = 30;
    private const int MostCategories = 12;

    /// <summary>A column then and now: the shares of both in common bins, or of the most frequent categories.</summary>
    public static Chart Column(ColumnProfile reference, ColumnProfile current) => reference.Type == ColumnKind.Numeric && reference.Values!.Length > 0 && current.Values is { Length: > 0 }
        ? Numbers(reference, current)
        : Categories(reference, current);

    /// <summary>The score of a column over the batches, with its threshold; without one, the adjusted p-value with alpha.</summary>
    public static Chart Timeline(string column, DriftMethod? method, double? threshold, double alpha, IReadOnlyList<(double Number, double? Score, double? PValue)> batches)
    {
        var isScore = threshold is not null;
        var points = batches.Select(batch => (batch.Number, Value: isScore ? batch.Score : batch.PValue)).Where(batch => batch.Value is { } value && double.IsFinite(value)).ToList();
        var limit = threshold ?? alpha;
        double[] x = [.. points.Select(point => point.Number)], y = [.. points.Select(point => point.Value!.Value)];
        var (first, last) = batches.Count == 0 ? (0, 1) : (batches[0].Number, Math.Max(batches[0].Number + 1, batches[^1].Number));
        var label = isScore ? $"{Word(method)} score" : "adjusted p-value";
        return new Chart(
            $"Drift of {column}", new Axis("batch"), new Axis(label),
            [new Series(label, SeriesKind.Line, x, y), new Series("batches", SeriesKind.Points, x, y), new Series(isScore ? "threshold" : "alpha", SeriesKind.Dashed, [first, last], [limit, limit])])
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"The {label} of column {column} over {points.Count} batches, with a line at {limit:G4}; {points.Count(point => isScore ? point.Value >= limit : point.Value <= limit)} of them are beyond it."),
        };
    }

    private static string Word(DriftMethod? method) =>
        string.Concat((method?.ToString() ?? "").Select((letter, i) => char.IsUpper(letter) && i > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));

    private static Chart Numbers(ColumnProfile reference, ColumnProfile current)
    {
        double[] ends = [Math.Min(reference.Values![0], current.Values![0]), Math.Max(reference.Values[^1], current.Values[^1])];
        var bins = BinEdges.Of(ends, BinRule.Of(Bars), null, 1);
        return new Chart(
            $"{reference.Name}, then and now", new Axis(reference.Name), new Axis("share of the column"),
            [new Series("reference", SeriesKind.Bars, bins.Edges, Shares(reference, bins)), new Series("current", SeriesKind.Bars, bins.Edges, Shares(current, bins))])
        {
            Description = string.Create(
                CultureInfo.InvariantCulture,
                $"Histograms of {reference.Name}: {reference.Present()} cells of the reference with mean {reference.Mean:G4} and {current.Present()} now with mean {current.Mean:G4}."),
        };
    }

    private static double[] Shares(ColumnProfile profile, BinEdges bins)
    {
        var shares = new double[bins.Count];
        var total = profile.Counts.Sum();
        for (var i = 0; i < profile.Values!.Length; i++) shares[bins.Find(profile.Values[i])] += profile.Counts[i] / total;
        return shares;
    }

    private static Chart Categories(ColumnProfile reference, ColumnProfile current)
    {
        var (before, now) = (Shares(reference), Shares(current));
        string[] names = [.. before.Keys.Union(now.Keys).OrderByDescending(name => before.GetValueOrDefault(name) + now.GetValueOrDefault(name)).ThenBy(name => name, StringComparer.Ordinal).Take(MostCategories)];
        double[] edges = [.. Enumerable.Range(0, names.Length + 1).Select(i => i - 0.5)];
        return new Chart(
            $"{reference.Name}, then and now", new Axis(reference.Name) { Categories = names }, new Axis("share of the column"),
            [
                new Series("reference", SeriesKind.Bars, edges, [.. names.Select(name => before.GetValueOrDefault(name))]),
                new Series("current", SeriesKind.Bars, edges, [.. names.Select(name => now.GetValueOrDefault(name))]),
            ])
        {
            Description = $"The shares of the {names.Length} most frequent categories of {reference.Name} in the reference and now.",
        };
    }

    private static Dictionary<string, double> Shares(ColumnProfile profile)
    {
        var total = Math.Max(1, profile.Present());
        return profile.Categories?.Zip(profile.Counts).ToDictionary(entry => entry.First, entry => entry.Second / total) ?? [];
    }
}
