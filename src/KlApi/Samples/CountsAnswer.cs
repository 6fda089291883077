using System.Text.Json.Serialization;
using KlCore;
using KlCore.Estimation.Counts;

namespace KlApi.Samples;

/// <summary>What was estimated from counts.</summary>
public sealed record CountsAnswer
{
    /// <summary>The unit of entropies and divergences.</summary>
    public required Unit Unit { get; init; }

    /// <summary>How standard errors were found.</summary>
    public required CountErrorMethod ErrorMethod { get; init; }

    /// <summary>The sample p.</summary>
    public required CountedSample P { get; init; }

    /// <summary>The sample q, if there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CountedSample? Q { get; init; }

    /// <summary>KL(p‖q) under each correction that has one; absent without a q.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CountEstimate>? Forward { get; init; }

    /// <summary>KL(q‖p); absent where q is not counted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CountEstimate>? Reverse { get; init; }

    /// <summary>Whether p is a sample of the known q, or both are samples of one distribution; absent without a q.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CountTest>? Tests { get; init; }

    /// <summary>What a reader should know of the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>One sample of counts.</summary>
/// <param name="Total">How many observations there are.</param>
/// <param name="Categories">How many categories there could be.</param>
/// <param name="Observed">How many were seen.</param>
/// <param name="Singletons">How many were seen once.</param>
/// <param name="Coverage">1 − singletons/total: roughly the probability of the categories that were seen.</param>
/// <param name="Entropies">The entropy under each correction.</param>
public sealed record CountedSample(double Total, double Categories, double Observed, double Singletons, double Coverage, IReadOnlyList<CountEstimate> Entropies);
