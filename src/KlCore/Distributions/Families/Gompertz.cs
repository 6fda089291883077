using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Gompertz's distribution: p(x) = rate shape exp(shape + rate x - shape e^(rate x)) for x &gt;= 0.</summary>
public sealed record Gompertz : Continuous
{
    /// <summary>The failure rate at age 0, in units of rate: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Shape { get; init; }

    /// <summary>How fast the failure rate grows, like e^(rate x): positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Rate { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("rate shape exp(shape + rate x - shape exp(rate x))", "x >= 0", "The age at death where the risk grows by a constant factor every year.");

    /// <inheritdoc/>
    public override double LogDensity(double x)
    {
        if (x < 0 || double.IsPositiveInfinity(Hazard(x))) return double.NegativeInfinity;
        return Math.Log(Rate) + Math.Log(Shape) + Rate * x - Hazard(x);
    }

    /// <inheritdoc/>
    public override double Cumulative(double x) => x <= 0 ? 0 : -Elementary.Expm1(-Hazard(x));

    /// <inheritdoc/>
    public override double Survival(double x) => x <= 0 ? 1 : Math.Exp(-Hazard(x));

    /// <inheritdoc/>
    public override double Quantile(double probability) => At(-Elementary.Log1p(-probability));

    /// <inheritdoc/>
    public override double UpperQuantile(double probability) => At(-Math.Log(probability));

    /// <inheritdoc/>
    public override Interval Support() => Interval.Positive;

    /// <summary>e^shape E1(shape) / rate.</summary>
    public override double? Expectation() => ExponentialIntegral.Scaled(Shape) / Rate;

    /// <summary>The integral of (ln(1 + t/shape) - mean rate)^2 e^-t over t, by quadrature in ln t: there is no elementary formula.</summary>
    public override double? Variance()
    {
        var mean = ExponentialIntegral.Scaled(Shape);
        var integral = GaussKronrod.Integrate(
            v => Math.Exp(v - Math.Exp(v)) is > 0 and var weight ? weight * Square(Of(Math.Exp(v)) - mean) : 0, [-80, -40, -20, -10, -5, -2, 0, 1, 2, 3, 4, 7], 1e-13);
        return integral.Value / Rate / Rate;
    }

    /// <inheritdoc/>
    public override double? EntropyByFormula() => 1 - Math.Log(Rate) - Math.Log(Shape) - ExponentialIntegral.Scaled(Shape);

    internal override Tail LowerTail() => Tail.Power(0);

    internal override Tail UpperTail() => Tail.Exponential(Rate);

    // shape (e^(rate x) - 1): an exponential variate of rate 1.
    private double Hazard(double x) => Rate * x < 700 ? Shape * Elementary.Expm1(Rate * x) : Math.Exp(Math.Log(Shape) + Rate * x);

    private double At(double hazard) => Of(hazard) / Rate;

    // ln(1 + t/shape).
    private double Of(double t) => t / Shape is < 1e300 and var ratio ? Elementary.Log1p(ratio) : Math.Log(t) - Math.Log(Shape);

    private static double Square(double x) => x * x;
}
