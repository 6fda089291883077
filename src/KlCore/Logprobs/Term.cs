using KlCore.Numerics;

namespace KlCore.Logprobs;

/// <summary>
/// One token's share d(p, q) of a divergence, in a form that is never negative, 0 for p = q, jointly convex and homogeneous of degree 1. Over all
/// tokens of two distributions the shares sum to the divergence.
/// </summary>
internal interface ITerm
{
    /// <summary>The share of a token with these probabilities.</summary>
    static abstract double Of(in Masses masses);

    /// <summary>The derivative by p where p/q is a ratio.</summary>
    static abstract double SlopeP(double ratio);

    /// <summary>The derivative by q where q/p is a ratio.</summary>
    static abstract double SlopeQ(double ratio);
}

/// <summary>Two probabilities of a token, with what subtraction would lose.</summary>
internal readonly struct Masses
{
    private Masses(double p, double q, double difference, double logRatio) => (P, Q, Difference, LogRatio) = (p, q, difference, logRatio);

    public double P { get; }

    public double Q { get; }

    /// <summary>q - p.</summary>
    public double Difference { get; }

    /// <summary>ln(p/q); infinite if one is 0, 0 if both are.</summary>
    public double LogRatio { get; }

    public static Masses FromLogs(double logP, double logQ)
    {
        var (p, q) = (Math.Exp(logP), Math.Exp(logQ));
        var ratio = logP.Equals(logQ) ? 0 : logP - logQ;
        return new Masses(p, q, Math.Abs(ratio) < 0.5 ? p * Elementary.Expm1(-ratio) : q - p, ratio);
    }

    public static Masses From(double p, double q) => new(p, q, q - p, p.Equals(q) ? 0 : p == 0 ? double.NegativeInfinity : q == 0 ? double.PositiveInfinity : Elementary.LogOfRatio(p, q));

    public Masses Exchanged() => new(Q, P, -Difference, -LogRatio);
}

/// <summary>p ln(p/q) - p + q, for KL(p || q).</summary>
internal readonly struct ForwardTerm : ITerm
{
    public static double Of(in Masses masses)
    {
        var d = masses.LogRatio;
        if (masses.P == 0) return masses.Q;
        if (double.IsPositiveInfinity(d)) return d;
        return Math.Abs(d) <= 0.5 ? masses.P * (d * d * Elementary.ExpRemainder(-d)) : masses.P * (d - 1) + masses.Q;
    }

    public static double SlopeP(double ratio) => Math.Log(ratio);

    public static double SlopeQ(double ratio) => 1 - 1 / ratio;
}

/// <summary>q ln(q/p) - q + p, for KL(q || p).</summary>
internal readonly struct ReverseTerm : ITerm
{
    public static double Of(in Masses masses) => ForwardTerm.Of(masses.Exchanged());

    public static double SlopeP(double ratio) => 1 - 1 / ratio;

    public static double SlopeQ(double ratio) => Math.Log(ratio);
}

/// <summary>(p ln(2p/(p+q)) + q ln(2q/(p+q)))/2, for Jensen-Shannon.</summary>
internal readonly struct JensenShannonTerm : ITerm
{
    public static double Of(in Masses masses)
    {
        var half = masses.Difference / 2;
        var middle = masses.P / 2 + masses.Q / 2;
        return (Elementary.Bregman(masses.P, half, middle) + Elementary.Bregman(masses.Q, -half, middle)) / 2;
    }

    public static double SlopeP(double ratio) => Math.Log(2 * ratio / (1 + ratio)) / 2;

    public static double SlopeQ(double ratio) => SlopeP(ratio);
}

/// <summary>|p - q|/2, for total variation.</summary>
internal readonly struct TotalVariationTerm : ITerm
{
    public static double Of(in Masses masses) => Math.Abs(masses.Difference) / 2;

    public static double SlopeP(double ratio) => Math.Sign(ratio - 1) / 2.0;

    public static double SlopeQ(double ratio) => SlopeP(ratio);
}

/// <summary>(sqrt p - sqrt q)^2/2, for the squared Hellinger distance.</summary>
internal readonly struct SquaredHellingerTerm : ITerm
{
    public static double Of(in Masses masses)
    {
        var roots = Math.Sqrt(masses.P) + Math.Sqrt(masses.Q);
        if (roots == 0) return 0;
        var difference = masses.Difference / roots;
        return difference * difference / 2;
    }

    public static double SlopeP(double ratio) => (1 - 1 / Math.Sqrt(ratio)) / 2;

    public static double SlopeQ(double ratio) => SlopeP(ratio);
}
