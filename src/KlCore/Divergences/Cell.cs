using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>
/// One category of a pair: its two probabilities, and what rounding would have destroyed: their difference and, where one of them is
/// too small for a double, the logarithm of their ratio.
/// </summary>
/// <param name="P">p, rounded.</param>
/// <param name="Q">q, rounded.</param>
/// <param name="Difference">q - p with its own full precision, however close the two are.</param>
/// <param name="ExtremeLogP">ln p where P or Q have lost digits or underflowed, otherwise NaN.</param>
/// <param name="ExtremeLogQ">ln q where P or Q have lost digits or underflowed, otherwise NaN.</param>
internal readonly record struct Cell(double P, double Q, double Difference, double ExtremeLogP = double.NaN, double ExtremeLogQ = double.NaN)
{
    /// <summary>Below this a double may have lost digits, and a product or quotient of two may over- or underflow.</summary>
    public const double Tiny = 1e-150;

    /// <summary>The largest |q-p|/(p+q) for which series in it are used: p and q within a factor of 3/2.</summary>
    private const double NearSkewness = 0.2;

    /// <summary>Whether P or Q have lost digits or underflowed, so that the logarithms count.</summary>
    public bool IsExtreme => !double.IsNaN(ExtremeLogP);

    /// <summary>
    /// Two numbers given by their logarithms, of which one at least is finite, both divided by the larger; its logarithm is left in
    /// <paramref name="scale"/>.
    /// </summary>
    public static Cell OfLogarithms(double logP, double logQ, out double scale)
    {
        scale = Math.Max(logP, logQ);
        var (p, q) = (Math.Exp(logP - scale), Math.Exp(logQ - scale));
        var difference = logQ <= logP ? Elementary.Expm1(logQ - logP) : -Elementary.Expm1(logP - logQ);
        return Math.Min(p, q) >= Tiny ? new Cell(p, q, difference) : new Cell(p, q, difference, logP - scale, logQ - scale);
    }

    /// <summary>The same category with p and q exchanged.</summary>
    public Cell Reversed => new(Q, P, -Difference, ExtremeLogQ, ExtremeLogP);

    /// <summary>ln p.</summary>
    public double LogP => IsExtreme ? ExtremeLogP : Math.Log(P);

    /// <summary>Whether p can produce this category, however rarely.</summary>
    public bool IsPossibleForP => P > 0 || ExtremeLogP > double.NegativeInfinity;

    /// <summary>Whether q cannot produce this category although p can.</summary>
    public bool IsOutsideQ => IsPossibleForP && !Reversed.IsPossibleForP;

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
            if (!IsExtreme) return P == Q ? 0 : Elementary.LogOfRatio(P, Q);
            return ExtremeLogP == ExtremeLogQ ? 0 : ExtremeLogP - ExtremeLogQ;
        }
    }

    /// <summary>p ln(p/q) - p + q, never negative: what this category adds to KL(p || q).</summary>
    public double KullbackLeibler
    {
        get
        {
            if (!IsExtreme || IsNear) return Elementary.Bregman(P, Difference, Q);
            return P == 0 ? Math.Max(0, Difference) : Math.Max(0, Difference + P * LogRatio);
        }
    }

    /// <summary>(sqrt p - sqrt q)^2, by the difference of p and q.</summary>
    public double SquaredRootDifference
    {
        get
        {
            if (Difference == 0) return 0;
            var root = Difference / (Math.Sqrt(P) + Math.Sqrt(Q));
            return root * root;
        }
    }

    /// <summary>
    /// p ln(p/m) - p + m towards m = own p + other q, for two shares that sum to 1, neither of them 0, where m is never 0 unless p is.
    /// Both are given, because 1 less a small share would have lost digits of it.
    /// </summary>
    public double TowardsMixture(double own, double other) =>
        P == 0 ? other * Math.Max(0, Difference) : Math.Max(0, Elementary.Bregman(P, other * Difference, IsNear ? P + other * Difference : own * P + other * Q));
}
