namespace KlCore.Estimation.Dependence;

/// <summary>How many points lie at the place of each, itself included.</summary>
internal sealed class SamePlaces
{
    private readonly int[] _counts;

    /// <summary>Counts them.</summary>
    /// <param name="points">Coordinates, one point after the other.</param>
    /// <param name="dimension">How many coordinates each has.</param>
    public SamePlaces(double[] points, int dimension)
    {
        int Compare(int one, int other)
        {
            for (var axis = 0; axis < dimension; axis++)
                if (points[one * dimension + axis].CompareTo(points[other * dimension + axis]) is not 0 and var order) return order;
            return 0;
        }

        int[] sorted = [.. Enumerable.Range(0, points.Length / dimension)];
        Array.Sort(sorted, Compare);
        _counts = new int[sorted.Length];
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && Compare(sorted[start], sorted[end]) == 0;) end++;
            for (var i = start; i < end; i++) _counts[sorted[i]] = end - start;
        }
    }

    /// <summary>How many at the place of this point.</summary>
    public int this[int point] => _counts[point];

    /// <summary>How many points share their place with at least so many others.</summary>
    public int Crowded(int others) => _counts.Count(count => count > others);
}
