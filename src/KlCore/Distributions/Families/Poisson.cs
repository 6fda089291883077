using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Counts of rare events: P(x) = rate^x e^-rate / x! for x = 0, 1, ...</summary>
public sealed record Poisson : Discrete
{
    // Up to here draws are found by adding up masses from 0.
    private const double Small = 10;

    /// <summary>The mean number of events: at least 0; of 0 the only value is 0.</summary>
    [Range(0, double.MaxValue)]
    public required double Rate { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("rate^x e^-rate / x!", "x = 0, 1, 2, ...", "Counts of rare events that do not know of each other.") { IsDiscrete = true };

    /// <inheritdoc/>
    public override Interval Support() => new(0, Rate == 0 ? 0 : double.PositiveInfinity);

    /// <inheritdoc/>
    public override double? Expectation() => Rate;

    /// <inheritdoc/>
    public override double? Variance() => Rate;

    /// <inheritdoc/>
    public override double? EntropyByFormula() => WideEntropy.Of(this);

    /// <inheritdoc/>
    public override double Draw(RandomStream random) => Draw(Rate, random);

    internal override double LogMass(double k) => SaddlePoint.Poisson(k, Rate);

    internal override double AtMost(double k) => IncompleteGamma.Upper(k + 1, Rate);

    internal override double Above(double k) => IncompleteGamma.Lower(k + 1, Rate);

    // -ln p grows like x ln x: faster than any multiple of x.
    internal override Tail UpperTail() => Tail.Stretched(1.001, 1);

    /// <summary>A count of a given rate.</summary>
    internal static double Draw(double rate, RandomStream random) => rate < Small
        ? Counting(rate, random)
        : RatioOfUniforms.Draw(k => SaddlePoint.Poisson(k, rate), Math.Floor(rate), rate, rate, Interval.Positive, random);

    private static double Counting(double rate, RandomStream random)
    {
        var rest = random.NextUniform();
        var mass = Math.Exp(-rate);
        var k = 0;
        // What rounding leaves of 1 is nothing to wait for.
        for (; rest > mass && k < 200; mass *= rate / k)
        {
            rest -= mass;
            k++;
        }

        return k;
    }
}
