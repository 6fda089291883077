using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Closed forms between generalized normal laws around one location, among which are Laplace's and the normal.</summary>
internal static class ShapeForms
{
    private const double RootTwo = 1.41421356237309504880169;
    private const string Formula = "e^y/b' - 1/b + ln(scale'/scale) + ln Gamma(1 + 1/b') - ln Gamma(1 + 1/b), b = shape, y = ln b' + b' ln(scale/scale') + ln Gamma((b' + 1)/b) - ln Gamma(1/b)";
    private const string Condition = "equal locations; shapes equal or not nearly so";

    public static IEnumerable<ClosedForm> All =>
    [
        new ClosedForm<GeneralizedNormal, GeneralizedNormal>(Formula, (p, q) => Between(p, q)) { Condition = Condition, Chernoff = LogChernoff },
        new ClosedForm<GeneralizedNormal, Laplace>(Formula + ", b' = 1", (p, q) => Between(p, Of(q))) { Condition = Condition },
        new ClosedForm<Laplace, GeneralizedNormal>(Formula + ", b = 1", (p, q) => Between(Of(p), q)) { Condition = Condition },
        new ClosedForm<Normal, GeneralizedNormal>(Formula + ", b = 2, scale = sd sqrt(2)", (p, q) => Between(new() { Location = p.Mean, Scale = p.StandardDeviation * RootTwo, Shape = 2 }, q)) { Condition = Condition },
    ];

    private static GeneralizedNormal Of(Laplace law) => new() { Location = law.Location, Scale = law.Scale, Shape = 1 };

    private static double? Between(GeneralizedNormal p, GeneralizedNormal q)
    {
        if (p.Location != q.Location) return null;
        var log = LogScale(p, q);
        // Of one shape it is that of a gamma law whose scale alone differs.
        if (p.Shape == q.Shape) return Elementary.ExpExcess(p.Shape * log) / p.Shape;
        if (Math.Abs(p.Shape - q.Shape) < 1e-2 * p.Shape) return null;
        var (b, c) = (p.Shape, q.Shape);
        var moments = GammaFunctions.LogGamma((c + 1) / b) - GammaFunctions.LogGamma(1 / b);
        var y = Math.Log(c) + c * log + moments;
        var shapes = 1 / c - 1 / b + (Math.Log(c) + moments) / c + GammaFunctions.LogGammaOnePlus(1 / c) - GammaFunctions.LogGammaOnePlus(1 / b);
        var value = Elementary.ExpExcess(y) / c + Math.Max(0, shapes);
        return double.IsNaN(value) || (1 / b > 1e6 || 1 / c > 1e6) ? null : value;
    }

    private static double? LogChernoff(GeneralizedNormal p, GeneralizedNormal q, double a)
    {
        if (p.Location != q.Location || p.Shape != q.Shape) return null;
        // (scale/scale')^shape is the ratio of two rates, of which that of the mean is their mean.
        var step = Elementary.Expm1(p.Shape * LogScale(p, q));
        var mean = 1 + (1 - a) * step;
        if (!(mean > 0)) return double.PositiveInfinity;
        if (double.IsInfinity(step)) return null;
        return -(a * Elementary.Bregman(1, -(1 - a) * step / mean, 1 / mean) + (1 - a) * Elementary.Bregman(1, a * step / mean, (1 + step) / mean)) / p.Shape;
    }

    private static double LogScale(GeneralizedNormal p, GeneralizedNormal q)
    {
        var step = (p.Scale - q.Scale) / q.Scale;
        return Math.Abs(step) < 0.5 ? Elementary.Log1p(step) : Elementary.LogOfRatio(p.Scale, q.Scale);
    }
}
