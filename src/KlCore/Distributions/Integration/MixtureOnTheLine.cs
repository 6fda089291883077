using KlCore.Numerics;

namespace KlCore.Distributions.Integration;

/// <summary>A mixture of Gaussians in one dimension as a distribution of a single number.</summary>
internal sealed record MixtureOnTheLine : Continuous
{
    private static readonly double[] Reach = [-38, -12, -7, -4, -2, 0, 2, 4, 7, 12, 38];

    private readonly double[] _logWeights;
    private readonly double[] _weights;
    private readonly double[] _means;
    private readonly double[] _deviations;

    public MixtureOnTheLine(GaussianMixture mixture)
    {
        var density = MixtureDensity.Of(mixture);
        int[] present = [.. Enumerable.Range(0, density.Components).Where(k => density.Weights[k] > 0)];
        _logWeights = [.. present.Select(k => density.LogWeights[k] + density.LogScales[k])];
        _weights = [.. present.Select(k => density.Weights[k])];
        _means = [.. present.Select(k => density.Means[k])];
        _deviations = [.. present.Select(k => density.Factors[k])];
    }

    /// <inheritdoc/>
    public override Family Describe() => new("sum of normal densities", "all x", "A mixture of normals.");

    /// <inheritdoc/>
    public override double LogDensity(double x)
    {
        var largest = double.NegativeInfinity;
        for (var k = 0; k < _means.Length; k++) largest = Math.Max(largest, Log(k, x));
        if (_means.Length == 1 || double.IsInfinity(largest)) return largest;
        var sum = 0.0;
        for (var k = 0; k < _means.Length; k++) sum += Math.Exp(Log(k, x) - largest);
        return largest + Math.Log(sum);
    }

    /// <inheritdoc/>
    public override double Cumulative(double x) => Sum(k => StandardNormal.Cumulative((x - _means[k]) / _deviations[k]));

    /// <inheritdoc/>
    public override double Survival(double x) => Sum(k => StandardNormal.Cumulative((_means[k] - x) / _deviations[k]));

    /// <inheritdoc/>
    public override Interval Support() => Interval.Line;

    /// <inheritdoc/>
    public override double? Expectation() => Sum(k => _means[k], most: double.MaxValue);

    /// <inheritdoc/>
    public override double? Variance()
    {
        var mean = Expectation()!.Value;
        return Sum(k => _deviations[k] * _deviations[k] + (_means[k] - mean) * (_means[k] - mean), most: double.MaxValue);
    }

    internal override Tail LowerTail() => UpperTail();

    internal override Tail UpperTail() => Tail.Stretched(2, 0.5 / _deviations.Max() / _deviations.Max());

    internal override IReadOnlyList<double> Landmarks() => _means;

    internal override IReadOnlyList<double> Marks() => [.. from k in Enumerable.Range(0, _means.Length) from reach in Reach select _means[k] + reach * _deviations[k]];

    private double Log(int k, double x)
    {
        var z = (x - _means[k]) / _deviations[k];
        return _logWeights[k] - 0.5 * z * z;
    }

    private double Sum(Func<int, double> term, double most = 1)
    {
        var sum = 0.0;
        for (var k = 0; k < _means.Length; k++) sum += _weights[k] * term(k);
        return Math.Min(most, sum);
    }
}
