using KlCore.Numerics;

namespace KlCore.Logits;

/// <summary>What a token adds to a divergence for each unit of probability, by its d = ln p - ln q.</summary>
internal static class LogRatio
{
    /// <summary>Up to which |d| the series hold.</summary>
    public const double Near = 0.5;

    /// <summary>d - 1 + e^-d, never negative, for |d| at most 1/2 by its series.</summary>
    public static double Excess(double d) => d * d * Elementary.ExpRemainder(-d);

    /// <summary>
    /// (1 + r) ln(2 / (1 + r)) + r ln r with r = e^-|d|: p ln(2p/(p+q)) + q ln(2q/(p+q)) for each unit of the larger of p and q. By the series
    /// in s = tanh(d/2), (1 + r)/2 (s^2 + s^4/6 + s^6/15 + ...), for |d| at most 1/2.
    /// </summary>
    public static double Topsoe(double d)
    {
        var minusOne = Expm1OfMinus(Math.Abs(d));
        var s = minusOne / (2 + minusOne);
        var z = s * s;
        var series = 1.0 / 190;
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 153);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 120);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 91);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 66);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 45);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 28);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 15);
        series = Math.FusedMultiplyAdd(series, z, 1.0 / 6);
        return (1 + minusOne / 2) * Math.FusedMultiplyAdd(series * z, z, z);
    }

    /// <summary>e^-d - 1 for |d| at most 1/2.</summary>
    public static double Expm1OfMinus(double d) => Excess(d) - d;

    /// <summary>The same for a larger |d|, also +Infinity, given r.</summary>
    public static double TopsoeFar(double size, double r)
    {
        return (1 + r) * Math.Log(2 / (1 + r)) - (r == 0 ? 0 : r * size);
    }
}
