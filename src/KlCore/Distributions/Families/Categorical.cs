using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>The categories 0, 1, ..., K - 1 with a probability each.</summary>
public sealed record Categorical : Discrete
{
    private readonly double[] _probabilities = [];
    private double[] _atMost = [];
    private double[] _above = [];
    private Interval _support;

    /// <summary>The probabilities: at least 0 each, summing to 1 within 1e-6; they are then normalised exactly.</summary>
    [Finite]
    public required double[] Probabilities
    {
        get => _probabilities;
        init
        {
            _probabilities = value;
            Accumulate();
        }
    }

    // The sum of all.
    private double Total => _above[0];

    /// <inheritdoc/>
    public override Family Describe() => new("probabilities_x", "x = 0, 1, ..., K - 1", "One of several categories; probabilities may be given freely.") { IsDiscrete = true };

    /// <inheritdoc/>
    public override void Check(Problems problems) => ProbabilityVector.Check(Probabilities, problems.At("probabilities"));

    /// <inheritdoc/>
    public override Interval Support() => _support;

    /// <inheritdoc/>
    public override double? Expectation()
    {
        var sum = new CompensatedSum();
        for (var k = 0; k < Probabilities.Length; k++) sum.Add(k * (Probabilities[k] / Total));
        return sum.Value;
    }

    /// <inheritdoc/>
    public override double? Variance()
    {
        var (mean, sum) = (Expectation()!.Value, new CompensatedSum());
        for (var k = 0; k < Probabilities.Length; k++) sum.Add((k - mean) * (k - mean) * (Probabilities[k] / Total));
        return sum.Value;
    }

    /// <inheritdoc/>
    public override double? EntropyByFormula() => ProbabilityVector.Entropy(Probabilities);

    /// <inheritdoc/>
    public override double Draw(RandomStream random)
    {
        // The first category at which the sum passes a point between 0 and all: one of probability 0 never is.
        var point = random.NextUniform() * Total;
        var place = Array.BinarySearch(_atMost, point);
        for (place = place < 0 ? ~place : place; place < _support.Upper && (Probabilities[place] == 0 || _atMost[place] <= point); place++)
        {
        }

        return Math.Min(place, _support.Upper);
    }

    internal override double LogMass(double k)
    {
        var p = Probabilities[(int)k];
        // Near 1 by what is missing.
        return p < Total / 2 ? Elementary.LogOfRatio(p, Total) : -Elementary.Log1p((Rest(k) + (k == 0 ? 0 : _atMost[(int)k - 1])) / p);
    }

    internal override double AtMost(double k) => _atMost[(int)k] / Total;

    internal override double Above(double k) => Rest(k) / Total;

    private double Rest(double k) => (int)k + 1 < Probabilities.Length ? _above[(int)k + 1] : 0;

    // Sums from both ends, so that small tails keep their digits.
    private void Accumulate()
    {
        var count = Probabilities.Length;
        (_atMost, _above) = (new double[count], new double[count]);
        var (lower, upper) = (new CompensatedSum(), new CompensatedSum());
        for (var k = 0; k < count; k++)
        {
            lower.Add(Probabilities[k]);
            upper.Add(Probabilities[count - 1 - k]);
            (_atMost[k], _above[count - 1 - k]) = (lower.Value, upper.Value);
        }

        _support = new(Math.Max(0, Array.FindIndex(Probabilities, p => p > 0)), Math.Max(0, Array.FindLastIndex(Probabilities, p => p > 0)));
    }
}
