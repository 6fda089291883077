using KlCore.Numerics;

namespace KlCore.Training.Topics;

/// <summary>
/// KL(Dirichlet(a) || Dirichlet(b)) = ln Gamma(A) - ln Gamma(B) + sum of [ln Gamma(b_i) - ln Gamma(a_i) + (a_i - b_i)(psi(a_i) - psi(A))] with the sums A
/// and B, in nats.
/// </summary>
internal static class DirichletDivergence
{
    /// <summary>The whole of it.</summary>
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<double> b)
    {
        var (sumOfA, sumOfB) = (0.0, 0.0);
        for (var i = 0; i < a.Length; i++) (sumOfA, sumOfB) = (sumOfA + a[i], sumOfB + b[i]);
        var (total, shift) = (OfSums(sumOfA, sumOfB), GammaFunctions.Digamma(sumOfA));
        for (var i = 0; i < a.Length; i++) total += Term(a[i], b[i], shift);
        // What rounding leaves of nothing may be below it.
        return Math.Max(0, total);
    }

    /// <summary>What the sums contribute.</summary>
    public static double OfSums(double sumOfA, double sumOfB) => GammaFunctions.LogGamma(sumOfA) - GammaFunctions.LogGamma(sumOfB);

    /// <summary>What one parameter contributes, given psi(A).</summary>
    public static double Term(double a, double b, double digammaOfSum) =>
        GammaFunctions.LogGamma(b) - GammaFunctions.LogGamma(a) + (a - b) * (GammaFunctions.Digamma(a) - digammaOfSum);
}
