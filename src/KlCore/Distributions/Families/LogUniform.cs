using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>The log-uniform (reciprocal) distribution: p(x) = 1 / (x ln(upper/lower)) for lower &lt;= x &lt;= upper.</summary>
public sealed record LogUniform : Continuous, IPositiveMoments
{
    /// <summary>The least value: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Lower { get; init; }

    /// <summary>The largest value: above lower.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Upper { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Upper <= Lower) problems.Add("upper", $"must be above lower, {Lower:R}, was {Upper:R}");
    }

    /// <inheritdoc/>
    public override Family Describe() => new("1 / (x ln(upper/lower))", "lower <= x <= upper", "A positive number of unknown order of magnitude.");

    /// <inheritdoc/>
    public override double LogDensity(double x) => x < Lower || x > Upper ? double.NegativeInfinity : -Math.Log(x) - Math.Log(Width());

    /// <inheritdoc/>
    public override double Cumulative(double x) => x <= Lower ? 0 : x >= Upper ? 1 : Log(x, Lower) / Width();

    /// <inheritdoc/>
    public override double Survival(double x) => x <= Lower ? 1 : x >= Upper ? 0 : Log(Upper, x) / Width();

    /// <inheritdoc/>
    public override double Quantile(double probability) => probability > 0.5 ? UpperQuantile(1 - probability) : Math.Min(Upper, From(Lower, probability * Width()));

    /// <inheritdoc/>
    public override double UpperQuantile(double probability) => probability > 0.5 ? Quantile(1 - probability) : Math.Max(Lower, From(Upper, -probability * Width()));

    /// <inheritdoc/>
    public override Interval Support() => new(Lower, Upper);

    /// <summary>(upper - lower) / ln(upper/lower).</summary>
    public override double? Expectation() => (Upper - Lower) / Width();

    /// <summary>mean^2 (h coth h - 1) with h = ln(upper/lower)/2.</summary>
    public override double? Variance()
    {
        var (mean, h) = ((Upper - Lower) / Width(), 0.5 * Width());
        var z = h * h;
        var excess = h < 0.2 ? z * (1.0 / 3 - z * (1.0 / 45 - z * (2.0 / 945 - z * (1.0 / 4725 - z * (2.0 / 93555 - z * (1382.0 / 638512875)))))) : h / Math.Tanh(h) - 1;
        return mean * mean * excess;
    }

    /// <summary>(ln lower + ln upper)/2 + ln ln(upper/lower).</summary>
    public override double? EntropyByFormula() => 0.5 * (Math.Log(Lower) + Math.Log(Upper)) + Math.Log(Width());

    /// <summary>ln(upper/lower).</summary>
    internal double Width() => Log(Upper, Lower);

    double? IPositiveMoments.LogMean() => 0.5 * (Math.Log(Lower) + Math.Log(Upper));

    double? IPositiveMoments.LogVariance() => Width() * Width() / 12;

    double? IPositiveMoments.LogPowerMean(double k) => 0.5 * k * (Math.Log(Lower) + Math.Log(Upper)) + LogSinhQuotient(0.5 * k * Width());

    internal override Tail LowerTail() => Tail.Power(0);

    internal override Tail UpperTail() => Tail.Power(0);

    // ln(sinh(h)/h), even in h.
    private static double LogSinhQuotient(double h)
    {
        h = Math.Abs(h);
        if (h < 1e-4) return h * h / 6;
        return h + Math.Log(-Elementary.Expm1(-2 * h) / (2 * h));
    }

    private static double From(double end, double log) => Math.Abs(log) < 600 ? end * Math.Exp(log) : Math.Exp(Math.Log(end) + log);

    // ln(x/y) of x of at least y.
    private static double Log(double x, double y) => x < 2 * y ? Elementary.Log1p((x - y) / y) : Elementary.LogOfRatio(x, y);
}
