using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Von Mises' law around the angle 0: probabilities of arcs, each as a sum of positive parts.</summary>
/// <param name="Concentration">k in exp(k cos x)/(2 pi I0(k)), at least 0.</param>
internal readonly record struct VonMisesArc(double Concentration)
{
    private const double LogTwoPi = 1.83787706640934548356;
    private const double Gone = 44;

    /// <summary>ln p of an angle: -2 k sin^2(x/2) - ln(2 pi e^-k I0(k)).</summary>
    public double LogDensity(double x) => -Fall(x) - LogTwoPi - Math.Log(ScaledBessel.Zero(Concentration));

    /// <summary>The probability of the arc between two angles of at most a full turn from each other, both within 2 pi of 0.</summary>
    public double Mass(double from, double to)
    {
        if (from < -Math.PI) return to < -Math.PI ? Half(from + 2 * Math.PI, to + 2 * Math.PI) : Mass(from + 2 * Math.PI, Math.PI) + Mass(-Math.PI, to);
        if (to > Math.PI) return from > Math.PI ? Half(from - 2 * Math.PI, to - 2 * Math.PI) : Mass(from, Math.PI) + Mass(-Math.PI, to - 2 * Math.PI);
        return Half(from, to);
    }

    /// <summary>The probability from an angle in [0, pi] to pi.</summary>
    public double Beyond(double from) => from >= Math.PI ? 0 : Outwards(from, Math.PI, static _ => 1);

    /// <summary>E[x; x &gt; from].</summary>
    public double DeviationBeyond(double from) => from >= Math.PI ? 0 : Outwards(from, Math.PI, static x => x);

    /// <summary>E[x^2].</summary>
    public double SquaredDeviation() => 2 * Outwards(0, Math.PI, static x => x * x);

    /// <summary>
    /// One draw, by rejection from Cauchy's law wrapped around the circle: with v = 2 k sin^2(x/2) what is accepted is e^(1/2 - v) (1/2 + v), which is
    /// never above 1.
    /// </summary>
    /// <remarks>After D. Best, N. Fisher, "Efficient simulation of the von Mises distribution", Applied Statistics 28 (1979), without what cancels.</remarks>
    public double Draw(RandomStream random)
    {
        var k = Math.Min(Concentration, 1e300);
        while (true)
        {
            if (k < 0.25)
            {
                var angle = Math.PI * (2 * random.NextUniform() - 1);
                if (Math.Log(random.NextUniform()) <= -Fall(angle)) return angle;
                continue;
            }

            var tangent = Math.Tan(Math.PI * (random.NextUniform() - 0.5)) / Math.Sqrt(1 + 4 * k);
            var v = 2 * k * (tangent * tangent / (1 + tangent * tangent));
            if (random.NextUniform() <= Math.Exp(0.5 - v) * (0.5 + v)) return 2 * Math.Atan(tangent);
        }
    }

    // -pi <= from <= to <= pi, in parts to either side of the peak.
    private double Half(double from, double to)
    {
        if (from >= to) return 0;
        if (from >= 0) return Outwards(from, to, static _ => 1);
        return to <= 0 ? Outwards(-to, -from, static _ => 1) : Outwards(0, -from, static _ => 1) + Outwards(0, to, static _ => 1);
    }

    // E[f(x); from < x < to] for 0 <= from <= to <= pi, on panels that grow as the density falls.
    private double Outwards(double from, double to, Func<double, double> f)
    {
        var (law, k, sum, at) = (this, Concentration, 0.0, from);
        var peak = Fall(from);
        while (at < to && Fall(at) - peak < Gone)
        {
            var end = Math.Min(to, at + Math.Min(1, Math.Min(2.5 / Math.Sqrt(k), 8 / (k * Math.Abs(Math.Sin(at))))));
            if (end <= at) break;
            sum += GaussLegendre.Integrate(at, end, x => f(x) * Math.Exp(-law.Fall(x)));
            at = end;
        }

        return sum / (2 * Math.PI * ScaledBessel.Zero(k));
    }

    // How far ln p lies below its peak. A product with the sine first: k may be 1e300 and the sine 1e-150.
    private double Fall(double x)
    {
        var sine = Math.Sin(0.5 * x);
        return 2 * (Concentration * sine) * sine;
    }
}
