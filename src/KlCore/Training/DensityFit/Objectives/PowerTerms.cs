namespace KlCore.Training.DensityFit;

/// <summary>
/// The terms of D = (1 − ∫ pᵃ q¹⁻ᵃ dx) / (a (1 − a)), whose limits are KL(p‖q) at a = 1 and KL(q‖p) at a = 0.
/// With s = p/(p+q) and t = q/(p+q): Value = (a s + (1−a) t − t eᵃᵘ) / (a (1−a)), Slope = t (1 − eᵃᵘ) / a.
/// </summary>
internal static class PowerTerms
{
    // Nearer to a limit than this the limit itself is the more accurate.
    private const double Limit = 1e-7;

    public static double Value(double a, double u)
    {
        if (Math.Abs(a) < Limit) return Value(1, -u);
        var (s, t) = (Logistic.Of(u), Logistic.Of(-u));
        if (Math.Abs(1 - a) < Limit) return Math.Abs(u) < 0.5 ? s * Logistic.ExponentialTail(-u) : s * (u - 1) + t;
        var numerator = Math.Abs(u) < 0.5 && Math.Abs(a * u) < 0.5
            ? t * (a * Logistic.ExponentialTail(u) - Logistic.ExponentialTail(a * u))
            : a * s + (1 - a) * t - Math.Exp(a * u - Logistic.Softplus(u));
        return Math.Max(0, numerator / (a * (1 - a)));
    }

    public static double Slope(double a, double u)
    {
        var t = Logistic.Of(-u);
        if (Math.Abs(a) < Limit) return -t * u;
        if (Math.Abs(a * u) < 0.5) return -t * (Logistic.ExponentialTail(a * u) + a * u) / a;
        return (t - Math.Exp(a * u - Logistic.Softplus(u))) / a;
    }

    public static double SlopeDerivative(double a, double u) => -Math.Exp(a * u - Logistic.Softplus(u)) - Logistic.Of(u) * Slope(a, u);
}
