using System.Globalization;

namespace KlCore.Training.Classifier;

/// <summary>The class of each example, as an index, and what the classes are called.</summary>
/// <param name="Labels">The class of each example.</param>
/// <param name="Names">The names of the classes in their order; numerals where the labels were numbers.</param>
/// <param name="AreNumbers">Whether the labels were whole numbers.</param>
internal sealed record ClassLabels(int[] Labels, IReadOnlyList<string> Names, bool AreNumbers)
{
    /// <summary>The most classes.</summary>
    public const int MaximumClasses = 10_000;

    /// <summary>What a class is called in an answer: a number where the labels were numbers.</summary>
    public static object NameOf(IReadOnlyList<string> names, bool areNumbers, int label) => areNumbers ? label : names[label];

    /// <summary>Reads labels.</summary>
    /// <param name="cells">Numerals or names.</param>
    /// <param name="named">The classes by name, if they are given.</param>
    /// <param name="fail">Told the index of a label and what is wrong with it.</param>
    /// <returns>Null if anything is wrong.</returns>
    public static ClassLabels? Of(IReadOnlyList<string> cells, IReadOnlyList<string>? named, Action<int, string> fail)
    {
        var areNumbers = cells.All(cell => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
        if (named is not null && !cells.Any(named.Contains) && areNumbers) return Numbered(cells, named, named.Count, fail);
        if (named is not null) return Named(cells, named, fail);
        return areNumbers ? Numbered(cells, null, MaximumClasses, fail) : Named(cells, Distinct(cells, fail), fail);
    }

    private static ClassLabels? Numbered(IReadOnlyList<string> cells, IReadOnlyList<string>? named, int classes, Action<int, string> fail)
    {
        var labels = new int[cells.Count];
        var isRight = true;
        for (var i = 0; i < labels.Length; i++)
        {
            var value = double.Parse(cells[i], NumberStyles.Float, CultureInfo.InvariantCulture);
            if (value >= 0 && value < classes && value == Math.Floor(value)) labels[i] = (int)value;
            else
            {
                fail(i, $"must be a whole number from 0 to {classes - 1}, the index of a class, was {cells[i]}");
                isRight = false;
            }
        }

        if (!isRight) return null;
        return new ClassLabels(labels, named ?? [.. Enumerable.Range(0, labels.Max() + 1).Select(label => $"{label}")], named is null);
    }

    private static ClassLabels? Named(IReadOnlyList<string> cells, IReadOnlyList<string> names, Action<int, string> fail)
    {
        if (names.Count == 0) return null;
        var indices = names.Index().ToDictionary(name => name.Item, name => name.Index);
        var labels = new int[cells.Count];
        var isRight = true;
        for (var i = 0; i < labels.Length; i++)
        {
            if (indices.TryGetValue(cells[i], out labels[i])) continue;
            fail(i, $"must be one of the {names.Count} classes, was \"{(cells[i].Length <= 40 ? cells[i] : string.Concat(cells[i].AsSpan(0, 40), "…"))}\"");
            isRight = false;
        }

        return isRight ? new ClassLabels(labels, names, false) : null;
    }

    private static List<string> Distinct(IReadOnlyList<string> cells, Action<int, string> fail)
    {
        var names = cells.ToHashSet();
        if (names.Count <= MaximumClasses) return [.. names.Order(StringComparer.Ordinal)];
        fail(0, $"must be one of at most {MaximumClasses} different names, there are {names.Count}");
        return [];
    }
}
