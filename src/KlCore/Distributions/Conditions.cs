using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>How much larger the largest eigenvalue of a covariance is than its smallest.</summary>
/// <param name="Whole">Of the covariance as it is.</param>
/// <param name="Scaled">With all variances between 1 and 4: what accuracy depends on.</param>
internal readonly record struct Conditions(double Whole, double Scaled)
{
    /// <summary>Both condition numbers of a covariance.</summary>
    public static Conditions Of(FactoredCovariance covariance, CancellationToken cancellation)
    {
        if (covariance is DiagonalCovariance diagonal) return new Conditions(OfDiagonal(diagonal), 1);
        int[] even = [.. Enumerable.Repeat(covariance.Exponents.Max(), covariance.Dimension)];
        var scaled = OfFactor(covariance.Lower(covariance.Exponents), covariance.Dimension, cancellation);
        var whole = covariance.Exponents.AsSpan().SequenceEqual(even) ? scaled : OfFactor(covariance.Lower(even), covariance.Dimension, cancellation);
        return new Conditions(whole, scaled);
    }

    private static double OfDiagonal(DiagonalCovariance diagonal)
    {
        var (low, high) = (double.PositiveInfinity, 0.0);
        foreach (var deviation in diagonal.Deviations) (low, high) = (Math.Min(low, deviation.Hi), Math.Max(high, deviation.Hi));
        return high / low * (high / low);
    }

    private static double OfFactor(double[] lower, int d, CancellationToken cancellation)
    {
        var largest = Lanczos.LargestEigenvalue(d, v => Multiply(lower, v), cancellation);
        var inverse = Lanczos.LargestEigenvalue(d, v => Divide(lower, v), cancellation);
        return Math.Max(1, largest * inverse);
    }

    // v = L (L^T v).
    private static void Multiply(double[] lower, double[] v)
    {
        var d = v.Length;
        var image = new double[d];
        for (var i = 0; i < d; i++) Rows.AddMultiple(lower.AsSpan(i * d, i + 1), v[i], image.AsSpan(0, i + 1));
        for (var i = 0; i < d; i++) v[i] = Rows.Dot(lower.AsSpan(i * d, i + 1), image.AsSpan(0, i + 1));
    }

    private static void Divide(double[] lower, double[] v)
    {
        Cholesky.Solve(lower, v);
        Cholesky.SolveTransposed(lower, v);
    }
}
