using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Both tails of a distribution on finitely many integers, by its masses: the one that is the smaller by the mean is summed.</summary>
internal static class LatticeTails
{
    /// <summary>P(X &lt;= k) and P(X &gt; k).</summary>
    public static (double AtMost, double Above) Of(Discrete distribution, double k, double mean, double deviation)
    {
        var (lower, upper) = distribution.Support();
        var isLower = k < mean;
        var sum = isLower ? Sum(lower, k) : Sum(k + 1, upper);
        sum = Math.Min(1, sum);
        return isLower ? (sum, 1 - sum) : (1 - sum, sum);

        double Sum(double from, double to) => LatticeSum.Of(x => Math.Exp(distribution.LogMass(x)), from, to, (Math.Round(mean), Math.Max(1, deviation)));
    }
}
