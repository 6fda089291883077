namespace KlCore.Estimation;

/// <summary>Two samples between which estimators measure.</summary>
public sealed class TwoSamples
{
    private readonly PooledSample _pooled;

    private TwoSamples(PooledSample pooled) => _pooled = pooled;

    /// <summary>The samples, or null with the reasons in <paramref name="problems"/>.</summary>
    public static TwoSamples? TryFrom(Points x, Points y, Problems problems)
    {
        var before = problems.Total;
        x.Check(problems.At("x"));
        y.Check(problems.At("y"));
        if (x.Count == 0) problems.Add("x", "must have at least 1 point, had none");
        if (y.Count == 0) problems.Add("y", "must have at least 1 point, had none");
        if (problems.Total == before && x.Dimension != y.Dimension) problems.Add("y", $"must have points of {x.Dimension} coordinates like x, had {y.Dimension}");
        return problems.Total > before ? null : new TwoSamples(new PooledSample(x, y));
    }

    /// <summary>The estimate with its error, as far as that is asked for and can be found.</summary>
    /// <param name="estimator">Which one.</param>
    /// <param name="confidence">How sure it is to be made.</param>
    /// <param name="seed">From which selections follow.</param>
    /// <param name="unit">The unit of log-like estimates.</param>
    /// <param name="cancellation">Stops what takes long.</param>
    public Estimate Estimate(Estimator estimator, Confidence confidence, long seed, Unit unit = Unit.Nats, CancellationToken cancellation = default)
    {
        var problems = new Problems();
        estimator.Check(problems);
        confidence.Check(problems);
        estimator.CheckSamples(_pooled, problems);
        problems.ThrowIfAny();
        _ = (seed, unit);
        var statistic = estimator.Prepare(_pooled, cancellation);
        int[] places = [.. Enumerable.Range(0, _pooled.Count)];
        return new Estimate
        {
            Value = statistic.Of(places.AsSpan(0, _pooled.CountX), places.AsSpan(_pooled.CountX), cancellation),
            Details = statistic.Details(),
            Warnings = [.. estimator.Warnings(_pooled)],
        };
    }
}
