namespace KlCore.Estimation.Entropies;

/// <summary>A sample whose distribution's entropy is estimated.</summary>
public sealed class OneSample
{
    private readonly PooledSample _sample;

    private OneSample(PooledSample sample) => _sample = sample;

    /// <summary>How many points there are.</summary>
    public int Count => _sample.CountX;

    /// <summary>How many coordinates each has.</summary>
    public int Dimension => _sample.Dimension;

    /// <summary>The estimators that are used when none is asked for: nearest neighbours, of which k is as large as few points allow.</summary>
    public IReadOnlyList<EntropyEstimator> Default() => [new NearestNeighbourEntropy { K = Math.Clamp(Count - 1, 1, 5) }];

    /// <summary>The sample, or null with the reasons in <paramref name="problems"/>.</summary>
    public static OneSample? TryFrom(Points x, Problems problems)
    {
        var before = problems.Total;
        x.Check(problems.At("x"));
        if (x.Count == 0) problems.Add("x", "must have at least 1 point, had none");
        return problems.Total > before ? null : new OneSample(new PooledSample(x));
    }

    /// <summary>One estimate for each estimator, with their errors as far as they are asked for and can be found.</summary>
    /// <inheritdoc cref="TwoSamples.Estimate(Estimator, Confidence, long, Unit, CancellationToken)"/>
    public IReadOnlyList<Estimate> Estimate(IReadOnlyList<EntropyEstimator> estimators, Confidence confidence, long seed, Unit unit = Unit.Nats, CancellationToken cancellation = default)
    {
        SampleEstimates.Check(estimators, _sample, confidence);
        return SampleEstimates.Of(estimators, _sample, Dimension, new Selections(Count, 0, isPaired: false, seed), canExchange: false, confidence, unit, cancellation);
    }
}
