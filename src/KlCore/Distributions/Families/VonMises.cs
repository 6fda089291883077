using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// Von Mises' distribution of an angle: p(x) = exp(concentration cos(x - mean)) / (2 pi I0(concentration)) for -pi &lt;= x &lt;= pi. All angles are told by
/// their representative there, so that any two of these live on the same circle; the mean may be given as any angle. <see cref="Expectation"/> and
/// <see cref="Variance"/> are those of the representative as a number, which is near pi on one side and near -pi on the other.
/// </summary>
public sealed record VonMises : Continuous
{
    private const double LogTwoPi = 1.83787706640934548356;

    /// <summary>The angle around which it is concentrated, in radians: any finite number, taken modulo 2 pi.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public required double Mean { get; init; }

    /// <summary>How much it is concentrated: at least 0, where it is uniform; large ones are normal with a variance of 1/concentration.</summary>
    [Range(0, double.MaxValue)]
    public required double Concentration { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("exp(concentration cos(x - mean)) / (2 pi I0(concentration))", "-pi <= x <= pi", "A direction in the plane, a time of day.");

    /// <inheritdoc/>
    public override double LogDensity(double x)
    {
        if (!(x >= -Math.PI && x <= Math.PI)) return double.NegativeInfinity;
        return Arc().LogDensity(x - Centre());
    }

    /// <inheritdoc/>
    public override double Cumulative(double x) => x <= -Math.PI ? 0 : x >= Math.PI ? 1 : Math.Min(1, Arc().Mass(-Math.PI - Centre(), x - Centre()));

    /// <inheritdoc/>
    public override double Survival(double x) => x <= -Math.PI ? 1 : x >= Math.PI ? 0 : Math.Min(1, Arc().Mass(x - Centre(), Math.PI - Centre()));

    /// <inheritdoc/>
    public override Interval Support() => new(-Math.PI, Math.PI);

    /// <summary>The mean less 2 pi times the probability of what lies beyond pi, or plus that of what lies below -pi.</summary>
    public override double? Expectation() => Centre() - Math.CopySign(2 * Math.PI * Arc().Beyond(Math.PI - Math.Abs(Centre())), Centre());

    /// <inheritdoc/>
    public override double? Variance()
    {
        var (arc, from) = (Arc(), Math.PI - Math.Abs(Centre()));
        var beyond = arc.Beyond(from);
        // What is beyond pi is moved by 2 pi.
        return arc.SquaredDeviation() + 4 * Math.PI * (Math.PI * beyond * (1 - beyond) - arc.DeviationBeyond(from));
    }

    /// <summary>ln(2 pi I0(k)) - k A(k) with A = I1/I0.</summary>
    public override double? EntropyByFormula() => LogTwoPi + Math.Log(ScaledBessel.Zero(Concentration)) + Concentration * ScaledBessel.RatioGap(Concentration);

    /// <inheritdoc/>
    public override double Draw(RandomStream random) => Math.Clamp(Wrap(Centre() + Arc().Draw(random)), -Math.PI, Math.PI);

    internal override Tail LowerTail() => Tail.Power(0);

    internal override Tail UpperTail() => Tail.Power(0);

    // The peak, which may be at both ends at once.
    internal override IReadOnlyList<double> Landmarks() => Concentration < 1 ? [Centre()] : [Centre(), Math.CopySign(Math.PI, -Centre())];

    internal override IReadOnlyList<double> Marks()
    {
        var (centre, width) = (Centre(), 1 / Math.Sqrt(1 + Concentration));
        return [.. new[] { -9, -5, -2.5, -1, 0, 1, 2.5, 5, 9 }.Select(step => Wrap(centre + Math.Clamp(step * width, -Math.PI, Math.PI)))];
    }

    /// <summary>The mean as an angle from -pi to pi.</summary>
    internal double Centre() => Wrap(Mean);

    /// <summary>The representative of an angle from -pi to pi.</summary>
    internal static double Wrap(double angle) => Math.Abs(angle) <= Math.PI ? angle : Math.IEEERemainder(angle, 2 * Math.PI);

    private VonMisesArc Arc() => new(Concentration);
}
