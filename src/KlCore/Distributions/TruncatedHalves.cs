using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// A truncated normal law seen from its peak, the point between the bounds that is nearest to the mean: to each side of it the density falls like
/// exp(-u s - s^2/2), s in standard deviations from the peak. If the mean lies between the bounds it is the peak and u = 0.
/// </summary>
/// <param name="Peak">Where the density is highest.</param>
/// <param name="Deviation">The standard deviation before the truncation.</param>
/// <param name="Slope">u: how many deviations the peak lies from the mean.</param>
/// <param name="Lower">The lower bound.</param>
/// <param name="Upper">The upper bound.</param>
internal readonly record struct TruncatedHalves(double Peak, double Deviation, double Slope, double Lower, double Upper)
{
    // All that is left of a law that falls faster is its peak.
    private const double Steepest = 1e300;

    /// <summary>Those of the parameters of the family.</summary>
    public static TruncatedHalves Of(double mean, double deviation, double lower, double upper)
    {
        var peak = Math.Clamp(mean, lower, upper);
        return new(peak, deviation, Math.Min(Distance(mean, peak, deviation), Steepest), lower, upper);
    }

    private double Left => Distance(Lower, Peak, Deviation);

    private double Right => Distance(Peak, Upper, Deviation);

    /// <summary>The law of -x.</summary>
    public TruncatedHalves Mirrored() => new(-Peak, Deviation, Slope, -Upper, -Lower);

    /// <summary>ln p(x) for x between the bounds.</summary>
    public double LogDensity(double x)
    {
        var s = Distance(x, Peak, Deviation);
        return -s * (Slope + 0.5 * s) - LogNorm();
    }

    /// <summary>ln of the deviation times what both sides come to.</summary>
    public double LogNorm() => Math.Log(Deviation) + Math.Log(Total());

    /// <summary>The integral of exp(-u s - s^2/2) over both sides.</summary>
    public double Total() => NormalSpan.Of(Slope, Left) + NormalSpan.Of(Slope, Right);

    /// <summary>P(X &lt;= x) for x between the bounds.</summary>
    public double Below(double x)
    {
        var s = Distance(x, Peak, Deviation);
        if (x >= Peak) return Math.Min(1, (NormalSpan.Of(Slope, Left) + NormalSpan.Of(Slope, s)) / Total());
        return Math.Exp(-s * (Slope + 0.5 * s)) * NormalSpan.Of(Slope + s, Distance(Lower, x, Deviation)) / Total();
    }

    /// <summary>E[x].</summary>
    public double Expectation() => Peak + Deviation * Shift();

    /// <summary>E[(x - E x)^2].</summary>
    public double Variance()
    {
        var shift = Shift();
        return Deviation * Mean(s => (s - shift) * (s - shift)) * Deviation;
    }

    /// <summary>-E ln p.</summary>
    public double Entropy()
    {
        var slope = Slope;
        return LogNorm() + Mean(s => Math.Abs(s) * (slope + 0.5 * Math.Abs(s)));
    }

    /// <summary>E f(s), s being negative below the peak.</summary>
    public double Mean(Func<double, double> f) => (NormalSpan.Integrate(Slope, Left, s => f(-s)) + NormalSpan.Integrate(Slope, Right, f)) / Total();

    /// <summary>One draw.</summary>
    public double Draw(RandomStream random)
    {
        var (left, right) = (Left, Right);
        while (true)
        {
            double s;
            if (Slope == 0 && left + right > 2)
            {
                s = random.NextNormal();
                if (s >= -left && s <= right) return Peak + Deviation * s;
                continue;
            }

            // Away from the peak by an exponential variate of its slope, or over a short way by a uniform one.
            var width = left + right;
            var isSteep = Slope * width > 1;
            var share = random.NextUniform();
            s = isSteep ? -Elementary.Log1p(share * Elementary.Expm1(-Slope * width)) / Slope : Slope == 0 ? share * width - left : share * width;
            var log = isSteep ? -0.5 * s * s : -Math.Abs(s) * (Slope + 0.5 * Math.Abs(s));
            if (Math.Log(random.NextUniform()) <= log) return Slope == 0 ? Peak + Deviation * s : left > 0 ? Peak - Deviation * s : Peak + Deviation * s;
        }
    }

    private double Shift() => Mean(s => s);

    private static double Distance(double a, double b, double deviation)
    {
        var distance = Math.Abs(b - a);
        return double.IsFinite(distance) || double.IsInfinity(a) || double.IsInfinity(b) ? distance / deviation : Math.Abs(b / deviation - a / deviation);
    }
}
