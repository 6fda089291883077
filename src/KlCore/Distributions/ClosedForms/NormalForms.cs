using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Closed forms of the normal distribution.</summary>
internal static class NormalForms
{
    private const double HalfLogTwoPiE = 1.41893853320467274178;

    public static IEnumerable<ClosedForm> All =>
    [
        new ClosedForm<Normal, Normal>("(u - ln(1 + u) + z^2) / 2, u = (sd/sd')^2 - 1, z = (mean - mean')/sd'", KullbackLeibler) { Chernoff = LogChernoff, Transport = Wasserstein },
        new ClosedForm<Normal, Gumbel>("E z' + E e^-z' + ln scale' - ln sd - ln(2 pi e)/2, z' = (x - location')/scale'", ToGumbel),
        new ClosedForm<Normal, Laplace>("ln(2 scale'/sd) - ln(2 pi e)/2 + (c (2 Phi(c) - 1) + 2 phi(c)) sd/scale', c = (location' - mean)/sd", ToLaplace),
        .. Beyond.TheHalfLine<Normal>(),
    ];

    /// <summary>E|x - c| of a standard normal x.</summary>
    internal static double MeanDistance(double c)
    {
        var size = Math.Abs(c);
        return size > 40 ? size : size + 2 * (StandardNormal.Density(size) - size * StandardNormal.Cumulative(-size));
    }

    internal static double? KullbackLeibler(Normal p, Normal q)
    {
        var z = (p.Mean - q.Mean) / q.StandardDeviation;
        return ScaleGap.OfSquare(p.StandardDeviation, q.StandardDeviation) + 0.5 * z * z;
    }

    // With m of the precision a/sd^2 + (1 - a)/sd'^2: minus the mean of KL(m || p) and KL(m || q), whose parts in the means add up to a (1 - a) dm^2 / (2 D).
    internal static double? LogChernoff(Normal p, Normal q, double a)
    {
        var unit = Math.Max(p.StandardDeviation, q.StandardDeviation);
        var (s, t, z) = (p.StandardDeviation / unit, q.StandardDeviation / unit, (p.Mean - q.Mean) / unit);
        var d = a * t * t + (1 - a) * s * s;
        if (!(d > 0)) return double.PositiveInfinity;
        var difference = (t - s) * (t + s) / d;
        return -0.5 * (a * Elementary.Bregman(1, (1 - a) * difference, t * t / d) + (1 - a) * Elementary.Bregman(1, -a * difference, s * s / d) + a * (1 - a) * z * z / d);
    }

    private static double? Wasserstein(Normal p, Normal q, int order) =>
        LocationForms.Wasserstein(p.Mean - q.Mean, p.StandardDeviation - q.StandardDeviation, order, 0, 1, MeanDistance);

    private static double? ToGumbel(Normal p, Gumbel q)
    {
        var (z, r) = ((p.Mean - q.Location) / q.Scale, p.StandardDeviation / q.Scale);
        if (double.IsInfinity(z)) return double.PositiveInfinity;
        return z + Math.Exp(-z + 0.5 * r * r) - Elementary.LogOfRatio(p.StandardDeviation, q.Scale) - HalfLogTwoPiE;
    }

    private static double? ToLaplace(Normal p, Laplace q)
    {
        return Units.Ln2 - Elementary.LogOfRatio(p.StandardDeviation, q.Scale) - HalfLogTwoPiE + LocationForms.MeanDistance(p.Mean, p.StandardDeviation, q, MeanDistance);
    }
}
