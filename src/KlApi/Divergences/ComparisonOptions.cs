using System.ComponentModel.DataAnnotations;
using KlCore;
using KlCore.Divergences;

namespace KlApi.Divergences;

/// <summary>How two distributions are read and what is measured between them. What is left out has its default.</summary>
public abstract record ComparisonOptions
{
    private const int MaximumMeasures = 100;

    /// <summary>What the numbers are; <c>probabilities</c> unless stated.</summary>
    public InputKind? Input { get; init; }

    /// <summary>How far from 1 the sum of probabilities may be, 1e-6 unless stated. What passes is divided by its exact sum.</summary>
    [Range(0.0, 1.0)]
    public double? Tolerance { get; init; }

    /// <summary>Divides logits before their softmax; for <c>logits</c> only, 1 unless stated.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? Temperature { get; init; }

    /// <summary>What to measure. Unless stated: KL both ways, Jeffreys, Jensen-Shannon, total variation and Hellinger. At most 100.</summary>
    public IReadOnlyList<Divergence>? Measures { get; init; }

    /// <summary>What is done about categories that were never seen; nothing unless stated.</summary>
    public Smoothing? Smoothing { get; init; }

    /// <summary>One coordinate or one point for each category, for measures with a ground distance; 0, 1, 2, … unless stated.</summary>
    public Positions? Positions { get; init; }

    /// <summary>The unit of log-like measures and entropies; <c>nats</c> unless stated.</summary>
    public Unit? Unit { get; init; }

    /// <summary>What to answer beside the measures.</summary>
    public IReadOnlyList<Inclusion>? Include { get; init; }

    internal Interpretation Interpretation(ComparisonOptions? fallback = null) => new()
    {
        Input = Input ?? fallback?.Input ?? InputKind.Probabilities,
        Tolerance = Tolerance ?? fallback?.Tolerance ?? 1e-6,
        Temperature = Temperature ?? fallback?.Temperature ?? 1,
        Smoothing = Smoothing ?? fallback?.Smoothing ?? new NoSmoothing(),
        Positions = Positions ?? fallback?.Positions,
    };

    /// <summary>Adds every option that is not legal by itself; the positions are checked with the distributions.</summary>
    internal void CheckOptions(Problems problems)
    {
        if (Measures is { Count: > MaximumMeasures }) problems.Add("measures", $"must have at most {MaximumMeasures} elements, had {Measures.Count}");
        else if (Measures is { Count: > 0 } measures)
        {
            for (var i = 0; i < measures.Count; i++) measures[i].Check(problems.At("measures").At(i));
        }
    }
}

/// <summary>What can be answered beside the measures.</summary>
public enum Inclusion
{
    /// <summary>Each category's share p ln(p/q) of the forward KL.</summary>
    Contributions,
}
