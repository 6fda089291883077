using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>
/// One distribution over n categories, read from what a caller gave and prepared once for any number of comparisons. It keeps the
/// numbers as they came (weights and their exact sum, or logits) and never rounds a probability before a difference has been taken.
/// </summary>
public sealed class MassFunction
{
    /// <summary>Enough that products of weights neither over- nor underflow, and little enough that a count's unit does not.</summary>
    private const int LargestScale = 600;

    private readonly double[] _given;
    private double _rest = double.NaN;

    private MassFunction(double[] given, Interpretation how, double[] weights, double[]? low, int scale, double[]? scores)
    {
        (_given, How, Weights, Low, Scale, Scores) = (given, how, weights, low, scale, scores);
        Total = WeightSums.Exact(weights, low);
        Heaviest = WeightSums.IndexOfMaximum(weights);
    }

    /// <summary>How many categories there are.</summary>
    public int Count => _given.Length;

    /// <summary>How the numbers were read.</summary>
    public Interpretation How { get; }

    /// <summary>The numbers as the caller gave them.</summary>
    public ReadOnlySpan<double> Given => _given;

    /// <summary>Unnormalised probabilities, the largest near 1 (or as given).</summary>
    internal double[] Weights { get; }

    /// <summary>What the weights lack to 32 digits, where they are not exact; null means nothing.</summary>
    internal double[]? Low { get; }

    /// <summary>The weights are the given numbers times two to this power.</summary>
    internal int Scale { get; }

    /// <summary>Logits (before the temperature) or log-probabilities, where the numbers given are such and are not smoothed.</summary>
    internal double[]? Scores { get; }

    /// <summary>The exact sum of the weights.</summary>
    internal DoubleDouble Total { get; }

    /// <summary>Which category has the largest weight.</summary>
    internal int Heaviest { get; }

    /// <summary>The sum of all weights but the heaviest: 1 - p of the heaviest, without the cancellation.</summary>
    internal double Rest => double.IsNaN(_rest) ? _rest = WeightSums.Without(Weights, Low, Heaviest) : _rest;

    /// <summary>Whether the masses are the weights over their sum. Clipped ones are not: they stay as they are.</summary>
    internal bool IsNormalised { get; private init; } = true;

    /// <summary>Whether the weights are other than what was given, because they were smoothed.</summary>
    internal bool IsSmoothed { get; private init; }

    /// <summary>What one unit of the given numbers (one count, or the whole probability) is among the weights.</summary>
    internal DoubleDouble CountUnit => How.Input == InputKind.Weights ? Math.ScaleB(1.0, Scale) : Total;

    /// <summary>What the weights are divided by.</summary>
    internal DoubleDouble Divisor => IsNormalised ? Total : DoubleDouble.One;

    /// <summary>Reads a distribution.</summary>
    /// <exception cref="InvalidInputException">The numbers are no distribution of the stated kind; every failure is named.</exception>
    public static MassFunction Read(double[] values, Interpretation how)
    {
        var problems = new Problems();
        how.Check(problems);
        var read = TryRead(values, how, problems);
        problems.ThrowIfAny();
        return read!;
    }

    /// <summary>Reads a distribution, or adds to <paramref name="problems"/> why it is none and returns null.</summary>
    /// <param name="values">The numbers; they are kept, not copied, and never modified.</param>
    /// <param name="how">What they are. It must have passed its own check.</param>
    /// <param name="problems">Where failures go, seen from the array.</param>
    public static MassFunction? TryRead(double[] values, Interpretation how, Problems problems)
    {
        return TryReadRaw(values, how, problems)?.Smoothed();
    }

    /// <summary>The distribution before smoothing, of which it is only seen that smoothing can be applied.</summary>
    internal static MassFunction? TryReadRaw(double[] values, Interpretation how, Problems problems)
    {
        if (!MassChecks.Pass(values, how, problems)) return null;
        var raw = how.Input is InputKind.LogProbabilities or InputKind.Logits ? FromScores(values, how) : FromWeights(values, how);
        return MassChecks.SumPasses(raw, problems) && how.Smoothing.Suits(raw, problems) ? raw : null;
    }

    /// <summary>The distribution after the smoothing that was asked for.</summary>
    internal MassFunction Smoothed() => How.Smoothing is NoSmoothing ? this : How.Smoothing.Smooth(SmoothedWeights.Exactly(this));

    /// <summary>The probability of a category, rounded.</summary>
    public double Mass(int index) => Weights[index] / Divisor.Hi;

    /// <summary>
    /// ln of a category's probability; -Infinity where it is 0. Of the heaviest category, whose probability may be within rounding of
    /// 1, by what is missing from 1.
    /// </summary>
    public double LogMass(int index)
    {
        if (IsNormalised && index == Heaviest) return -Elementary.Log1p(Rest / Weights[index]);
        if (Scores is not null) return Score(index).Value - Math.Log(Total.Hi);
        var weight = Weights[index];
        if (weight > Cell.Tiny || IsSmoothed) return Elementary.LogOfRatio(weight, Divisor.Hi);
        return Elementary.LogOfRatio(_given[index], Divisor.Hi) + Scale * Units.Ln2;
    }

    /// <summary>Whether the category is possible at all, however small its probability.</summary>
    internal bool IsPossible(int index) =>
        Scores is null ? Weights[index] > 0 || (!IsSmoothed && _given[index] > 0) : !double.IsNegativeInfinity(Scores[index]);

    /// <summary>A score less the largest, over the temperature, to 32 digits.</summary>
    internal DoubleDouble Score(int index) => ScoreFrom(Scores!, index, Scores![Heaviest], How.Temperature);

    /// <summary>The same distribution with other weights, and digits beyond them.</summary>
    internal MassFunction With(double[] weights, double[] low, bool normalised) =>
        new(_given, How, weights, low, 0, null) { IsNormalised = normalised, IsSmoothed = true };

    /// <summary>The same weights, divided by their sum.</summary>
    internal MassFunction Normalised() => With(Weights, Low!, normalised: true);

    internal static DoubleDouble ScoreFrom(double[] scores, int index, double origin, double temperature)
    {
        if (double.IsNegativeInfinity(scores[index])) return double.NegativeInfinity;
        var gap = scores[index] - origin;
        // Two numbers of 1e308 and opposite signs: the lighter one is as good as impossible, but it stays finite.
        if (double.IsInfinity(gap)) return Math.Max(-double.MaxValue, scores[index] / temperature - origin / temperature);
        var exact = DoubleDouble.Sum(scores[index], -origin);
        if (temperature == 1) return exact;
        return double.IsFinite(gap / temperature) ? exact / temperature : Math.CopySign(double.MaxValue, gap);
    }

    private static MassFunction FromWeights(double[] values, Interpretation how)
    {
        var largest = values[WeightSums.IndexOfMaximum(values)];
        if (largest is > 1e-100 and < 1e100) return new(values, how, values, null, 0, null);
        var scale = Math.Clamp(-Math.ILogB(largest), -LargestScale, LargestScale);
        return new(values, how, Array.ConvertAll(values, value => Math.ScaleB(value, scale)), null, scale, null);
    }

    private static MassFunction FromScores(double[] scores, Interpretation how)
    {
        var origin = scores[WeightSums.IndexOfMaximum(scores)];
        var weights = new double[scores.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var score = ScoreFrom(scores, i, origin, how.Temperature);
            weights[i] = score.Hi < -800 ? 0 : Math.Exp(score.Hi) * (1 + score.Lo);
        }

        return new(scores, how, weights, null, 0, scores);
    }
}
