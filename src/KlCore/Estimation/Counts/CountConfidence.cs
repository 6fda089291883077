using System.ComponentModel.DataAnnotations;

namespace KlCore.Estimation.Counts;

/// <summary>How sure estimates from counts are to be made.</summary>
public sealed record CountConfidence : IChecked
{
    /// <summary>The probability with which the interval holds the truth, as far as the error is all there is: above 0 and below 1.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Level { get; init; } = 0.95;

    /// <summary>How the standard error is found.</summary>
    public CountErrorMethod Method { get; init; } = CountErrorMethod.Delta;

    /// <summary>How many samples the bootstrap draws.</summary>
    [Range(2, 100_000)]
    public int Resamples { get; init; } = 200;

    /// <inheritdoc/>
    public void Check(Problems problems) => Bounds.Check(this, problems);
}

/// <summary>How the standard error of an estimate from counts is found.</summary>
public enum CountErrorMethod
{
    /// <summary>By the derivative: that of the plug-in, sqrt((sum p ln^2 p - H^2)/N), which all corrections share to the leading order. Of NSB the posterior standard deviation.</summary>
    Delta,

    /// <summary>By leaving out one observation after the other.</summary>
    Jackknife,

    /// <summary>By drawing samples of the same size from the relative frequencies. Of use where these are near the truth: what was not seen is never drawn.</summary>
    Bootstrap,
}
