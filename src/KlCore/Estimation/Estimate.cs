using System.Text.Json.Serialization;

namespace KlCore.Estimation;

/// <summary>What an estimator says of two samples.</summary>
public sealed record Estimate
{
    /// <summary>What it is an estimate of, with its direction: "KL(p || q)".</summary>
    public string Estimates { get; init; } = "";

    /// <summary>The estimate; of a divergence it may be negative, because it is not clipped.</summary>
    public required double Value { get; init; }

    /// <summary>Always <c>estimate</c>.</summary>
    public Method Method { get; init; } = Method.Estimate;

    /// <summary>The standard error, if it was asked for and could be found.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? StandardError { get; init; }

    /// <summary>How the standard error was found; null where by a formula.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorMethod? ErrorMethod { get; init; }

    /// <summary>The interval of the asked confidence: lower and upper end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Interval { get; init; }

    /// <summary>How probable a value as large would be if both samples were of one distribution.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PValue { get; init; }

    /// <summary>What was chosen or found on the way: the bandwidth, the number of bins, a marginal error, …</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Details { get; init; }

    /// <summary>What a reader should know of the value.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>How sure an estimate is to be made.</summary>
public sealed record Confidence : IChecked
{
    /// <summary>The probability with which the interval holds the truth, as far as the error is all there is: above 0 and below 1.</summary>
    [System.ComponentModel.DataAnnotations.Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Level { get; init; } = 0.95;

    /// <summary>How many selections the standard error comes from; 0 for none. By default 200 (50 groups of a jackknife) where that takes no more than a few seconds, else none, with a warning.</summary>
    [System.ComponentModel.DataAnnotations.Range(0, 100_000)]
    public int? Resamples { get; init; }

    /// <summary>How many exchanges of points between the samples the p-value comes from; 0 for none. By default as many as resamples, or 200, where that takes no more than a few seconds, else none, with a warning.</summary>
    [System.ComponentModel.DataAnnotations.Range(0, 100_000)]
    public int? Permutations { get; init; }

    /// <summary>How the standard error is found; by default as suits the estimator, and by parts where that would take too long.</summary>
    public ErrorMethod? Method { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems) => Bounds.Check(this, problems);
}
