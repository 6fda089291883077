using KlCore.Divergences;

namespace KlCore.Distributions.Integration;

/// <summary>What can be said of an integral before it is looked at.</summary>
internal enum Convergence
{
    /// <summary>It is finite.</summary>
    Finite,

    /// <summary>It is infinite.</summary>
    Infinite,

    /// <summary>It hangs on more than is known of the tails.</summary>
    Undecided,
}

/// <summary>
/// Whether integrals over p and q exist, told from how both fall towards the ends of p's support. In t, which goes to infinity at the end
/// (|x|, or 1/|x - end|), dx is dt or dt/t^2.
/// </summary>
internal static class TailComparison
{
    // Two rates or degrees nearer than this, relatively, are taken for equal and left to the next terms.
    private const double Near = 1e-9;

    // How clear of its bound an exponent must be that was seen on the way to a limit.
    private const double Margin = 0.05;

    /// <summary>Of the integral of p times what grows with p/q, over what both may give.</summary>
    public static Convergence Of(LinePair pair, Growth growth)
    {
        if (growth.Order == 0) return Convergence.Finite;
        if (pair.ExceedsQ) return Convergence.Infinite;
        return Worse(AtEnd(pair, growth, upper: false), AtEnd(pair, growth, upper: true));
    }

    /// <summary>Of the supremum of p/q.</summary>
    public static Convergence OfRatio(LinePair pair)
    {
        if (pair.ExceedsQ) return Convergence.Infinite;
        return Worse(RatioAtEnd(pair, upper: false), RatioAtEnd(pair, upper: true));
    }

    /// <summary>Of E|x|^order under one distribution.</summary>
    public static Convergence OfMoment(Univariate distribution, double order, bool upper)
    {
        var support = distribution.Support();
        if (double.IsFinite(upper ? support.Upper : support.Lower)) return Convergence.Finite;
        var tail = upper ? distribution.UpperTail() : distribution.LowerTail();
        return tail.Kind != TailKind.Power || tail.Degree - order > 1 ? Convergence.Finite : Convergence.Infinite;
    }

    private static Convergence AtEnd(LinePair pair, Growth growth, bool upper)
    {
        if (Tails(pair, upper) is not var (p, q, isInfinite)) return Convergence.Finite;
        if (growth.Order == 1) return OfLogarithm(p, q, isInfinite);
        var a = growth.Order;
        var order = Compare(a, p, a - 1, q);
        if (order != 0) return order > 0 ? Convergence.Finite : Convergence.Infinite;
        if (p.Kind == TailKind.Power)
        {
            var degree = a * p.Degree - (a - 1) * q.Degree;
            return Judge(degree, isInfinite ? 1 : -1);
        }

        var bound = isInfinite ? 1 : -1;
        return Judge(DegreeFarOut(pair, upper, a, a - 1, bound), bound);
    }

    private static Convergence RatioAtEnd(LinePair pair, bool upper)
    {
        if (Tails(pair, upper) is not var (p, q, isInfinite)) return Convergence.Finite;
        var order = Compare(1, p, 1, q);
        if (order != 0) return order > 0 ? Convergence.Finite : Convergence.Infinite;
        var degree = p.Kind == TailKind.Power ? p.Degree - q.Degree : DegreeFarOut(pair, upper, 1, 1, 0);
        if (double.IsNaN(degree)) return Convergence.Undecided;
        return degree < (p.Kind == TailKind.Power ? -Near : -Margin) ? Convergence.Infinite : Convergence.Finite;
    }

    // The growth of -ln q in the mean over p.
    private static Convergence OfLogarithm(Tail p, Tail q, bool isInfinite)
    {
        if (q.Kind is TailKind.Power or TailKind.LogSquare) return Convergence.Finite;
        if (p.Kind == TailKind.Power)
        {
            if (q.Kind == TailKind.Exponential) return Convergence.Infinite;
            return (isInfinite ? p.Degree - q.Degree > 1 : q.Degree < p.Degree + 1) ? Convergence.Finite : Convergence.Infinite;
        }

        if (q.Kind == TailKind.Stretched || p.Kind == TailKind.Exponential) return Convergence.Finite;
        if (p.Kind == TailKind.LogSquare || p.Degree < 1) return Convergence.Infinite;
        if (p.Degree > 1) return Convergence.Finite;
        return p.Rate > q.Rate ? Convergence.Finite : Convergence.Infinite;
    }

    // The tails of both at an end of p's support, or null where q has none that is smaller: q is regular inside its support.
    private static (Tail P, Tail Q, bool IsInfinite)? Tails(LinePair pair, bool upper)
    {
        var (p, q) = (pair.P.Support(), pair.Q.Support());
        var (end, other) = upper ? (p.Upper, q.Upper) : (p.Lower, q.Lower);
        var isInfinite = double.IsInfinity(end);
        if (pair.IsDiscrete && !isInfinite) return null;
        var tail = upper ? pair.P.UpperTail() : pair.P.LowerTail();
        return (tail, end == other ? upper ? pair.Q.UpperTail() : pair.Q.LowerTail() : Tail.Power(0), isInfinite);
    }

    // The sign of a L_p - b L_q far out, or 0 where their leading terms are alike; powers are left to their degrees unless only one is one.
    private static int Compare(double a, Tail p, double b, Tail q)
    {
        if (p.Kind != q.Kind) return Math.Sign(p.Kind - q.Kind);
        switch (p.Kind)
        {
            case TailKind.Power:
                return 0;
            case TailKind.LogSquare:
                return Sign(a * p.Rate, b * q.Rate);
            case TailKind.Stretched:
                var degrees = Sign(p.Degree, q.Degree);
                return degrees != 0 ? degrees : Sign(a * p.Rate, b * q.Rate);
            default:
                return Sign(p.Rate, q.Rate);
        }
    }

    private static int Sign(double x, double y) => x == y || Math.Abs(x - y) <= Near * Math.Min(double.MaxValue, Math.Abs(x) + Math.Abs(y)) ? 0 : x > y ? 1 : -1;

    // For t^-degree to be integrable it must be above 1 at infinity, and for |x - end|^degree above -1 at an end.
    private static Convergence Judge(double degree, double bound)
    {
        if (double.IsNaN(degree)) return Convergence.Undecided;
        return degree > bound + Near ? Convergence.Finite : Convergence.Infinite;
    }

    // Where the leading terms of a L_p and b L_q cancel: the exponent of t in what is left, as t grows tenfold again and again for as long as
    // the logarithms have digits for it; infinite if it grows itself, NaN if it is no clear limit.
    private static double DegreeFarOut(LinePair pair, bool upper, double a, double b, double bound)
    {
        const double visible = 10;
        var sign = upper ? 1 : -1;
        var centre = pair.P.Quantile(0.5);
        var end = upper ? pair.Upper : pair.Lower;
        var isInfinite = double.IsInfinity(end);
        var scale = Math.Abs(centre - (isInfinite ? upper ? pair.P.UpperQuantile(1e-3) : pair.P.Quantile(1e-3) : end));
        var (last, found, steps) = (0.0, 0.0, 0);
        for (var reach = 1.0; reach < 1e8; reach *= 10, steps++)
        {
            var (near, noise) = Rest(reach);
            var (far, more) = Rest(10 * reach);
            var degree = (near - far) / Math.Log(10);
            if (!(noise + more < 0.01) || (found != 0 && Math.Abs(degree) < visible * (noise + more))) break;
            if (Math.Abs(degree) >= visible * (noise + more)) (last, found) = (found, degree);
        }

        if (steps < 2) return double.NaN;
        // Faster than any power.
        if (last != 0 && found / last > 2) return found > 0 ? double.PositiveInfinity : double.NegativeInfinity;
        // A bound of 0 is that of a ratio, which may well tend to a constant.
        var isClear = bound == 0 || Math.Abs(found - bound) > Margin;
        return Math.Abs(last - found) < 0.02 * (1 + Math.Abs(found)) && isClear ? found : double.NaN;

        (double Value, double Noise) Rest(double reach)
        {
            var x = isInfinite ? centre + sign * scale * reach : end - sign * scale / reach;
            if (pair.IsDiscrete) x = Math.Round(x);
            var (logP, logQ) = (pair.P.LogDensity(x), pair.Q.LogDensity(x));
            return (a * logP - b * logQ, 1e-14 * (Math.Abs(a * logP) + Math.Abs(b * logQ)));
        }
    }

    private static Convergence Worse(Convergence a, Convergence b)
    {
        if (a == Convergence.Infinite || b == Convergence.Infinite) return Convergence.Infinite;
        return a == Convergence.Undecided || b == Convergence.Undecided ? Convergence.Undecided : Convergence.Finite;
    }
}
