using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace KlCore.Policies;

/// <summary>What to estimate and how.</summary>
public sealed record PolicyOptions : IChecked
{
    /// <summary>The estimators; null for all that the batch allows, but for <c>absolute</c>.</summary>
    public IReadOnlyList<PolicyEstimator>? Estimators { get; init; }

    /// <summary>What is done to large values.</summary>
    public PolicyClamp Clamp { get; init; }

    /// <summary>One aggregation; null for all.</summary>
    public Aggregation? Aggregation { get; init; }

    /// <summary>The divisor of <c>seq-mean-token-sum-norm</c>; null for the length of the longest sequence, masked tokens included.</summary>
    [Range(1, int.MaxValue)]
    public int? Horizon { get; init; }

    /// <summary>The unit of everything answered; the clamps work on nats, as frameworks have them.</summary>
    public Unit Unit { get; init; }

    /// <summary>Whether each token's value is answered.</summary>
    public bool Tokens { get; init; }

    /// <summary>Whether the gradient of each aggregated value is answered.</summary>
    public bool Gradient { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        if (Estimators is null) return;
        if (Estimators.Count == 0) problems.Add("estimators", "must have at least 1 element, had none");
        for (var i = 0; i < Estimators.Count; i++)
            if (Estimators.Take(i).Contains(Estimators[i])) problems.At("estimators").At(i).Add("must not be given twice");
    }
}

/// <summary>KL(pi||ref) as estimated from sampled tokens.</summary>
public sealed record PolicyKl
{
    /// <summary>The unit of values, errors, gradients and token values.</summary>
    public required Unit Unit { get; init; }

    /// <summary>Tokens that count.</summary>
    public required int Tokens { get; init; }

    /// <summary>Sequences given.</summary>
    public required int Sequences { get; init; }

    /// <summary>Sequences of which no token counts: no mean over sequences includes them.</summary>
    public required int MaskedSequences { get; init; }

    /// <summary>What was done to large values.</summary>
    public required PolicyClamp Clamp { get; init; }

    /// <summary>One result for each estimator.</summary>
    public required IReadOnlyList<EstimatorResult> Results { get; init; }

    /// <summary>What the numbers show about the tokens; empty if nothing is wrong.</summary>
    public required IReadOnlyList<Finding> Diagnosis { get; init; }
}

/// <summary>One estimator under the aggregations asked for.</summary>
public sealed record EstimatorResult
{
    /// <summary>Its name.</summary>
    public required PolicyEstimator Estimator { get; init; }

    /// <summary>Its term of a token, delta = log pi - log ref.</summary>
    public required string Formula { get; init; }

    /// <summary>How the values were found.</summary>
    public Method Method { get; init; } = Method.Estimate;

    /// <summary>What the mean over tokens sampled from pi is in expectation, without clamp.</summary>
    public required string InExpectation { get; init; }

    /// <summary>Whether that is KL(pi||ref).</summary>
    public required bool Unbiased { get; init; }

    /// <summary>What it minimises as a term of the loss.</summary>
    public required string GradientOf { get; init; }

    /// <summary>What it minimises when subtracted from the reward.</summary>
    public required string GradientOfReward { get; init; }

    /// <summary>What follows from that.</summary>
    public required string Note { get; init; }

    /// <summary>The value under each aggregation.</summary>
    public required IReadOnlyList<AggregatedEstimate> Aggregations { get; init; }

    /// <summary>The variance of the tokens' values, in the unit squared.</summary>
    public required double Variance { get; init; }

    /// <summary>The share of tokens whose value a clamp changed.</summary>
    public required double ClampedFraction { get; init; }

    /// <summary>The control variate of <c>optimal</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Control? Control { get; init; }

    /// <summary>The value of each token, 0 where it does not count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TokenRows? Tokens { get; init; }
}

/// <summary>The control variate that was used.</summary>
/// <param name="Lambda">lambda*, estimated on all tokens as if they were independent; 1 (k3) where they leave it open.</param>
/// <param name="IsDetermined">Whether the tokens determined it.</param>
/// <param name="VarianceReduction">1 - Var(k(lambda*)) / Var(k1): the share of k1's variance that is gone. Null where k1 has none, or an infinite one.</param>
/// <param name="VarianceReductionOfK3">The same for k3; negative where k3 is worse than k1.</param>
/// <param name="CrossFittedLambdas">lambda* of the two halves; null where one does not determine it.</param>
public sealed record Control(double Lambda, bool IsDetermined, double? VarianceReduction, double? VarianceReductionOfK3, IReadOnlyList<double>? CrossFittedLambdas);

/// <summary>Something that the numbers show.</summary>
/// <param name="Code">One stable word.</param>
/// <param name="Message">What was seen, with numbers, and what it means.</param>
public sealed record Finding(string Code, string Message);
