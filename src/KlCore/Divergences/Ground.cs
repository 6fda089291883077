namespace KlCore.Divergences;

/// <summary>Distances between the points of categories.</summary>
internal static class Ground
{
    /// <summary>The Euclidean distance of every two points to the given power, 1 or 2, row by row.</summary>
    public static double[] Costs(double[][] points, int power)
    {
        var n = points.Length;
        var costs = new double[n * n];
        for (var i = 0; i < points.Length; i++)
        {
            for (var j = 0; j < i; j++) costs[i * n + j] = costs[j * n + i] = Math.Pow(Distance(points[i], points[j]), power);
        }

        return costs;
    }

    /// <summary>The Euclidean distance, scaled by the largest coordinate difference so that no square overflows.</summary>
    public static double Distance(double[] a, double[] b)
    {
        var largest = 0.0;
        for (var k = 0; k < a.Length; k++) largest = Math.Max(largest, Math.Abs(a[k] - b[k]));
        if (largest == 0 || a.Length == 1 || double.IsInfinity(largest)) return largest;
        var sum = 0.0;
        for (var k = 0; k < a.Length; k++)
        {
            var part = (a[k] - b[k]) / largest;
            sum += part * part;
        }

        return largest * Math.Sqrt(sum);
    }

    /// <summary>Refuses a computation that takes more than linear time over too many categories.</summary>
    public static void RequireAtMost(int limit, Pair pair, string what)
    {
        if (pair.Count > limit)
            throw new TooCostlyException($"{what} takes at most {limit} categories, there were {pair.Count}.");
    }
}
