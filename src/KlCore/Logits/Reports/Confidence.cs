using MathNet.Numerics.Distributions;

namespace KlCore.Logits.Reports;

/// <summary>What an interval's width was taken from.</summary>
public enum ConfidenceBasis
{
    /// <summary>The spread of positions, taken as independent of each other; normal quantile.</summary>
    Positions,

    /// <summary>The spread of chunks, which may be correlated inside; Student's t with one degree of freedom less than there are chunks.</summary>
    Clusters,
}

/// <summary>Quantiles and intervals.</summary>
internal static class Confidence
{
    /// <summary>The 97.5 % point of the normal distribution.</summary>
    public const double Normal95 = 1.959963984540054;

    /// <summary>From here up the first term of the expansion in 1 / degrees is exact to ten digits; the inverse loses digits.</summary>
    private const long ManyDegrees = 100_000;

    /// <summary>The 97.5 % point of Student's t; for many degrees z + (z^3 + z) / 4 degrees.</summary>
    public static double Student95(long degrees) =>
        degrees < ManyDegrees ? StudentT.InvCDF(0, 1, degrees, 0.975) : Normal95 + (Normal95 * Normal95 * Normal95 + Normal95) / (4.0 * degrees);

    /// <summary>
    /// Wilson's 95 % interval for a share: (r + z^2 / 2n +- z sqrt(r (1 - r) / n + z^2 / 4n^2)) / (1 + z^2 / n). Never outside of 0 to 1, and
    /// of positive width at shares of 0 and 1. Source: E. Wilson, JASA 22 (1927).
    /// </summary>
    /// <param name="rate">r, from 0 to 1.</param>
    /// <param name="count">n, how many independent trials it comes from; need not be whole.</param>
    /// <param name="z">The quantile.</param>
    public static double[] Wilson(double rate, double count, double z = Normal95)
    {
        var square = z * z / count;
        var half = z * Math.Sqrt((rate * (1 - rate) + square / 4) / count);
        var (low, high) = ((rate + square / 2 - half) / (1 + square), (rate + square / 2 + half) / (1 + square));
        return [rate == 0 ? 0 : Math.Max(0, low), rate == 1 ? 1 : Math.Min(1, high)];
    }
}
