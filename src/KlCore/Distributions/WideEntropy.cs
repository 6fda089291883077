using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// The entropy of distributions of integers for which there is no formula: that of a single value is 0, and that of wide ones, whose masses are smooth, is
/// found to about 1e-14 without looking at every value.
/// </summary>
internal static class WideEntropy
{
    private const double Wide = 300;

    // Beyond so many standard deviations, or means, there is less than 1e-20.
    private const double Reach = 50;

    /// <summary>-sum p ln p in nats, or null where the masses should be added up one by one.</summary>
    public static double? Of(Discrete distribution)
    {
        var (lower, upper) = distribution.Support();
        if (lower == upper) return 0;
        if (distribution.Expectation() is not { } mean || distribution.Variance() is not { } variance || !double.IsFinite(variance)) return null;
        var deviation = Math.Sqrt(variance);
        if (deviation < Wide || deviation < 16 * (mean * 2.3e-16)) return null;
        var from = Math.Max(lower, Math.Floor(mean - Reach * deviation));
        var to = Math.Min(upper, Math.Ceiling(mean + Reach * deviation));
        return LatticeSum.Of(Term, from, to, (Math.Round(mean), deviation));

        double Term(double k)
        {
            var log = distribution.LogMass(k);
            return double.IsNegativeInfinity(log) ? 0 : -log * Math.Exp(log);
        }
    }
}
