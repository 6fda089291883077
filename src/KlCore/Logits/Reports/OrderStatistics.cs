using MathNet.Numerics;

namespace KlCore.Logits.Reports;

/// <summary>
/// Between which values in order a percentile lies, whatever the distribution they come from: of n independent values the number below the
/// percentile f is binomial(n, f). Source: H. David, H. Nagaraja, "Order Statistics" (2003), section 7.1.
/// </summary>
internal static class OrderStatistics
{
    /// <summary>Above this standard deviation the binomial distribution is taken for a normal one, and the bounds are put one place further out.</summary>
    private const double NormalDeviation = 15;

    /// <summary>Places (from 0) of the values that bound the percentile with at least 95 % probability; null where no value is far enough out.</summary>
    public static (long? Low, long? High) Bounds(long count, double percent)
    {
        if (percent is <= 0 or >= 100) return percent <= 0 ? (null, 0) : (count - 1, null);
        var f = percent / 100;
        var low = Largest(count, f);
        // The number above the percentile is binomial(n, 1 - f): the same from the other end.
        var high = Largest(count, 1 - f);
        return (low < 0 ? null : low, high < 0 ? null : count - 1 - high);
    }

    /// <summary>The largest k with P(X &lt;= k) &lt;= 2.5 %, X binomial(n, f): the value at place k is above the percentile only if X &lt;= k. -1 if there is none.</summary>
    private static long Largest(long count, double f)
    {
        var deviation = Math.Sqrt(count * f * (1 - f));
        if (deviation > NormalDeviation) return (long)Math.Floor(count * f - Confidence.Normal95 * deviation) - 2;
        var odds = f / (1 - f);
        // What lies more than ten deviations and as many values below the mean adds nothing that counts.
        var first = (long)Math.Max(0, Math.Floor(count * f - 10 * deviation - 10));
        var choices = SpecialFunctions.GammaLn(count + 1.0) - SpecialFunctions.GammaLn(first + 1.0) - SpecialFunctions.GammaLn(count - first + 1.0);
        var term = Math.Exp(choices + first * Math.Log(f) + (count - first) * Math.Log(1 - f));
        var (sum, k) = (term, first - 1);
        while (sum <= 0.025 && k < count)
        {
            k++;
            term *= (count - k) / (k + 1.0) * odds;
            sum += term;
        }

        return k;
    }
}
