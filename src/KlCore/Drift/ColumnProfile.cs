using System.Text.Json.Serialization;

namespace KlCore.Drift;

/// <summary>
/// What is kept of a column: of numbers their distribution, in at most so many steps, of categories their counts. It is enough to compare another
/// sample with it, and small however long the column was.
/// </summary>
public sealed record ColumnProfile
{
    /// <summary>The most steps of a distribution that is kept. Between them a share is off by at most one part in so many.</summary>
    public const int MostSteps = 2048;

    /// <summary>The most categories that are kept.</summary>
    public const int MostCategories = 2048;

    /// <summary>The column's name.</summary>
    public required string Name { get; init; }

    /// <summary>How the column is compared.</summary>
    public required ColumnKind Type { get; init; }

    /// <summary>How many cells there were, those included that held nothing.</summary>
    public required long Rows { get; init; }

    /// <summary>How many held nothing.</summary>
    public required long Missing { get; init; }

    /// <summary>Of numbers: ascending values, each standing for as many cells as its count says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Values { get; init; }

    /// <summary>How many cells each value, or each category, stands for.</summary>
    public required double[] Counts { get; init; }

    /// <summary>Of categories: their names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Categories { get; init; }

    /// <summary>Of numbers: their mean; 0 where there are none.</summary>
    public double Mean { get; init; }

    /// <summary>Of numbers: their standard deviation (divided by n - 1); 0 where there are fewer than two.</summary>
    public double StandardDeviation { get; init; }

    /// <summary>Whether nothing was left out: fewer steps, or fewer categories, than are kept at most.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>How many cells held something.</summary>
    public long Present() => Rows - Missing;

    /// <summary>The profile of a column, compared as such a kind.</summary>
    /// <param name="column">The cells.</param>
    /// <param name="type">How it is compared.</param>
    /// <param name="isWhole">Whether everything is kept, for one comparison at once.</param>
    public static ColumnProfile Of(ColumnSample column, ColumnKind type, bool isWhole) => type == ColumnKind.Numeric ? OfNumbers(column, isWhole) : OfTexts(column, type, isWhole);

    private static ColumnProfile OfNumbers(ColumnSample column, bool isWhole)
    {
        double[] sorted = [.. column.Numbers];
        Array.Sort(sorted);
        var (values, counts) = Runs(sorted);
        var isComplete = isWhole || values.Count <= MostSteps;
        if (!isComplete) (values, counts) = Steps(sorted);
        // Rounding must not give equal numbers a mean beside them, and so a deviation.
        var mean = sorted.Length == 0 ? 0 : Math.Clamp(sorted.Sum(value => value / sorted.Length), sorted[0], sorted[^1]);
        return new ColumnProfile
        {
            Name = column.Name,
            Type = ColumnKind.Numeric,
            Rows = column.Rows,
            Missing = column.Missing,
            Values = [.. values],
            Counts = [.. counts],
            Mean = mean,
            StandardDeviation = Deviation(sorted, mean),
            IsComplete = isComplete,
        };
    }

    /// <summary>By the largest distance from the mean, so that no square overflows.</summary>
    private static double Deviation(double[] sorted, double mean)
    {
        if (sorted.Length < 2) return 0;
        var scale = Math.Max(sorted[^1] / 2 - mean / 2, mean / 2 - sorted[0] / 2);
        if (scale == 0) return 0;
        var sum = sorted.Sum(value => (value / 2 - mean / 2) / scale is var part ? part * part : 0);
        return Math.Min(double.MaxValue, 2 * scale * Math.Sqrt(sum / (sorted.Length - 1)));
    }

    private static ColumnProfile OfTexts(ColumnSample column, ColumnKind type, bool isWhole)
    {
        var all = column.Texts().OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).ToList();
        var kept = isWhole ? all : all.Take(MostCategories).ToList();
        return new ColumnProfile
        {
            Name = column.Name,
            Type = type,
            Rows = column.Rows,
            Missing = column.Missing,
            Categories = [.. kept.Select(entry => entry.Key)],
            Counts = [.. kept.Select(entry => (double)entry.Value)],
            IsComplete = kept.Count == all.Count && column.Uncounted == 0,
        };
    }

    private static (List<double> Values, List<double> Counts) Runs(double[] sorted)
    {
        var (values, counts) = (new List<double>(), new List<double>());
        foreach (var value in sorted)
        {
            if (values.Count > 0 && values[^1] == value) counts[^1]++;
            else
            {
                values.Add(value);
                counts.Add(1);
            }
        }

        return (values, counts);
    }

    /// <summary>As many cells to each step as can be; the ends themselves are kept.</summary>
    private static (List<double> Values, List<double> Counts) Steps(double[] sorted)
    {
        var (values, counts) = (new List<double>(), new List<double>());
        var from = 0L;
        for (var step = 0; step < MostSteps; step++)
        {
            var to = (long)sorted.Length * (step + 1) / MostSteps;
            var value = step == 0 ? sorted[0] : step == MostSteps - 1 ? sorted[^1] : sorted[(from + to) / 2];
            if (values.Count > 0 && values[^1] == value) counts[^1] += to - from;
            else
            {
                values.Add(value);
                counts.Add(to - from);
            }

            from = to;
        }

        return (values, counts);
    }
}

/// <summary>How a column is compared.</summary>
public enum ColumnKind
{
    /// <summary>By the distribution of its numbers.</summary>
    Numeric,

    /// <summary>By how often each of its values occurs.</summary>
    Categorical,

    /// <summary>Not at all: texts that hardly repeat.</summary>
    Text,
}
