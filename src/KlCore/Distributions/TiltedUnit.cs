using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// The density t e^(t x)/(e^t - 1) on 0 &lt;= x &lt;= 1, for any t: an exponential family with the normaliser k(t) = ln((e^t - 1)/t), which is uniform for t = 0.
/// </summary>
internal static class TiltedUnit
{
    // Up to here the series of k's derivatives, which converge below 2 pi, are taken.
    private const double Small = 0.8;

    // B_2j/(2j)! for j from 1: k(t) = t/2 + sum of these times t^2j/(2j).
    private static readonly double[] Bernoulli =
    [
        1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160, -691.0 / 1307674368000, 1.0 / 74724249600, -3617.0 / 10670622842880000.0,
        43867.0 / 5109094217170944000.0, -174611.0 / 802857662698291200000.0,
    ];

    /// <summary>ln p(x).</summary>
    public static double LogDensity(double t, double x) => t > 0 ? LogDensity(-t, 1 - x) : t * x - LogNorm(t);

    /// <summary>P(X &lt;= x) for x and y = 1 - x.</summary>
    public static double Cumulative(double t, double x, double y) => t switch
    {
        0 => x,
        < 0 => Elementary.Expm1(t * x) / Elementary.Expm1(t),
        _ => Math.Exp(-t * y) * (Elementary.Expm1(-t * x) / Elementary.Expm1(-t)),
    };

    /// <summary>The x with so much below it.</summary>
    public static double Quantile(double t, double probability)
    {
        if (t == 0 || probability is 0 or 1) return probability;
        // In the tail of a steep rise e^t (e^-t + p) has the digits.
        var x = t < 0 ? Elementary.Log1p(probability * Elementary.Expm1(t)) / t
            : probability * Elementary.Expm1(Math.Min(t, 700)) < 1 && t < 700 ? Elementary.Log1p(probability * Elementary.Expm1(t)) / t
            : 1 + Math.Log(probability + (1 - probability) * Math.Exp(-t)) / t;
        return Math.Clamp(x, 0, 1);
    }

    /// <summary>k(t) for t &lt;= 0: ln((1 - e^t)/(-t)).</summary>
    public static double LogNorm(double t)
    {
        if (t > -Small) return 0.5 * t + Excess(t);
        return Math.Log(-Elementary.Expm1(t) / -t);
    }

    /// <summary>k'(t) = 1/(1 - e^-t) - 1/t.</summary>
    public static double Mean(double t)
    {
        if (Math.Abs(t) >= Small) return t < 0 ? -1 / t - Math.Exp(t) / -Elementary.Expm1(t) : 1 / -Elementary.Expm1(-t) - 1 / t;
        return 0.5 + MeanGain(t);
    }

    /// <summary>k'(t) - 1/2, about t/12, for |t| below 1.</summary>
    public static double MeanGain(double t)
    {
        var (sum, z) = (0.0, t * t);
        for (var j = Bernoulli.Length - 1; j >= 0; j--) sum = sum * z + Bernoulli[j];
        return t * sum;
    }

    /// <summary>k''(t) = 1/t^2 - 1/(4 sinh(t/2)^2).</summary>
    public static double Variance(double t)
    {
        if (Math.Abs(t) >= Small)
        {
            var odd = -Elementary.Expm1(-Math.Abs(t));
            return 1 / t / t - Math.Exp(-Math.Abs(t)) / (odd * odd);
        }

        var (sum, z) = (0.0, t * t);
        for (var j = Bernoulli.Length - 1; j >= 0; j--) sum = sum * z + (2 * j + 1) * Bernoulli[j];
        return sum;
    }

    /// <summary>k(t) - t k'(t).</summary>
    public static double Entropy(double t)
    {
        var size = Math.Abs(t);
        if (size >= Small) return LogNorm(-size) + size * Mean(-size);
        var (sum, z) = (0.0, t * t);
        for (var j = Bernoulli.Length - 1; j >= 0; j--) sum = sum * z + Bernoulli[j] * (1.0 / (2 * j + 2) - 1);
        return z * sum;
    }

    /// <summary>k(b) - k(a) - (b - a) k'(a), the divergence from tilt a to tilt b; at least 0, exactly 0 for no difference.</summary>
    /// <param name="a">The tilt of the reference.</param>
    /// <param name="b">The tilt of the model.</param>
    /// <param name="difference">b - a, which may be known better than the two would tell.</param>
    public static double Bregman(double a, double b, double difference)
    {
        if (difference == 0) return 0;
        // The integral of (b - t) k''(t) from a to b.
        if (Math.Abs(difference) < Math.Max(2, 0.5 * Math.Abs(a))) return difference * difference * GaussLegendre.Integrate(0, 1, s => (1 - s) * Variance(a + s * difference));
        // k(t) = max(t, 0) + k(-|t|), and what is linear by the mean's distance from the end at which it is.
        var (flat, distance) = (LogNorm(-Math.Abs(b)) - LogNorm(-Math.Abs(a)), Mean(-Math.Abs(a)));
        var linear = a > 0 ? difference * distance - Math.Min(b, 0) : Math.Max(b, 0) - difference * distance;
        return Math.Max(0, flat + linear);
    }

    private static double Excess(double t)
    {
        var (sum, z) = (0.0, t * t);
        for (var j = Bernoulli.Length - 1; j >= 0; j--) sum = sum * z + Bernoulli[j] / (2 * j + 2);
        return z * sum;
    }
}
