using KlCore.Numerics;

namespace KlCore.Training.DensityFit;

/// <summary>The logistic function and its relatives, without overflow and without cancellation.</summary>
internal static class Logistic
{
    /// <summary>1 / (1 + e⁻ᵘ).</summary>
    public static double Of(double u)
    {
        if (u >= 0) return 1 / (1 + Math.Exp(-u));
        var exponential = Math.Exp(u);
        return exponential / (1 + exponential);
    }

    /// <summary>ln(1 + eᵘ) = −ln(1 − Of(u)).</summary>
    public static double Softplus(double u) => Math.Max(u, 0) + Elementary.Log1p(Math.Exp(-Math.Abs(u)));

    /// <summary>eˣ − 1 − x, at least 0.</summary>
    public static double ExponentialTail(double x) => x * x * Elementary.ExpRemainder(x);
}
