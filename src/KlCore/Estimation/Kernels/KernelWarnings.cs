namespace KlCore.Estimation.Kernels;

/// <summary>What estimates by kernels are known to suffer from.</summary>
internal static class KernelWarnings
{
    /// <summary>Those that the sample tells.</summary>
    public static IEnumerable<string> Of(PooledSample sample)
    {
        var least = sample.CountY == 0 ? sample.CountX : Math.Min(sample.CountX, sample.CountY);
        if (least < 200) yield return $"Fewer than 200 points ({least}): the bias may be as large as the standard error.";
        if (sample.Dimension > 3) yield return $"{sample.Dimension} dimensions: densities of kernels are of use in up to 3.";
        for (var axis = 0; axis < sample.Dimension; axis++)
        {
            if (HasEdge(sample, axis))
                yield return $"The points seem to end at an edge in {(sample.Dimension == 1 ? "their values" : $"coordinate {axis}")}: kernels reach beyond it, so that the densities there are too small.";
        }
    }

    // Where a density ends at an edge there are nearly as many points within a bandwidth of the outermost one as in the next; tails thin out.
    private static bool HasEdge(PooledSample sample, int axis)
    {
        var values = new double[sample.CountX];
        for (var i = 0; i < values.Length; i++) values[i] = sample.Coordinates[i * sample.Dimension + axis];
        Array.Sort(values);
        var mean = values.Average();
        var step = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length) * KernelCloud.Rule(KernelRule.Scott, values.Length, 1);
        if (values.Length < 50 || !(step > 0) || !double.IsFinite(step)) return false;
        var (first, last) = (values[0], values[^1]);
        return IsEdge(values.Count(value => value < first + step), values.Count(value => value >= first + step && value < first + 2 * step), values.Length)
            || IsEdge(values.Count(value => value > last - step), values.Count(value => value <= last - step && value > last - 2 * step), values.Length);
    }

    private static bool IsEdge(int outer, int inner, int count) => outer >= Math.Max(5, 0.02 * count) && outer >= 0.6 * inner;
}
