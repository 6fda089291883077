using System.ComponentModel.DataAnnotations;
using KlCore;
using KlCore.Estimation;

namespace KlApi.Samples;

/// <summary>What every request about samples has.</summary>
/// <typeparam name="TEstimator">The estimators that it may name.</typeparam>
public abstract record SamplesRequest<TEstimator> : IChecked
    where TEstimator : class, IChecked
{
    private const int MaximumEstimators = 20;

    /// <summary>How to estimate; at most 20.</summary>
    public IReadOnlyList<TEstimator>? Estimators { get; init; }

    /// <summary>How sure the estimates are to be made.</summary>
    public Confidence Confidence { get; init; } = new();

    /// <summary>From which every random selection of points follows: the same seed, the same answer.</summary>
    [Range(0L, 9007199254740991L)]
    public long Seed { get; init; } = 1;

    /// <summary>The unit of log-like estimates.</summary>
    public Unit Unit { get; init; }

    /// <inheritdoc/>
    public virtual void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        Confidence.Check(problems.At("confidence"));
        if (Estimators is { Count: 0 or > MaximumEstimators }) problems.Add("estimators", $"must have 1 to {MaximumEstimators} elements, had {Estimators.Count}");
        else if (Estimators is { } estimators)
            for (var i = 0; i < estimators.Count; i++) estimators[i].Check(problems.At("estimators").At(i));
    }
}
