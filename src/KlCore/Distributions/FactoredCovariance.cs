using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// A covariance S by a lower triangular L with S = L L^T, in coordinates of its own that are scaled by powers of two, x_i = 2^e_i y_i, so
/// that variances of 1e-200 and 1e200 side by side do no harm. KL divergences do not depend on such scales.
/// </summary>
internal abstract class FactoredCovariance(int[] exponents)
{
    /// <summary>e, for each coordinate.</summary>
    public int[] Exponents { get; } = exponents;

    public int Dimension => Exponents.Length;

    /// <summary>Whether all coordinates are independent.</summary>
    public virtual bool IsDiagonal => false;

    /// <summary>The share of this covariance, as that of the reference, and of the model's. Both are of one class.</summary>
    public abstract CovarianceShare Toward(FactoredCovariance model, CancellationToken cancellation);

    /// <summary>|L^-1 (a - b)|^2.</summary>
    public abstract double Mahalanobis(ReadOnlySpan<double> a, ReadOnlySpan<double> b);

    /// <summary>Half the sum of both covariances.</summary>
    public abstract FactoredCovariance Midpoint(FactoredCovariance other, CancellationToken cancellation);

    /// <summary>L rounded to doubles, row after row, in coordinates of the given exponents.</summary>
    public abstract double[] Lower(int[] exponents);

    /// <summary>The difference S - T of two covariances, each element with its own full precision, in coordinates of the given exponents.</summary>
    public abstract double[] Minus(FactoredCovariance other, int[] exponents, CancellationToken cancellation);

    /// <summary>Whether both are the same to the last bit.</summary>
    public abstract bool Equals(FactoredCovariance other);

    /// <summary>
    /// The part of its variance that a pivot must exceed to be believed: d 2^-53, for the rounding of the elements to doubles could account
    /// for all below that.
    /// </summary>
    public static double Doubt(int dimension) => dimension * 1.1102230246251565e-16;

    /// <summary>(a - b) 2^-exponent to 32 digits; infinite only where that is.</summary>
    public static DoubleDouble Between(double a, double b, int exponent) => Math.Max(Math.Abs(a), Math.Abs(b)) > 1e300
        ? DoubleDouble.Sum(a / 2, -b / 2).ScaleB(1 - exponent)
        : DoubleDouble.Sum(a, -b).ScaleB(-exponent);

    /// <summary>The exponent that brings a variance near 1.</summary>
    public static int ExponentOfVariance(double variance) => variance > 0 ? Math.ILogB(variance) >> 1 : 0;
}
