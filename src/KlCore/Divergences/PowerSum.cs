using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>
/// S = sum p^a q^b with a + b = 1, which the Rényi, Tsallis, alpha and power families and the Bhattacharyya coefficient are functions
/// of. Near S = 1 it is found as S - 1 = sum p (e^(b t) - 1 - b r) with r = (q - p)/p and t = ln(1 + r), whose terms all have one sign;
/// far from it as ln S, scaled by the largest term so that nothing over- or underflows. Terms outside the support of p count 0 for a > 0,
/// those outside the support of q count 0 for b > 0 and infinitely much for b &lt; 0.
/// </summary>
internal static class PowerSum
{
    /// <summary>(S - 1) / divisor, +Infinity where S is.</summary>
    public static double LessOneOver(Pair pair, double a, double b, double divisor)
    {
        var scaled = Scaled(pair, a, b);
        return double.IsInfinity(scaled) ? double.PositiveInfinity : scaled * (Math.Min(a, b) / divisor);
    }

    /// <summary>ln S / divisor.</summary>
    public static double LogOver(Pair pair, double a, double b, double divisor)
    {
        var scaled = Scaled(pair, a, b);
        var lessOne = scaled * Math.Min(a, b);
        if (Math.Abs(lessOne) < 1e-17) return scaled * (Math.Min(a, b) / divisor);
        return (lessOne is > -0.5 and < 1 ? Elementary.Log1p(lessOne) : LogByLargest(pair, a, b)) / divisor;
    }

    /// <summary>
    /// (S - 1) / b for a >= b, which does not underflow as b tends to 0. For a below b p and q are exchanged, because the sum over terms
    /// of one sign is accurate in relative terms from a = 1/2 up.
    /// </summary>
    private static double Scaled(Pair pair, double a, double b) => a >= b
        ? Sums.Of(pair, new Term(a, b)) + (a * pair.ExcessOfP + b * pair.ExcessOfQ) / b
        : Sums.Of(pair, new ReversedTerm(b, a)) + (a * pair.ExcessOfP + b * pair.ExcessOfQ) / a;

    private static double LogByLargest(Pair pair, double a, double b)
    {
        var largest = double.NegativeInfinity;
        for (var i = 0; i < pair.Count; i++) largest = Math.Max(largest, LogTerm(pair, i, a, b));
        if (double.IsInfinity(largest)) return largest;
        var sum = new CompensatedSum();
        for (var i = 0; i < pair.Count; i++) sum.Add(Math.Exp(LogTerm(pair, i, a, b) - largest));
        return largest + Math.Log(sum.Value);
    }

    /// <summary>a ln p + b ln q.</summary>
    private static double LogTerm(Pair pair, int index, double a, double b) => LogTerm(pair[index], a, b);

    private static double LogTerm(in Cell cell, double a, double b)
    {
        if (cell.IsOutsideQ) return b > 0 ? double.NegativeInfinity : double.PositiveInfinity;
        if (cell.IsOutsideP) return a > 0 ? double.NegativeInfinity : double.PositiveInfinity;
        if (!cell.IsPossibleForP) return double.NegativeInfinity;
        return cell.P >= cell.Q ? cell.LogP - b * cell.LogRatio : cell.Reversed.LogP + a * cell.LogRatio;
    }

    /// <summary>What a category adds to (S - 1) / min(a, b).</summary>
    public static double TermOver(in Cell cell, double a, double b) => a >= b ? Of(cell, a, b) : Of(cell.Reversed, b, a);

    /// <summary>(p^a q^b - a p - b q) / b for a at least 1/2: at most 0.</summary>
    private static double Of(in Cell cell, double a, double b)
    {
        var (p, d) = (cell.P, cell.Difference);
        if (cell.IsNear)
        {
            var logRatio = -cell.LogRatio;
            return b * p * logRatio * logRatio * Elementary.ExpRemainder(b * logRatio) - Elementary.Bregman(p, d, cell.Q);
        }

        if (cell.IsOutsideQ) return b > 0 ? -a * p / b : double.NegativeInfinity;
        if (cell.IsOutsideP) return -cell.Q;
        if (!cell.IsPossibleForP) return 0;
        var power = b * -cell.LogRatio;
        return cell.IsExtreme || Math.Abs(power) > 700 ? Far(cell, a, b) : p * Elementary.Expm1(power) / b - d;
    }

    /// <summary>Where p, q or (q/p)^b over- or underflow, p^a q^b may still not.</summary>
    private static double Far(in Cell cell, double a, double b)
    {
        var power = b * -cell.LogRatio;
        return Math.Abs(power) < 1 ? cell.P * Elementary.Expm1(power) / b - cell.Difference : (Math.Exp(LogTerm(cell, a, b)) - a * cell.P - b * cell.Q) / b;
    }

    private readonly struct Term(double a, double b) : ITerm
    {
        public double Of(in Cell cell) => PowerSum.Of(cell, a, b);
    }

    private readonly struct ReversedTerm(double a, double b) : ITerm
    {
        public double Of(in Cell cell) => PowerSum.Of(cell.Reversed, a, b);
    }
}
