using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>
/// One category of a pair: its two probabilities, and what rounding would have destroyed: their difference and, where one of them is
/// too small for a double, the logarithm of their ratio.
/// </summary>
/// <param name="P">p, rounded.</param>
/// <param name="Q">q, rounded.</param>
/// <param name="Difference">q - p with its own full precision, however close the two are.</param>
/// <param name="ExtremeLogRatio">ln(p/q) where P or Q are too small to tell it, otherwise NaN.</param>
internal readonly record struct Cell(double P, double Q, double Difference, double ExtremeLogRatio)
{
    /// <summary>Below this a double may have lost digits, and a quotient may over- or underflow.</summary>
    public const double Tiny = 1e-290;

    /// <summary>The largest |q-p|/(p+q) for which series in it are used: p and q within a factor of 3/2.</summary>
    private const double NearSkewness = 0.2;

    /// <summary>The same category with p and q exchanged.</summary>
    public Cell Reversed => new(Q, P, -Difference, -ExtremeLogRatio);

    /// <summary>Whether q cannot produce this category although p can.</summary>
    public bool IsOutsideQ => P > 0 ? Q == 0 && LogRatio == double.PositiveInfinity : ExtremeLogRatio == double.PositiveInfinity;

    /// <summary>Whether p cannot produce this category although q can.</summary>
    public bool IsOutsideP => Reversed.IsOutsideQ;

    /// <summary>(q - p) / (p + q), between -1 and 1; 0 where the two are equal.</summary>
    public double Skewness => Difference == 0 ? 0 : Difference / (P + Q);

    /// <summary>Whether p and q are positive and within a factor of 3/2.</summary>
    public bool IsNear => P > 0 && Q > 0 && Math.Abs(Skewness) <= NearSkewness;

    /// <summary>ln(p/q): 0 where both are 0, +Infinity outside the support of q, -Infinity outside that of p.</summary>
    public double LogRatio
    {
        get
        {
            if (IsNear) return -(2 * Skewness + Elementary.AtanhTail(Skewness));
            if (!double.IsNaN(ExtremeLogRatio)) return ExtremeLogRatio;
            return P == Q ? 0 : Elementary.LogOfRatio(P, Q);
        }
    }

    /// <summary>p ln(p/q) - p + q, never negative: what this category adds to KL(p || q).</summary>
    public double KullbackLeibler
    {
        get
        {
            if (IsNear || double.IsNaN(ExtremeLogRatio)) return Elementary.Bregman(P, Difference);
            return P == 0 ? Math.Max(0, Difference) : Math.Max(0, Difference + P * ExtremeLogRatio);
        }
    }

    /// <summary>
    /// p ln(p/m) - p + m towards m = p + share (q - p), for a share strictly between 0 and 1, where m is never 0 unless p is.
    /// </summary>
    public double TowardsMixture(double share) => Elementary.Bregman(P, share * Difference);
}
