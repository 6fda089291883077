using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Closed forms within families of a location and a scale on the whole line: sums of terms none of which is negative.</summary>
internal static class LocationForms
{
    private const string TooHeavy = "Infinity: p's tails are heavier than those of q allow";

    public static IEnumerable<ClosedForm> All =>
    [
        new ClosedForm<Laplace, Laplace>("r - 1 - ln r + r (e^-u - 1 + u), r = scale/scale', u = |location - location'|/scale", BetweenLaplaces) { Chernoff = LogChernoff, Transport = Wasserstein },
        new ClosedForm<Gumbel, Gumbel>("r - 1 - ln r + B(1 + r; 2) + e^x - 1 - x, r = scale/scale', x = (location' - location)/scale' + ln Gamma(1 + r), B(b; a) = ln Gamma(b) - ln Gamma(a) - (b - a) psi(a)", BetweenGumbels) { Chernoff = LogChernoff, Transport = Wasserstein },
        new ClosedForm<Logistic, Logistic>("d coth(d/2) - 2, d = |location - location'|/scale", BetweenLogistics) { Condition = "equal scales", Transport = Wasserstein },
        new ClosedForm<Cauchy, Cauchy>("ln(1 + ((scale - scale')^2 + (location - location')^2) / (4 scale scale'))", BetweenCauchies) { Transport = Wasserstein },
        new ClosedForm<Moyal, Moyal>("r - 1 - ln r + (B(r + 1/2; 3/2) + e^x - 1 - x)/2, r = scale/scale', x = (location' - location)/scale' + r ln 2 + ln Gamma(r + 1/2) - ln(pi)/2, B(b; a) = ln Gamma(b) - ln Gamma(a) - (b - a) psi(a)", BetweenMoyals) { Transport = Wasserstein },
        new ClosedForm<Laplace, Gumbel>("E z' + e^x/(1 - r^2) - 1 - ln(2 r), r = scale/scale', x = (location' - location)/scale'; Infinity for r >= 1", (p, q) => ToGumbel(p, q, r => r < 1 ? -Elementary.Log1p(-r * r) : double.PositiveInfinity)),
        new ClosedForm<Logistic, Gumbel>("E z' + e^x pi r/sin(pi r) - 2 - ln r, r = scale/scale', x = (location' - location)/scale'; Infinity for r >= 1", (p, q) => ToGumbel(p, q, r => r >= 1 ? double.PositiveInfinity : r < 1e-9 ? 0 : Math.Log(Math.PI * r / Math.Sin(Math.PI * r)))),
        new ClosedForm<Gumbel, Laplace>("ln(2 scale'/scale) - 1 - gamma + (gamma - c + 2 E1(e^-c)) scale/scale', c = (location' - location)/scale", GumbelToLaplace),
        new ClosedForm<Logistic, Laplace>("ln(2 scale'/scale) - 2 + (|c| + 2 ln(1 + e^-|c|)) scale/scale', c = (location' - location)/scale", (p, q) => Math.Log(2) - LogRatio(p, q) - 2 + MeanDistance(p.Location, p.Scale, q, LogisticDistance)),
        .. Beyond.TheHalfLine<Laplace>(), .. Beyond.TheHalfLine<Gumbel>(), .. Beyond.TheHalfLine<Logistic>(), .. Beyond.TheHalfLine<Cauchy>(), .. Beyond.TheHalfLine<StudentT>(), .. Beyond.TheHalfLine<Moyal>(), .. Beyond.TheHalfLine<GeneralizedNormal>(),
        Beyond.Never<Cauchy, Normal>(TooHeavy), Beyond.Never<Cauchy, Laplace>(TooHeavy), Beyond.Never<Cauchy, Logistic>(TooHeavy), Beyond.Never<Cauchy, Gumbel>(TooHeavy), Beyond.Never<Cauchy, Moyal>(TooHeavy),
        Beyond.Never<StudentT, Gumbel>(TooHeavy), Beyond.Never<StudentT, Moyal>(TooHeavy),
    ];

    /// <summary>
    /// W_k between two laws of one shape: quantiles differ by shift + stretch z with z of the standard law. W_2 by its moments, W_1 by its mean distance
    /// from a point; both are the shift itself where nothing is stretched.
    /// </summary>
    public static double? Wasserstein(double shift, double stretch, int order, double mean, double variance, Func<double, double>? meanDistance)
    {
        if (stretch == 0) return Math.Abs(shift);
        return order switch
        {
            1 when meanDistance is not null => Math.Abs(stretch) * meanDistance(-shift / stretch),
            2 => Hypotenuse(shift + stretch * mean, stretch * Math.Sqrt(variance)),
            _ => null,
        };
    }

    /// <summary>E|x - location'|/scale' of a law of some location and scale, told by that of its standard law.</summary>
    public static double MeanDistance(double location, double scale, Laplace q, Func<double, double> standard)
    {
        var (c, r) = ((q.Location - location) / scale, scale / q.Scale);
        // A law as narrow as that is a point, beside the distance.
        return double.IsInfinity(c) || r == 0 ? Math.Abs(q.Location / q.Scale - location / q.Scale) : r * standard(c);
    }

    private static double? Wasserstein<T>(T p, T q, int order) where T : LocationScale
    {
        var (shift, stretch) = (p.Location - q.Location, p.Scale - q.Scale);
        if (p.StandardExpectation() is not { } mean) return stretch == 0 ? Math.Abs(shift) : double.PositiveInfinity;
        return Wasserstein(shift, stretch, order, mean, p.StandardVariance()!.Value, p switch
        {
            Laplace => c => Math.Abs(c) + Math.Exp(-Math.Abs(c)),
            Logistic => LogisticDistance,
            Gumbel => GumbelDistance,
            _ => null,
        });
    }

    private static double? BetweenLaplaces(Laplace p, Laplace q)
    {
        var (r, u) = (p.Scale / q.Scale, Math.Abs(p.Location - q.Location) / p.Scale);
        // For u beyond all doubles r u need not be.
        var away = double.IsInfinity(u) || r == 0 ? Math.Abs(p.Location - q.Location) / q.Scale : r * Elementary.ExpExcess(-u);
        return Scales(p, q) + away;
    }

    private static double? BetweenGumbels(Gumbel p, Gumbel q)
    {
        var (r, step) = (p.Scale / q.Scale, (p.Scale - q.Scale) / q.Scale);
        if (double.IsInfinity(r)) return double.PositiveInfinity;
        var x = (q.Location - p.Location) / q.Scale + GammaFunctions.LogGammaOnePlus(r);
        return Scales(p, q) + LogGammaBregman.Of(1 + r, 2, step) + Elementary.ExpExcess(x);
    }

    private static double? BetweenMoyals(Moyal p, Moyal q)
    {
        var (r, step) = (p.Scale / q.Scale, (p.Scale - q.Scale) / q.Scale);
        if (double.IsInfinity(r)) return double.PositiveInfinity;
        var bregman = LogGammaBregman.Of(1.5 + step, 1.5, step);
        // r ln 2 + ln Gamma(r + 1/2) - ln(pi)/2 is 0 for r = 1, where its derivative is 2 less the standard mean.
        var x = (q.Location - p.Location) / q.Scale + step * (2 - Moyal.UnitMean) + bregman;
        return Scales(p, q) + 0.5 * (bregman + Elementary.ExpExcess(x));
    }

    private static double? BetweenLogistics(Logistic p, Logistic q)
    {
        if (p.Scale != q.Scale) return null;
        var d = Math.Abs(p.Location - q.Location) / p.Scale;
        // d coth(d/2) is 2 plus 2 d times what the mean of a tilted uniform law is above 1/2.
        return d < 0.8 ? 2 * d * TiltedUnit.MeanGain(d) : d - 2 + (d > 700 ? 0 : 2 * d / Elementary.Expm1(d));
    }

    private static double? BetweenCauchies(Cauchy p, Cauchy q) =>
        Cauchy.LogOfSquareAndOne(Hypotenuse(p.Scale - q.Scale, p.Location - q.Location) / 2 / Math.Sqrt(p.Scale) / Math.Sqrt(q.Scale));

    // ln of the integral of both sides beyond the two locations, and of what is between them.
    private static double? LogChernoff(Laplace p, Laplace q, double a)
    {
        var (s, t, d) = (a / p.Scale, (1 - a) / q.Scale, Math.Abs(p.Location - q.Location));
        if (!(s + t > 0)) return double.PositiveInfinity;
        if (d == 0)
        {
            var (u, v) = (1 / p.Scale / (s + t), 1 / q.Scale / (s + t));
            var step = (p.Scale - q.Scale) / p.Scale / q.Scale / (s + t);
            return -(a * Elementary.Bregman(1, (1 - a) * -step, u) + (1 - a) * Elementary.Bregman(1, a * step, v));
        }

        var between = s == t ? d * Math.Exp(-s * d) : (Math.Exp(-t * d) - Math.Exp(-s * d)) / (s - t);
        var log = Math.Log((Math.Exp(-s * d) + Math.Exp(-t * d)) / (s + t) + between) - a * Math.Log(2 * p.Scale) - (1 - a) * Math.Log(2 * q.Scale);
        // Where hardly anything is left, or nothing at all, the integral itself is found better.
        return double.IsFinite(log) && Math.Abs(log) > 1e-4 ? log : null;
    }

    private static double? LogChernoff(Gumbel p, Gumbel q, double a)
    {
        if (p.Scale != q.Scale) return null;
        var x = (q.Location - p.Location) / p.Scale;
        if (x > 0) (x, a) = (-x, 1 - a);
        var growth = (1 - a) * Elementary.Expm1(x);
        return growth > -1 ? Elementary.Bregman(1, growth) - (1 - a) * Elementary.ExpExcess(x) : double.PositiveInfinity;
    }

    private static double? ToGumbel(LocationScale p, Gumbel q, Func<double, double> logMoment)
    {
        var r = p.Scale / q.Scale;
        var x = (q.Location - p.Location) / q.Scale;
        if (double.IsInfinity(x)) return double.PositiveInfinity;
        return -x + Math.Exp(x + logMoment(r)) - p.StandardEntropy() - LogRatio(p, q);
    }

    private static double? GumbelToLaplace(Gumbel p, Laplace q) =>
        Math.Log(2) - LogRatio(p, q) - 1 - Gumbel.Euler + MeanDistance(p.Location, p.Scale, q, GumbelDistance);

    private static double LogisticDistance(double c) => Math.Abs(c) + 2 * Elementary.Log1p(Math.Exp(-Math.Abs(c)));

    private static double GumbelDistance(double c) => c > 40 ? c - Gumbel.Euler : Gumbel.Euler - c + 2 * ExponentialIntegral.At(Math.Exp(-c));

    private static double Scales(LocationScale p, LocationScale q) => ScaleGap.Of(p.Scale, q.Scale);

    private static double LogRatio(LocationScale p, LocationScale q) => Elementary.LogOfRatio(p.Scale, q.Scale);

    private static double Hypotenuse(double a, double b)
    {
        var (large, small) = (Math.Max(Math.Abs(a), Math.Abs(b)), Math.Min(Math.Abs(a), Math.Abs(b)));
        if (large == 0 || double.IsInfinity(large)) return large;
        var ratio = small / large;
        return large * Math.Sqrt(1 + ratio * ratio);
    }
}
