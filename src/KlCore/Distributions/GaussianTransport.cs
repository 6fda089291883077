using KlCore.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace KlCore.Distributions;

/// <summary>The Wasserstein distance of order 2 between Gaussians.</summary>
internal static class GaussianTransport
{
    // Below this part of the variances their difference has lost too many digits.
    private const double Near = 1e-3;

    // Subnormal numbers, which the eigenvalues do not converge on, are nothing beside the largest variance, which is near 1.
    private const double Nothing = 1e-200;
    private const int MaximumIterations = 60;

    /// <summary>The root of |m - n|^2 + |A|^2 + |B|^2 - 2 (sum of the singular values of B^T A), with S = A A^T and T = B B^T.</summary>
    public static double Distance(double[] m, double[] n, FactoredCovariance s, FactoredCovariance t, CancellationToken cancellation)
    {
        var exponent = Math.Max(s.Exponents.Max(), t.Exponents.Max());
        for (var i = 0; i < m.Length; i++) exponent = Math.Max(exponent, Exponent(m[i] / 2 - n[i] / 2));
        int[] exponents = [.. Enumerable.Repeat(exponent, m.Length)];
        var sum = new CompensatedSum();
        for (var i = 0; i < m.Length; i++)
        {
            var shift = FactoredCovariance.Between(m[i], n[i], exponent).Hi;
            sum.Add(shift * shift);
        }

        sum.Add(s.Equals(t) ? 0 : s is DiagonalCovariance a && t is DiagonalCovariance b ? OfDiagonals(a, b, exponent) : OfMatrices(s, t, exponents, cancellation));
        return Math.ScaleB(Math.Sqrt(Math.Max(0, sum.Value)), exponent);
    }

    private static double OfDiagonals(DiagonalCovariance s, DiagonalCovariance t, int exponent)
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < s.Dimension; i++)
        {
            var difference = (s.Deviations[i] - t.Deviations[i]).ScaleB(-exponent).Value;
            sum.Add(difference * difference);
        }

        return sum.Value;
    }

    private static double OfMatrices(FactoredCovariance s, FactoredCovariance t, int[] exponents, CancellationToken cancellation)
    {
        var (a, b, d) = (s.Lower(exponents), t.Lower(exponents), s.Dimension);
        var (first, second) = (Matrix<double>.Build.Dense(d, d, a), Matrix<double>.Build.Dense(d, d, b));
        // Column-major: these are the transposes of A and B.
        var singular = second.TransposeAndMultiply(first).Svd(computeVectors: false).S;
        cancellation.ThrowIfCancellationRequested();
        var all = Rows.Dot(a, a) + Rows.Dot(b, b);
        var distance = all - 2 * singular.Sum();
        return distance < Near * all && TryNear(s.Minus(t, exponents, cancellation), b, d, cancellation) is { } near ? near : Math.Max(0, distance);
    }

    /// <summary>
    /// By the optimal map I + X from N(0, T) to N(0, S): X T + T X = S - T - X T X, solved in the eigenvectors of T by iteration, and the
    /// distance is tr(X T X) = sum of t_j X_ij^2. Null if the iteration does not settle.
    /// </summary>
    private static double? TryNear(double[] difference, double[] b, int d, CancellationToken cancellation)
    {
        var factor = Matrix<double>.Build.Dense(d, d, b);
        var covariance = factor.TransposeThisAndMultiply(factor);
        covariance.CoerceZero(Nothing);
        var eigen = covariance.Evd(Symmetricity.Symmetric);
        var values = eigen.EigenValues.Real();
        var given = eigen.EigenVectors.TransposeThisAndMultiply(Matrix<double>.Build.Dense(d, d, difference)).Multiply(eigen.EigenVectors);
        if (values.Minimum() <= 0) return null;
        var x = Matrix<double>.Build.Dense(d, d);
        var last = double.PositiveInfinity;
        for (var iteration = 0; iteration < MaximumIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            var scaled = Matrix<double>.Build.Dense(d, d, (i, j) => values[i] * x[i, j]);
            var rest = iteration == 0 ? given : given - x.Multiply(scaled);
            x = Matrix<double>.Build.Dense(d, d, (i, j) => rest[i, j] / (values[i] + values[j]));
            var distance = x.EnumerateIndexed().Sum(entry => values[entry.Item2] * entry.Item3 * entry.Item3);
            if (Math.Abs(distance - last) <= 1e-15 * distance) return distance;
            last = distance;
        }

        return null;
    }

    private static int Exponent(double value) => value == 0 || !double.IsFinite(value) ? int.MinValue : Math.ILogB(value) + 1;
}
