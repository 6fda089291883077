using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Cauchy's distribution: p(x) = 1 / (pi scale (1 + z^2)) with z = (x - location)/scale. It has no mean.</summary>
public sealed record Cauchy : LocationScale
{
    private const double LogPi = 1.1447298858494001741;

    /// <summary>The median: any finite number.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public override required double Location { get; init; }

    /// <summary>Half the width at half the height; a quarter of all values lie further above the median: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public override required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("1 / (pi scale (1 + z^2)), z = (x - location)/scale", "all x", "The ratio of two normal variates, whose averages never settle.");

    internal override double StandardLogDensity(double z) => -LogPi - LogOfSquareAndOne(z);

    internal override double StandardCumulative(double z) => Math.Atan2(1, -z) / Math.PI;

    internal override double StandardSurvival(double z) => Math.Atan2(1, z) / Math.PI;

    internal override double? StandardQuantile(double probability) => probability switch
    {
        <= 0 => double.NegativeInfinity,
        >= 1 => double.PositiveInfinity,
        <= 0.25 => -1 / Math.Tan(Math.PI * probability),
        _ => probability >= 0.75 ? 1 / Math.Tan(Math.PI * (1 - probability)) : Math.Tan(Math.PI * (probability - 0.5)),
    };

    internal override double? StandardExpectation() => null;

    internal override double? StandardVariance() => null;

    internal override double StandardEntropy() => LogPi + 2 * Units.Ln2;

    internal override double StandardDraw(RandomStream random) => Math.Tan(Math.PI * (random.NextUniform() - 0.5));

    internal override Tail LowerTail() => UpperTail();

    internal override Tail UpperTail() => Tail.Power(2);

    /// <summary>ln(1 + z^2), also where the square is beyond all doubles.</summary>
    internal static double LogOfSquareAndOne(double z) => Math.Abs(z) < 1e100 ? Elementary.Log1p(z * z) : 2 * Math.Log(Math.Abs(z));
}
