using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Zipf's law without an end: P(x) = x^-exponent / zeta(exponent) for x = 1, 2, ...</summary>
public sealed record Zeta : Discrete
{
    /// <summary>The exponent: above 1.</summary>
    [Range(1, double.MaxValue, MinimumIsExclusive = true)]
    public required double Exponent { get; init; }

    /// <summary>exponent - 1: what matters near the pole of zeta.</summary>
    internal double Excess => Exponent - 1;

    private double Whole => 1 + ZetaFunction.BeyondOne(Excess).Zeroth;

    /// <inheritdoc/>
    public override Family Describe() => new("x^-exponent / zeta(exponent)", "x = 1, 2, 3, ...", "Ranks and frequencies with a heavy tail: words of a language, sizes of cities.") { IsDiscrete = true };

    /// <inheritdoc/>
    public override Interval Support() => new(1, double.PositiveInfinity);

    /// <summary>zeta(s - 1)/zeta(s), infinite for s up to 2.</summary>
    public override double? Expectation() => Exponent <= 2 ? double.PositiveInfinity : 1 + LessOne();

    /// <summary>E[(x - 1)^2] - E[x - 1]^2, infinite for s up to 3.</summary>
    public override double? Variance()
    {
        if (Exponent <= 2) return null;
        if (Exponent <= 3) return double.PositiveInfinity;
        var squares = ZetaFunction.BeyondOne(Excess - 2).Zeroth - 2 * ZetaFunction.BeyondOne(Excess - 1).Zeroth + ZetaFunction.BeyondOne(Excess).Zeroth;
        return Math.Max(0, squares / Whole - LessOne() * LessOne());
    }

    /// <summary>s E[ln x] + ln zeta(s).</summary>
    public override double? EntropyByFormula() => Exponent * MeanLogarithm(Excess) + LogPartition(Excess);

    /// <summary>Rejection from a floored Pareto variate. Source: L. Devroye, "Non-Uniform Random Variate Generation" (1986), X.6.1.</summary>
    public override double Draw(RandomStream random)
    {
        while (true)
        {
            var x = Math.Floor(Math.Pow(random.NextUniform(), -1 / Excess));
            var v = random.NextUniform();
            if (x == 1) return x;
            if (x >= double.MaxValue) return double.MaxValue;
            var growth = Elementary.Expm1(Excess * Elementary.Log1p(1 / x));
            var whole = Elementary.Expm1(Excess * Math.Log(2));
            if (v * x * growth / whole <= (growth + 1) / (whole + 1)) return x;
        }
    }

    internal override double LogMass(double k) => (k == 1 ? 0 : -Exponent * Math.Log(k)) - LogPartition(Excess);

    internal override double AtMost(double k)
    {
        var above = Above(k);
        return above < 0.5 ? 1 - above : ZetaFunction.To(Excess, k) / Whole;
    }

    internal override double Above(double k) => ZetaFunction.From(Excess, k + 1).Zeroth / Whole;

    internal override Tail UpperTail() => Tail.Power(Exponent);

    /// <summary>ln zeta(s) for s = 1 + excess.</summary>
    internal static double LogPartition(double excess) => Elementary.Log1p(ZetaFunction.BeyondOne(excess).Zeroth);

    /// <summary>E[ln x] = -zeta'(s)/zeta(s).</summary>
    internal static double MeanLogarithm(double excess)
    {
        var sums = ZetaFunction.BeyondOne(excess);
        return sums.First / (1 + sums.Zeroth);
    }

    /// <summary>The variance of ln x.</summary>
    internal static double VarianceOfLogarithm(double excess)
    {
        var sums = ZetaFunction.BeyondOne(excess);
        var (whole, mean) = (1 + sums.Zeroth, sums.First / (1 + sums.Zeroth));
        return sums.Second / whole - mean * mean;
    }

    // E[x - 1].
    private double LessOne() => (ZetaFunction.BeyondOne(Excess - 1).Zeroth - ZetaFunction.BeyondOne(Excess).Zeroth) / Whole;
}
