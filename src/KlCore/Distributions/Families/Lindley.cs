using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Lindley's distribution: p(x) = parameter^2 (1 + x) exp(-parameter x) / (1 + parameter) for x &gt;= 0.</summary>
public sealed record Lindley : Continuous, IPositiveMoments
{
    /// <summary>The rate of its exponential factor: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Parameter { get; init; }

    /// <inheritdoc/>
    public override Family Describe() =>
        new("parameter^2 (1 + x) exp(-parameter x) / (1 + parameter)", "x >= 0", "An exponential variate or, in one of 1 + parameter cases, the sum of two: waiting times.");

    /// <inheritdoc/>
    public override double LogDensity(double x) => x < 0 || double.IsPositiveInfinity(x)
        ? double.NegativeInfinity
        : Elementary.Log1p(x) - Parameter * x + 2 * Math.Log(Parameter) - Elementary.Log1p(Parameter);

    /// <inheritdoc/>
    public override double Cumulative(double x)
    {
        if (x <= 0) return 0;
        // A mixture, all of whose terms are positive.
        var scaled = Parameter * x;
        return Single * -Elementary.Expm1(-scaled) + Double * IncompleteGamma.Lower(2, scaled);
    }

    /// <inheritdoc/>
    public override double Survival(double x)
    {
        if (x <= 0) return 1;
        var scaled = Parameter * x;
        return double.IsPositiveInfinity(scaled) ? 0 : (1 + scaled * Double) * Math.Exp(-scaled);
    }

    /// <inheritdoc/>
    public override Interval Support() => Interval.Positive;

    /// <inheritdoc/>
    public override double? Expectation() => (1 + Double) / Parameter;

    /// <inheritdoc/>
    public override double? Variance() => (1 + Double * (2 - Double)) / Parameter / Parameter;

    /// <summary>E[ln(1 + x)] = (1 + e^b E1(b)) / (1 + b) with b = parameter.</summary>
    internal double LogOnePlusMean() => Double * (1 + ExponentialIntegral.Scaled(Parameter));

    /// <inheritdoc/>
    public override double? EntropyByFormula() => Elementary.Log1p(Parameter) - 2 * Math.Log(Parameter) + 1 + Double - LogOnePlusMean();

    /// <inheritdoc/>
    public override double Draw(RandomStream random)
    {
        var sum = -Math.Log(random.NextUniform());
        if (random.NextUniform() < Double) sum -= Math.Log(random.NextUniform());
        return sum / Parameter;
    }

    double? IPositiveMoments.LogMean() => GammaFunctions.Digamma(1) + Double - Math.Log(Parameter);

    double? IPositiveMoments.LogVariance() => null;

    double? IPositiveMoments.LogPowerMean(double k) => k > -1 ? GammaFunctions.LogGammaOnePlus(k) + Elementary.Log1p(k * Double) - k * Math.Log(Parameter) : double.PositiveInfinity;

    internal override Tail LowerTail() => Tail.Power(0);

    internal override Tail UpperTail() => Tail.Stretched(1, Parameter);

    /// <summary>How often it is a single exponential variate.</summary>
    private double Single => Parameter / (1 + Parameter);

    /// <summary>How often it is a sum of two.</summary>
    private double Double => 1 / (1 + Parameter);
}
