namespace KlCore.Divergences;

/// <summary>What a reader of the results should know about the numbers behind them.</summary>
public static class Warnings
{
    /// <summary>A sum this close to 1 is rounding, not news.</summary>
    private const double Rounding = 1e-12;

    /// <summary>One sentence for each thing worth knowing; none if all is as it seems.</summary>
    public static IReadOnlyList<string> Of(Pair pair)
    {
        var warnings = new List<string>();
        AddSum(warnings, "p", pair.First);
        AddSum(warnings, "q", pair.Second);
        AddOutside(warnings, pair, "q is 0 where p is positive", "KL(p || q)", cell => cell.IsOutsideQ);
        AddOutside(warnings, pair, "p is 0 where q is positive", "KL(q || p)", cell => cell.IsOutsideP);
        return warnings;
    }

    /// <summary>
    /// Names the measures that are Infinity only because their value is beyond a double: no category is outside either support, or the
    /// measure is of distances, which are finite.
    /// </summary>
    public static IEnumerable<string> OfOverflow(Pair pair, IEnumerable<(Divergence Measure, double Value)> results)
    {
        var infinite = results.Where(result => double.IsPositiveInfinity(result.Value)).Select(result => result.Measure).ToList();
        if (infinite.Count == 0) return [];
        var isOutside = Enumerable.Range(0, pair.Count).Any(i => pair[i].IsOutsideQ || pair[i].IsOutsideP);
        return infinite.Where(measure => !isOutside || measure.Describe().UsesPositions)
            .Select(measure => $"{Catalogue.NameOf(measure)} is finite but exceeds the largest double, {double.MaxValue:G3}, and is answered as Infinity")
            .Distinct();
    }

    private static void AddSum(List<string> warnings, string name, MassFunction side)
    {
        if (!side.IsNormalised)
        {
            if (side.Total.Value != 1) warnings.Add($"{name} sums to {side.Total.Value:R} after smoothing and is not normalised again");
            return;
        }

        if (side.How.Input is InputKind.Weights or InputKind.Logits || side.IsSmoothed) return;
        var sum = MassChecks.Sum(side);
        if (Math.Abs(sum - 1) > Rounding * Math.Max(1, side.Count * 1e-3)) warnings.Add($"{name} summed to {sum:R} and was divided by that");
    }

    private static void AddOutside(List<string> warnings, Pair pair, string what, string consequence, Func<Cell, bool> isOutside)
    {
        var (count, first) = (0, -1);
        var p = pair.P;
        var q = pair.Q;
        for (var i = 0; i < p.Length; i++)
        {
            if ((p[i] != 0 && q[i] != 0) || !isOutside(pair[i])) continue;
            if (count++ == 0) first = i;
        }

        if (count == 0) return;
        var where = count == 1 ? $"in category {first}" : $"in {count} categories, the first of them {first}";
        warnings.Add($"{what} {where}: {consequence} is infinite");
    }
}
