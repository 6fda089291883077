using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>What two scales alone add to a divergence: r - 1 - ln r with their ratio r, never negative, for nearly equal ones and for those 400 decades apart.</summary>
internal static class ScaleGap
{
    /// <summary>r - 1 - ln r, r = p/q.</summary>
    public static double Of(double p, double q)
    {
        var ratio = p / q;
        return ratio is > 0.5 and < 2 ? Elementary.Bregman(1, (p - q) / q, ratio) : ratio - 1 - Elementary.LogOfRatio(p, q);
    }

    /// <summary>(r^2 - 1)/2 - ln r, r = p/q.</summary>
    public static double OfSquare(double p, double q)
    {
        var (ratio, step) = (p / q, (p - q) / q);
        // u = s (2 + s) with s = r - 1 keeps the digits of nearly equal scales.
        return ratio is > 0.5 and < 2 ? 0.5 * Elementary.Bregman(1, step * (2 + step)) : 0.5 * (ratio * ratio - 1) - Elementary.LogOfRatio(p, q);
    }
}
