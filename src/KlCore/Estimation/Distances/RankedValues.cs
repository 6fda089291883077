using KlCore.Numerics;

namespace KlCore.Estimation.Distances;

/// <summary>
/// The distinct numbers of a pooled sample in ascending order, and which of them stands at each place. With this, found once, a statistic of
/// ranks takes linear time for every selection.
/// </summary>
internal sealed class RankedValues
{
    /// <summary>Differences of larger numbers could overflow.</summary>
    private const double Huge = 1e300;

    /// <summary>The unit of huge numbers; a power of two with an even exponent, so that it has a root.</summary>
    private const double LargeUnit = 1UL << 62;

    private readonly int[] _ranks;

    public RankedValues(ReadOnlySpan<double> values)
    {
        var order = RadixSort.Order(values);
        Unit = Math.Max(Math.Abs(values[order[0]]), Math.Abs(values[order[^1]])) > Huge ? LargeUnit : 1;
        _ranks = new int[values.Length];
        var distinct = new double[values.Length];
        var last = -1;
        foreach (var place in order)
        {
            var value = values[place] / Unit;
            if (last < 0 || value != distinct[last]) distinct[++last] = value;
            _ranks[place] = last;
        }

        Distinct = distinct[..(last + 1)];
    }

    /// <summary>The distinct numbers, ascending, in units of <see cref="Unit"/>.</summary>
    public double[] Distinct { get; }

    /// <summary>1, but for numbers whose differences could overflow.</summary>
    public double Unit { get; }

    /// <summary>Counts how often each distinct number is selected.</summary>
    public int[] Count(ReadOnlySpan<int> places)
    {
        var counts = new int[Distinct.Length];
        foreach (var place in places) counts[_ranks[place]]++;
        return counts;
    }
}

/// <summary>How often each of some numbers occurs in two samples.</summary>
/// <param name="Values">The numbers, distinct and ascending.</param>
/// <param name="X">How often each is in x.</param>
/// <param name="Y">How often each is in y.</param>
/// <param name="CountX">How many points x has.</param>
/// <param name="CountY">How many points y has.</param>
/// <param name="Unit">What the numbers are to be multiplied with.</param>
internal readonly record struct RankCounts(double[] Values, int[] X, int[] Y, int CountX, int CountY, double Unit)
{
    /// <summary>n m (F - G) changes by this at the number of an index: a whole number, so that sums of it are exact.</summary>
    public long Step(int index) => (long)X[index] * CountY - (long)Y[index] * CountX;
}
