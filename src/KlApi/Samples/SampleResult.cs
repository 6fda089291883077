using System.Text.Json.Serialization;
using KlCore;
using KlCore.Estimation;

namespace KlApi.Samples;

/// <summary>What one estimator says.</summary>
/// <typeparam name="TEstimator">The estimators of the request.</typeparam>
public sealed record SampleResult<TEstimator>
{
    internal SampleResult(TEstimator estimator, Estimate estimate)
    {
        (Estimator, Estimates, Value, Method) = (estimator, estimate.Estimates, estimate.Value, estimate.Method);
        (StandardError, ErrorMethod, Interval, PValue) = (estimate.StandardError, estimate.ErrorMethod, estimate.Interval, estimate.PValue);
        (Details, Warnings) = (estimate.Details, estimate.Warnings);
    }

    /// <summary>The estimator with its parameters, those included that were left out of the request.</summary>
    public TEstimator Estimator { get; }

    /// <summary>What the value is an estimate of, with its direction: "KL(p || q)", where x is from p and y from q.</summary>
    public string Estimates { get; }

    /// <summary>The estimate; of a divergence it may be negative, because it is not clipped.</summary>
    public double Value { get; }

    /// <summary>The standard error, if it was asked for and could be found.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? StandardError { get; }

    /// <summary>How the standard error was found; absent where by a formula.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorMethod? ErrorMethod { get; }

    /// <summary>The interval of the asked confidence, lower and upper end: the value and so many standard errors. It knows of no bias.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Interval { get; }

    /// <summary>How probable a value as large would be if there were no difference (for mutual information: no dependence).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PValue { get; }

    /// <summary>Always <c>estimate</c>.</summary>
    public Method Method { get; }

    /// <summary>What was chosen or found on the way: the bandwidth, the number of bins, a marginal error, …</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Details { get; }

    /// <summary>What a reader should know of the value.</summary>
    public IReadOnlyList<string> Warnings { get; }
}

/// <summary>What was estimated.</summary>
/// <typeparam name="TEstimator">The estimators of the request.</typeparam>
public sealed record SamplesAnswer<TEstimator>
{
    /// <summary>The unit of log-like estimates; distances have none.</summary>
    public required Unit Unit { get; init; }

    /// <summary>The direction of every KL among the results: from x, the sample of the reference, to y. Absent where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Direction? Direction { get; init; }

    /// <summary>How many points there are.</summary>
    public required SampleCounts Counts { get; init; }

    /// <summary>How many coordinates each point has; of pairs, x and y together.</summary>
    public required int Dimension { get; init; }

    /// <summary>From which every random selection of points follows.</summary>
    public required long Seed { get; init; }

    /// <summary>One result for each estimator, in the order asked for.</summary>
    public required IReadOnlyList<SampleResult<TEstimator>> Results { get; init; }

    internal static SampleResult<TEstimator>[] Pair(IReadOnlyList<TEstimator> estimators, IReadOnlyList<Estimate> estimates) =>
        [.. estimators.Zip(estimates, (estimator, estimate) => new SampleResult<TEstimator>(estimator, estimate))];
}

/// <summary>How many points a request had.</summary>
/// <param name="X">Of the first sample.</param>
/// <param name="Y">Of the second.</param>
public sealed record SampleCounts(int X, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Y = null);
