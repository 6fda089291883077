using KlCore.Distributions;
using KlCore.Estimation.Distances;
using KlCore.Estimation.Neighbours;

namespace KlCore.Estimation;

/// <summary>Two samples between which estimators measure.</summary>
public sealed class TwoSamples
{
    private readonly PooledSample _pooled;
    private bool _isDiscrete;

    private TwoSamples(PooledSample pooled) => _pooled = pooled;

    /// <summary>How many points x has.</summary>
    public int CountX => _pooled.CountX;

    /// <summary>How many points y has.</summary>
    public int CountY => _pooled.CountY;

    /// <summary>How many coordinates each point has.</summary>
    public int Dimension => _pooled.Dimension;

    /// <summary>The estimators that are used when none is asked for: nearest neighbours, of which k is as large as few points allow, and on a line the Wasserstein distance of order 1.</summary>
    public IReadOnlyList<Estimator> Default()
    {
        var neighbours = new NearestNeighbour { K = Math.Clamp(CountY == 0 ? CountX - 1 : Math.Min(CountX - 1, CountY), 1, 5) };
        return Dimension == 1 && CountY > 0 ? [neighbours, new Wasserstein()] : [neighbours];
    }

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

    /// <summary>One sample, and perhaps the density q of the other distribution; null with the reasons in <paramref name="problems"/>.</summary>
    public static TwoSamples? TryFrom(Points x, Distribution? q, Problems problems)
    {
        var before = problems.Total;
        x.Check(problems.At("x"));
        q?.Check(problems.At("q"));
        if (x.Count == 0) problems.Add("x", "must have at least 1 point, had none");
        if (problems.Total == before && q is not null && q.Dimension() != x.Dimension) problems.Add("x", $"must have points of {q.Dimension()} coordinates like q, had {x.Dimension}");
        return problems.Total > before ? null : new TwoSamples(new PooledSample(x, q?.LogDensities(x))) { _isDiscrete = q?.Describe().IsDiscrete == true };
    }

    /// <summary>The estimate with its error, as far as that is asked for and can be found.</summary>
    /// <param name="estimator">Which one.</param>
    /// <param name="confidence">How sure it is to be made.</param>
    /// <param name="seed">From which selections follow.</param>
    /// <param name="unit">The unit of log-like estimates.</param>
    /// <param name="cancellation">Stops what takes long.</param>
    /// <exception cref="InvalidInputException">The estimator cannot be used with these samples.</exception>
    /// <exception cref="NotComputableException">The estimate is not defined for them.</exception>
    /// <exception cref="TooCostlyException">It would take too long.</exception>
    public Estimate Estimate(Estimator estimator, Confidence confidence, long seed, Unit unit = Unit.Nats, CancellationToken cancellation = default) =>
        Estimate([estimator], confidence, seed, unit, cancellation)[0];

    /// <summary>One estimate for each estimator. What is done for standard errors and p-values without having been asked for is shared among them.</summary>
    /// <inheritdoc cref="Estimate(Estimator, Confidence, long, Unit, CancellationToken)"/>
    public IReadOnlyList<Estimate> Estimate(IReadOnlyList<Estimator> estimators, Confidence confidence, long seed, Unit unit = Unit.Nats, CancellationToken cancellation = default)
    {
        RequireKnowledge(estimators);
        SampleEstimates.Check(estimators, _pooled, confidence);
        var selections = new Selections(CountX, CountY, isPaired: false, seed);
        return SampleEstimates.Of(estimators, _pooled.WithSeed(seed), Dimension, selections, canExchange: CountY > 0, confidence, unit, cancellation);
    }

    private void RequireKnowledge(IReadOnlyList<Estimator> estimators)
    {
        if (CountY > 0) return;
        var problems = new Problems();
        for (var i = 0; i < estimators.Count; i++)
        {
            if (estimators[i].Needs == SampleNeeds.Density) continue;
            if (_pooled.LogDensities is null) problems.Add("y", $"is required{(estimators[i].Needs == SampleNeeds.Sample ? "" : ", unless the density q is given")}");
            else if (estimators[i].Needs == SampleNeeds.Sample) problems.At("estimators").At(i).Add("must be one that takes a density q (nearest-neighbour, kernel-density or monte-carlo) where no points y are given");
            else if (_isDiscrete) problems.At("q").Add("family", "must have a density, gives probabilities to single points");
            if (problems.Any) break;
        }

        problems.ThrowIfAny();
    }
}
