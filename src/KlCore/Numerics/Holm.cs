namespace KlCore.Numerics;

/// <summary>
/// Holm's correction: the i-th smallest of m p-values (i from 0) is multiplied by m - i, and none is less than those before it. The chance
/// of any false finding stays below the level. Source: S. Holm, Scandinavian Journal of Statistics 6 (1979).
/// </summary>
internal static class Holm
{
    /// <summary>The corrected p-values in the order given; null stays null and is not counted.</summary>
    public static double?[] Adjust(IReadOnlyList<double?> values)
    {
        var adjusted = new double?[values.Count];
        int[] order = [.. Enumerable.Range(0, values.Count).Where(i => values[i] is not null).OrderBy(i => values[i])];
        var largest = 0.0;
        for (var i = 0; i < order.Length; i++)
        {
            largest = Math.Max(largest, Math.Min(1, values[order[i]]!.Value * (order.Length - i)));
            adjusted[order[i]] = largest;
        }

        return adjusted;
    }
}
