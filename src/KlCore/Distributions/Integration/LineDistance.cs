using KlCore.Numerics;

namespace KlCore.Distributions.Integration;

/// <summary>Distances on the line by distribution functions and quantiles.</summary>
internal sealed class LineDistance(LinePair pair, CancellationToken cancellation)
{
    private const int MaximumStretches = 3000;
    private const double Epsilon = 1e-14;
    private const double Farthest = 1e-40;

    // A quantile takes some sixty looks at a distribution function, so no more of them than are needed.
    private const double QuantileTolerance = 1e-10;

    private static readonly double[] Levels = [0.25, 1e-2, 1e-4, 1e-8, 1e-15, 1e-30, 1e-100];

    /// <summary>W_1 = integral |F - G|, or W_2 = sqrt(integral over u of (Q_p(u) - Q_q(u))^2).</summary>
    public Measurement Transport(int order)
    {
        if (IsInfinite(order)) return new Measurement(double.PositiveInfinity, Method);
        return order == 1 ? First() : pair.IsDiscrete ? Coupled() : Second();
    }

    /// <summary>sqrt(2 integral (F - G)^2), finite where E|x|^(1/2) and a little more are.</summary>
    public Measurement Energy()
    {
        if (IsInfinite(0.5)) return new Measurement(double.PositiveInfinity, Method);
        var supremum = new LineSupremum(pair);
        var (value, bound) = Integral(x => supremum.Gap(x) is var gap && gap == 0 ? (0, 0) : (gap * gap, 2 * Math.Abs(gap) * Noise(x)));
        return Root(2 * value, 2 * bound);
    }

    private Measurement First()
    {
        var supremum = new LineSupremum(pair);
        var (value, bound) = Integral(x => (Math.Abs(supremum.Gap(x)), Noise(x)));
        return Bounded(value, bound);
    }

    // The integers' sums count each gap once: F - G from k up to k + 1 is that at k.
    private (double Value, double Bound) Integral(Func<double, (double Value, double Rounding)> function)
    {
        var part = AdaptiveIntegral.Measure(pair.RulerOverBoth(), At, MaximumStretches, cancellation);
        return (part.Value, part.Error + part.Rounding + 1e-15 * part.Size);

        Spot At(double x, double logWeight)
        {
            var (value, rounding) = function(x);
            var weight = Math.Exp(logWeight);
            return value == 0 ? default : new Spot(value * weight, rounding * weight, 0, 0);
        }
    }

    private double Noise(double x) => Epsilon * (Math.Min(pair.P.Cumulative(x), pair.P.Survival(x)) + Math.Min(pair.Q.Cumulative(x), pair.Q.Survival(x)));

    // Over u = e^s from the middle to either end, in a unit that keeps the squares within the range of a double.
    private Measurement Second()
    {
        var unit = Levels.Append(0.5).Max(u => Math.Sqrt(u) * (Apart(pair.P.Quantile(u), pair.Q.Quantile(u)) + Apart(pair.P.UpperQuantile(u), pair.Q.UpperQuantile(u))));
        if (!double.IsFinite(unit)) throw BeyondRange();
        if (unit == 0) unit = 1;
        var part = AdaptiveIntegral.Measure(new LineRuler(0, 1, [0, 1], Levels), At, MaximumStretches, cancellation, QuantileTolerance);
        return Root(part.Value, part.Error + part.Rounding, unit);

        Spot At(double u, double logWeight)
        {
            // The upper half is seen from its own end, together with the lower.
            if (u > 0.5) return default;
            var factor = Math.Exp(0.5 * logWeight);
            var below = Squared(pair.P.Quantile(u), pair.Q.Quantile(u), factor / unit);
            var above = Squared(pair.P.UpperQuantile(u), pair.Q.UpperQuantile(u), factor / unit);
            return new Spot(below.Value + above.Value, below.Rounding + above.Rounding, 0, 0);
        }
    }

    private static double Apart(double x, double y) => Math.Abs(x - y);

    private static (double Value, double Rounding) Squared(double x, double y, double factor)
    {
        var apart = Apart(x, y) * factor;
        return (apart * apart, 2 * apart * Epsilon * (Math.Abs(x) * factor + Math.Abs(y) * factor));
    }

    // The monotone coupling of integers: mass is moved in the order in which both have it, from either end to the middle.
    private Measurement Coupled()
    {
        var (sum, left) = (new CompensatedSum(), 0.0);
        foreach (var fromBelow in new[] { true, false })
        {
            var (x, y) = (Outermost(pair.P, fromBelow), Outermost(pair.Q, fromBelow));
            RequireFew(Math.Abs(x - pair.P.Quantile(0.5)) + Math.Abs(y - pair.Q.Quantile(0.5)));
            left += Coupled(x, y, fromBelow, ref sum);
        }

        return Root(sum.Value, Epsilon * sum.Value + left);
    }

    // Answers what may lie outside the outermost points.
    private double Coupled(double x, double y, bool fromBelow, ref CompensatedSum sum)
    {
        var (level, steps, outermost) = (0.0, 0, (x - y) * (x - y));
        while (level < 0.5)
        {
            if (steps++ % 4096 == 0) cancellation.ThrowIfCancellationRequested();
            var (levelX, levelY) = fromBelow ? (pair.P.Cumulative(x), pair.Q.Cumulative(y)) : (pair.P.Survival(x - 1), pair.Q.Survival(y - 1));
            var next = Math.Min(0.5, Math.Min(levelX, levelY));
            if (next > level) sum.Add((next - level) * (x - y) * (x - y));
            level = Math.Max(level, next);
            if (levelX <= level) x += fromBelow ? 1 : -1;
            if (levelY <= level) y += fromBelow ? 1 : -1;
        }

        return Farthest * outermost;
    }

    private static double Outermost(Univariate distribution, bool below) => below ? distribution.Quantile(Farthest) : distribution.UpperQuantile(Farthest);

    private static void RequireFew(double steps)
    {
        const double most = 1e6;
        if (!(steps <= most)) throw new NotComputableException("too-many-terms", $"The second Wasserstein distance between these would take {steps:G3} steps from integer to integer, more than {most:R}; the first takes fewer.");
    }

    private bool IsInfinite(double order)
    {
        var isInfinite = false;
        foreach (var upper in new[] { false, true })
        {
            var (p, q) = (TailComparison.OfMoment(pair.P, order, upper), TailComparison.OfMoment(pair.Q, order, upper));
            if (p == Convergence.Infinite && q == Convergence.Infinite)
                throw new NotComputableException("undecided", "Both p and q have tails without the moments that the distance is made of; whether their difference has them is not decided here.");
            isInfinite |= p == Convergence.Infinite || q == Convergence.Infinite;
        }

        return isInfinite;
    }

    private Measurement Root(double value, double bound, double unit = 1)
    {
        var root = Math.Sqrt(Math.Max(0, value));
        return Bounded(unit * root, unit * Math.Max(Math.Sqrt(Math.Max(0, value) + bound) - root, root - Math.Sqrt(Math.Max(0, value - bound))));
    }

    private Measurement Bounded(double value, double bound) => double.IsFinite(value) && double.IsFinite(bound) ? new Measurement(value, Method, bound) : throw BeyondRange();

    private static NotComputableException BeyondRange() =>
        new("not-resolved", "The distance is made of numbers that are beyond the range of a double.");

    private Method Method => pair.IsDiscrete ? Method.Summation : Method.Quadrature;
}
