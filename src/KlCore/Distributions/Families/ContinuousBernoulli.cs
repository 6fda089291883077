using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// The continuous Bernoulli distribution: p(x) proportional to parameter^x (1 - parameter)^(1-x) for 0 &lt;= x &lt;= 1. In t = ln(parameter/(1 - parameter))
/// it is t e^(t x)/(e^t - 1): uniform for a parameter of 1/2.
/// </summary>
public sealed record ContinuousBernoulli : Continuous
{
    /// <summary>The parameter: above 0 and below 1.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public required double Parameter { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("c parameter^x (1 - parameter)^(1 - x), c = 2 artanh(1 - 2 parameter)/(1 - 2 parameter)", "0 <= x <= 1", "Brightness of pixels, in autoencoders.");

    /// <inheritdoc/>
    public override double LogDensity(double x) => x is >= 0 and <= 1 ? TiltedUnit.LogDensity(Tilt(), x) : double.NegativeInfinity;

    /// <inheritdoc/>
    public override double Cumulative(double x) => x <= 0 ? 0 : x >= 1 ? 1 : TiltedUnit.Cumulative(Tilt(), x, 1 - x);

    /// <inheritdoc/>
    public override double Survival(double x) => x <= 0 ? 1 : x >= 1 ? 0 : TiltedUnit.Cumulative(-Tilt(), 1 - x, x);

    /// <inheritdoc/>
    public override double Quantile(double probability) => TiltedUnit.Quantile(Tilt(), probability);

    /// <inheritdoc/>
    public override double UpperQuantile(double probability) => 1 - TiltedUnit.Quantile(-Tilt(), probability);

    /// <inheritdoc/>
    public override Interval Support() => new(0, 1);

    /// <inheritdoc/>
    public override double? Expectation() => TiltedUnit.Mean(Tilt());

    /// <inheritdoc/>
    public override double? Variance() => TiltedUnit.Variance(Tilt());

    /// <inheritdoc/>
    public override double? EntropyByFormula() => TiltedUnit.Entropy(Tilt());

    internal override Tail LowerTail() => Tail.Power(0);

    internal override Tail UpperTail() => Tail.Power(0);

    /// <summary>t, the logit of the parameter.</summary>
    internal double Tilt() => Parameter is > 0.25 and < 0.75 ? Elementary.Log1p((2 * Parameter - 1) / (1 - Parameter)) : Math.Log(Parameter) - Elementary.Log1p(-Parameter);
}
