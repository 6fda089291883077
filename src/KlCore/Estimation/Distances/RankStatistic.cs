namespace KlCore.Estimation.Distances;

/// <summary>A statistic of two samples on a line that needs to know no more than how often each number occurs in either.</summary>
/// <param name="sample">The points, of one coordinate.</param>
/// <param name="value">The statistic.</param>
internal sealed class RankStatistic(PooledSample sample, Func<RankCounts, double> value) : PooledStatistic
{
    private readonly Lazy<RankedValues> _ranked = new(() => new RankedValues(sample.Coordinates));

    /// <summary>The statistic of all points where there is a faster way than by ranks.</summary>
    public Func<double>? Whole { get; init; }

    /// <summary>The probability of at least this value if both samples were of one distribution.</summary>
    public Func<RankCounts, CancellationToken, double?>? Probability { get; init; }

    /// <summary>The standard error, where there is a formula.</summary>
    public Func<RankCounts, double?>? Error { get; init; }

    /// <summary>What else is to be told.</summary>
    public Func<RankCounts, IReadOnlyDictionary<string, double>>? Told { get; init; }

    public override bool IsShared => true;

    public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Whole is not null && sample.IsWhole(x, y) ? Whole() : value(Count(x, y));
    }

    public override double? StandardError(CancellationToken cancellation) => Error?.Invoke(CountAll());

    public override double? PValue(CancellationToken cancellation) => Probability?.Invoke(CountAll(), cancellation);

    public override IReadOnlyDictionary<string, double> Details() => Told?.Invoke(CountAll()) ?? base.Details();

    /// <summary>Adds that points of several coordinates have no order.</summary>
    public static void RequireLine(PooledSample sample, Problems problems)
    {
        if (sample.Dimension == 1) return;
        var message = $"must have points of one coordinate, which alone have an order; had {sample.Dimension}";
        problems.Add("x", message);
        problems.Add("y", message);
    }

    private RankCounts CountAll()
    {
        int[] places = [.. Enumerable.Range(0, sample.Count)];
        return Count(places.AsSpan(0, sample.CountX), places.AsSpan(sample.CountX));
    }

    private RankCounts Count(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        var ranked = _ranked.Value;
        return new(ranked.Distinct, ranked.Count(x), ranked.Count(y), x.Length, y.Length, ranked.Unit);
    }
}
