using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// The entropy of distributions of integers for which there is no formula: that of a single value is 0, and that of wide ones, whose masses are smooth, is
/// found to about 1e-14 without looking at every value.
/// </summary>
internal static class WideEntropy
{
    private const double Wide = 300;

    // Beyond so many standard deviations of what is like a normal distribution there is nothing.
    private const double Reach = 40;

    // From here on neighbouring doubles are too far apart for the masses to be looked at, and nothing but the deviation matters.
    private const double Narrowest = 4e-15;

    /// <summary>-sum p ln p in nats, or null where the masses should be added up one by one.</summary>
    public static double? Of(Discrete distribution)
    {
        var (lower, upper) = distribution.Support();
        if (lower == upper) return 0;
        if (distribution.Expectation() is not { } mean || distribution.Variance() is not { } variance || !double.IsFinite(variance)) return null;
        var deviation = Math.Sqrt(variance);
        if (deviation < Wide) return null;
        if (deviation < Narrowest * mean) return 0.5 + 0.5 * Math.Log(2 * Math.PI) + Math.Log(deviation);
        if (mean - Reach * deviation > lower && mean + Reach * deviation < upper) return Strided(Term, Math.Round(mean), Math.Floor(deviation / 8));
        return LatticeSum.Of(Term, lower, double.IsFinite(upper) ? upper : distribution.UpperQuantile(1e-25), (Math.Round(mean), deviation));

        double Term(double k)
        {
            var log = distribution.LogMass(k);
            return double.IsNegativeInfinity(log) ? 0 : -log * Math.Exp(log);
        }
    }

    // A function that is smooth and vanishes on both sides has the same sum over every h-th integer, times h, but for e^(-2 pi^2 (deviation/h)^2).
    private static double Strided(Func<double, double> term, double mean, double stride)
    {
        var sum = new CompensatedSum();
        for (var i = -Math.Ceiling(Reach * 8); i <= Reach * 8; i++) sum.Add(term(mean + i * stride));
        return sum.Value * stride;
    }
}
