namespace KlCore.Estimation.Dependence;

/// <summary>Pairs whose dependence is estimated.</summary>
public sealed class Pairs
{
    private readonly PairedSample _sample;

    private Pairs(PairedSample sample) => _sample = sample;

    /// <summary>How many pairs there are.</summary>
    public int Count => _sample.Count;

    /// <summary>How many coordinates both sides have together.</summary>
    public int Dimension => _sample.X.Dimension + _sample.Y.Dimension;

    /// <summary>The estimators that are used when none is asked for: nearest neighbours, of which k is as large as few pairs allow.</summary>
    public IReadOnlyList<MutualInformationEstimator> Default() => [new NearestNeighbourInformation { K = Math.Clamp(Count - 1, 1, 5) }];

    /// <summary>The pairs, or null with the reasons in <paramref name="problems"/>.</summary>
    public static Pairs? TryFrom(Points x, Points y, Problems problems)
    {
        var before = problems.Total;
        x.Check(problems.At("x"));
        y.Check(problems.At("y"));
        if (x.Count == 0) problems.Add("x", "must have at least 1 point, had none");
        if (y.Count != x.Count) problems.Add("y", $"must have a row for each of the {x.Count} rows of x, had {y.Count}");
        return problems.Total > before ? null : new Pairs(new PairedSample(x, y));
    }

    /// <summary>One estimate for each estimator, with their errors as far as they are asked for and can be found; p-values come from other orders of y.</summary>
    /// <inheritdoc cref="TwoSamples.Estimate(Estimator, Confidence, long, Unit, CancellationToken)"/>
    public IReadOnlyList<Estimate> Estimate(IReadOnlyList<MutualInformationEstimator> estimators, Confidence confidence, long seed, Unit unit = Unit.Nats, CancellationToken cancellation = default)
    {
        SampleEstimates.Check(estimators, _sample, confidence);
        return SampleEstimates.Of(estimators, _sample, Dimension, new Selections(Count, Count, isPaired: true, seed), canExchange: true, confidence, unit, cancellation);
    }
}
