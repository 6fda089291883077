using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>The logit-normal distribution: of 1/(1 + e^-y) with a normal y: p(x) = exp(-(ln(x/(1-x)) - location)^2 / (2 scale^2)) / (scale sqrt(2 pi) x (1-x)) for 0 &lt; x &lt; 1.</summary>
public sealed record LogitNormal : Continuous
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    // Beyond so many deviations a normal density has nothing left.
    private const double Far = 39;

    /// <summary>The mean of the logit: any finite number.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public required double Location { get; init; }

    /// <summary>The standard deviation of the logit: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("exp(-(ln(x/(1 - x)) - location)^2 / (2 scale^2)) / (scale sqrt(2 pi) x (1 - x))", "0 < x < 1", "A probability whose log odds are normal.");

    /// <inheritdoc/>
    public override double LogDensity(double x)
    {
        if (x is not (> 0 and < 1)) return double.NegativeInfinity;
        var z = Deviations(x);
        return -0.5 * z * z - Math.Log(Scale) - HalfLogTwoPi - Math.Log(x) - Elementary.Log1p(-x);
    }

    /// <inheritdoc/>
    public override double Cumulative(double x) => x <= 0 ? 0 : x >= 1 ? 1 : StandardNormal.Cumulative(Deviations(x));

    /// <inheritdoc/>
    public override double Survival(double x) => x <= 0 ? 1 : x >= 1 ? 0 : StandardNormal.Cumulative(-Deviations(x));

    /// <inheritdoc/>
    public override double Quantile(double probability) => Sigmoid(StandardNormal.Quantile(probability));

    /// <inheritdoc/>
    public override double UpperQuantile(double probability) => Sigmoid(-StandardNormal.Quantile(probability));

    /// <inheritdoc/>
    public override Interval Support() => new(0, 1);

    /// <summary>There is no formula: the integral of the sigmoid over the normal law, by Gauss's rule.</summary>
    public override double? Expectation() => Mean(Sigmoid);

    /// <inheritdoc/>
    public override double? Variance()
    {
        var mean = Mean(Sigmoid);
        return Mean(z => (Sigmoid(z) - mean) * (Sigmoid(z) - mean));
    }

    /// <summary>That of the normal law, and the mean of ln(x (1 - x)).</summary>
    public override double? EntropyByFormula() => 0.5 + HalfLogTwoPi + Math.Log(Scale) + Mean(z => LogOfSlope(Location + Scale * z));

    /// <inheritdoc/>
    public override double Draw(RandomStream random) => Sigmoid(random.NextNormal());

    internal override Tail LowerTail() => UpperTail();

    internal override Tail UpperTail() => Tail.LogSquare(0.5 / Scale / Scale);

    /// <summary>E f(z) over a standard normal z, for f that changes its character where the logit is 0.</summary>
    internal double Mean(Func<double, double> f)
    {
        var turn = -Location / Scale;
        var ends = Enumerable.Range(-26, 53).Select(i => 1.5 * i);
        // Ever finer towards the turn, which is as narrow as 1/scale.
        if (Math.Abs(turn) < Far) ends = ends.Append(turn).Concat(Enumerable.Range(0, 60).Select(i => Math.ScaleB(1, i) / Scale).TakeWhile(step => step < 2 * Far).SelectMany(step => new[] { turn - step, turn + step }));
        double[] sorted = [.. ends.Where(end => Math.Abs(end) <= Far).Distinct().Order()];
        var sum = 0.0;
        for (var i = 1; i < sorted.Length; i++) sum += GaussLegendre.Integrate(sorted[i - 1], sorted[i], z => f(z) * StandardNormal.Density(z));
        return sum;
    }

    /// <summary>ln(x (1 - x)) of the x with this logit.</summary>
    internal static double LogOfSlope(double logit) => -Math.Abs(logit) - 2 * Elementary.Log1p(Math.Exp(-Math.Abs(logit)));

    private double Deviations(double x) => (Math.Log(x) - Elementary.Log1p(-x) - Location) / Scale;

    private double Sigmoid(double z) => 1 / (1 + Math.Exp(-(Location + Scale * z)));
}
