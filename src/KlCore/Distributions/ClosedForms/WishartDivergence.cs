using KlCore.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace KlCore.Distributions.ClosedForms;

/// <summary>The KL divergence between Wishart distributions.</summary>
/// <remarks>
/// With M = V'^-1 V, a_i = (n - i)/2 and b_i = (n' - i)/2 it is n/2 (tr M - d - ln|M|) + (n - n')/2 ln|M| + sum_i B(b_i; a_i), i = 0, ..., d - 1, B as in
/// <see cref="LogGammaBregman"/>. That cancels where n V is near n' V'; so the main part of every B, b ln(b/a) - b + a for i = 0, goes to the others, which become
/// n'/2 (tr tM - d - ln|tM|), t = n/n'. What is left of B is positive: step^2 times the integral of (1 - u) (psi'(a_i + u step) - 1/(a + u step)).
/// </remarks>
internal static class WishartDivergence
{
    /// <summary>KL(p || q) in nats.</summary>
    public static double? Of(Wishart p, Wishart q)
    {
        if (p.Order != q.Order) return null;
        var (d, a, b) = (p.Order, p.DegreesOfFreedom / 2, q.DegreesOfFreedom / 2);
        var share = Share(p.Scale, q.Scale);
        if (double.IsInfinity(share.Excess)) return double.PositiveInfinity;
        var growth = (p.DegreesOfFreedom - q.DegreesOfFreedom) / q.DegreesOfFreedom;
        // tr M - d, from what is kept to full precision.
        var trace = share.Excess - share.LogDeterminant;
        var sum = new CompensatedSum();
        sum.Add(b * (d * Elementary.Bregman(1, growth, a / b) + growth * trace + share.Excess));
        for (var i = 0; i < d; i++) sum.Add(Rest(a, b, i / 2.0));
        return Math.Max(0, sum.Value);
    }

    /// <summary>-(a KL(m || p) + b KL(m || q)) for the m whose degrees of freedom and inverse scale are the weighted means; infinite where there is none.</summary>
    public static double? LogChernoff(Wishart p, Wishart q, double a)
    {
        if (p.Order != q.Order) return null;
        if (Of(p, q) == 0) return 0;
        var (d, freedom) = (p.Order, a * p.DegreesOfFreedom + (1 - a) * q.DegreesOfFreedom);
        if (!(freedom > d - 1)) return double.PositiveInfinity;
        var (v, w) = (Matrix<double>.Build.DenseOfRowArrays(p.Scale), Matrix<double>.Build.DenseOfRowArrays(q.Scale));
        var blend = a * w + (1 - a) * v;
        if (Wishart.Factor(blend.ToRowArrays()) is null) return double.PositiveInfinity;
        var scale = v * blend.Cholesky().Solve(w);
        var middle = new Wishart { DegreesOfFreedom = freedom, Scale = ((scale + scale.Transpose()) / 2).ToRowArrays() };
        return Wishart.Factor(middle.Scale) is null ? null : -(a * Of(middle, p) + (1 - a) * Of(middle, q));
    }

    private static CovarianceShare Share(double[][] s, double[][] t)
    {
        var zeros = new Location(new double[s.Length]);
        return GaussianPair.From(new Gaussian { Mean = zeros, Covariance = s }, new Gaussian { Mean = zeros, Covariance = t }).ShareOfP();
    }

    // B(b - i/2; a - i/2) - (b ln(b/a) - b + a), where the first argument is the half i/2.
    private static double Rest(double a, double b, double half)
    {
        var (step, low) = (b - a, a - half);
        if (step == 0) return 0;
        if (Math.Abs(step) <= low / 2) return ExponentialFamily.NearDivergence(step, offset => Excess(low + offset, half));
        if (low < LogGammaBregman.Large || b - half < LogGammaBregman.Large) return LogGammaBregman.Of(b - half, low, step) - Elementary.Bregman(b, -step, a);
        var main = (b - half) * Elementary.Log1p(half * (step / low) / b) - half * Elementary.LogOfRatio(b, a);
        return main + 0.5 * LogGammaBregman.Excess(low, b - half, step) + LogGammaBregman.Rest(b - half, low, step);
    }

    // psi'(x) - 1/(x + h).
    private static double Excess(double x, double half)
    {
        if (x < 20) return GammaFunctions.Trigamma(x) - 1 / (x + half);
        var z = 1 / (x * x);
        return (0.5 + (1.0 / 6 + z * (-1.0 / 30 + z * (1.0 / 42 + z * (-1.0 / 30 + z * (5.0 / 66))))) / x) * z + half / (x * (x + half));
    }
}
