using System.Text.Json.Serialization;
using KlCore.Numerics;

namespace KlCore;

/// <summary>How a number was found.</summary>
public enum Method
{
    /// <summary>By the definition itself, a finite sum, to rounding error.</summary>
    Exact,

    /// <summary>By a formula in the parameters.</summary>
    ClosedForm,

    /// <summary>By numerical integration with an error bound.</summary>
    Quadrature,

    /// <summary>By summing a series until what is left has a bound.</summary>
    Summation,

    /// <summary>As a mean over random draws with a standard error.</summary>
    MonteCarlo,

    /// <summary>By an approximation, with a bound or a standard error where one is known.</summary>
    Estimate,
}

/// <summary>A number, how it was found, and how far off it may be.</summary>
/// <param name="Value">The number; never NaN, possibly infinite.</param>
/// <param name="Method">How it was found.</param>
/// <param name="ErrorBound">The largest absolute error, where the value is not exact and a bound is known.</param>
/// <param name="StandardError">The standard error, where the value is a mean over random draws.</param>
public sealed record Measurement(
    double Value,
    Method Method,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ErrorBound = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? StandardError = null)
{
    /// <summary>What a reader should know before relying on the number; null if nothing.</summary>
    [JsonIgnore]
    public string? Warning { get; init; }

    /// <summary>The mean of independent numbers, with its standard error where there are two of them and the mean is finite.</summary>
    internal static Measurement MeanOf(IReadOnlyCollection<double> values, Method method = Method.Estimate)
    {
        CompensatedSum sum = default, squares = default;
        foreach (var value in values) sum.Add(value);
        var mean = sum.Value / values.Count;
        if (values.Count < 2 || !double.IsFinite(mean)) return new Measurement(mean, method);
        foreach (var value in values) squares.AddProduct(value - mean, value - mean);
        return new Measurement(mean, method, StandardError: Math.Sqrt(squares.Value / (values.Count - 1) / values.Count));
    }
}
