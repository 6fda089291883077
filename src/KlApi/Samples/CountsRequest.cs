using System.ComponentModel.DataAnnotations;
using KlCore;
using KlCore.Estimation.Counts;

namespace KlApi.Samples;

/// <summary>Counts of one sample or of two, and how to estimate from them.</summary>
public sealed record CountsRequest : IChecked
{
    private const int MaximumCorrections = 20;
    private const double Tolerance = 1e-6;

    /// <summary>How often each category was seen: whole numbers, 1e15 together at most.</summary>
    public required double[] P { get; init; }

    /// <summary>How often each was seen in a second sample, over the same categories in the same order.</summary>
    public double[]? Q { get; init; }

    /// <summary>Known probabilities of the categories instead of a second sample; they sum to 1 within 1e-6.</summary>
    public double[]? Probabilities { get; init; }

    /// <summary>Which corrections; all of them if not given. Those of entropies only give no divergence.</summary>
    public IReadOnlyList<CountCorrection>? Corrections { get; init; }

    /// <summary>How many categories there could be, those included that nobody saw and that are not listed; as many as listed if not given.</summary>
    [Range(1, CountTable.MaximumCategories)]
    public int? Categories { get; init; }

    /// <summary>How sure the estimates are to be made.</summary>
    public CountConfidence Confidence { get; init; } = new();

    /// <summary>From which the samples of the bootstrap follow.</summary>
    [Range(0L, 9007199254740991L)]
    public long Seed { get; init; } = 1;

    /// <summary>The unit of entropies and divergences.</summary>
    public Unit Unit { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        Confidence.Check(problems.At("confidence"));
        if (P.Length == 0) problems.Add("p", "must have at least 1 count, had none");
        if (Categories < P.Length) problems.Add("categories", $"must be at least the {P.Length} that are listed, was {Categories}");
        if (Q is not null && Probabilities is not null) problems.Add("probabilities", "must not be given together with q");
        if (Q is not null && Q.Length != P.Length) problems.Add("q", $"must have {P.Length} counts like p, had {Q.Length}");
        if (Probabilities is not null) CheckProbabilities(problems.At("probabilities"));
        if (Corrections is { Count: 0 or > MaximumCorrections }) problems.Add("corrections", $"must have 1 to {MaximumCorrections} elements, had {Corrections.Count}");
        else if (Corrections is { } corrections)
            for (var i = 0; i < corrections.Count; i++) corrections[i].Check(problems.At("corrections").At(i));
    }

    /// <summary>The counts as tables, checked.</summary>
    internal (CountTable P, CountTable? Q) Tables()
    {
        var problems = new Problems();
        var p = CountTable.TryFrom(P, Categories, problems.At("p"));
        var q = Q is null ? null : CountTable.TryFrom(Q, Categories, problems.At("q"));
        problems.ThrowIfAny();
        return (p!, q);
    }

    private void CheckProbabilities(Problems problems)
    {
        if (Probabilities!.Length != P.Length) problems.Add($"must have {P.Length} elements like p, had {Probabilities.Length}");
        if (Categories > P.Length) problems.Add($"must be of all {Categories} categories, had {Probabilities.Length}");
        var before = problems.Total;
        for (var i = 0; i < Probabilities.Length; i++)
            if (!(Probabilities[i] >= 0 && Probabilities[i] <= 1 + Tolerance)) problems.At(i).Add($"must be at least 0 and at most 1, was {Probabilities[i]:R}");
        var sum = Probabilities.Sum();
        if (problems.Total == before && Math.Abs(sum - 1) > Tolerance) problems.Add($"must sum to 1 within {Tolerance:R}, summed to {sum:R}");
    }
}
