using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Texts.NGrams;

/// <summary>
/// The errors of KL(a || b) = sum a ln(a/b) by the delta method: a moves it by ln(a/b) for each n-gram that a draws, b by -a/b for each that b draws. Smoothing
/// pulls the distributions together and so makes them move less; by how much is read off the most frequent and the rarest n-gram.
/// </summary>
internal sealed class NGramErrors(NGramCounts counts, NGramCategories categories, Pair pair)
{
    private const int FewestTexts = 20;
    private const int MostBlocks = 100;

    /// <summary>The estimate in one direction.</summary>
    public NGramEstimate Of(Direction direction, Unit unit)
    {
        var isForward = direction == Direction.Forward;
        var value = isForward ? KullbackLeibler.Forward(pair) : KullbackLeibler.Reverse(pair);
        NGramEstimate estimate = new(direction, unit.FromNats(value), Method.Estimate, null, null, Bias(unit));
        if (!double.IsFinite(value)) return estimate;
        // What one more n-gram of each category does, seen from the reference's side and from the model's.
        var (ofReference, ofModel) = (new double[pair.Count], new double[pair.Count]);
        for (var i = 0; i < pair.Count; i++)
        {
            var cell = isForward ? pair[i] : pair[i].Reversed;
            (ofReference[i], ofModel[i]) = cell.P == 0 ? (0, 0) : (cell.LogRatio, cell.P / cell.Q);
        }

        var ((single, blocks), (otherSingle, otherBlocks)) = isForward
            ? (Variances(counts.P, categories.P, pair.P, ofReference), Variances(counts.Q, categories.Q, pair.Q, ofModel))
            : (Variances(counts.Q, categories.Q, pair.Q, ofReference), Variances(counts.P, categories.P, pair.P, ofModel));
        return estimate with { StandardError = Error(single + otherSingle, unit), BlockStandardError = Error(blocks + otherBlocks, unit) };
    }

    private static double? Error(double variance, Unit unit) => double.IsFinite(variance) ? unit.FromNats(Math.Sqrt(variance)) : null;

    private NGramBias Bias(Unit unit)
    {
        var (p, q) = (Bias(counts.P, categories.P), Bias(counts.Q, categories.Q));
        return new NGramBias(unit.FromNats(p), unit.FromNats(q), unit.FromNats(p + q));
    }

    private static double Bias(NGramSide side, double[] own) => (own.Count(count => count > 0) - 1) / (2.0 * side.Length);

    /// <summary>The variance that one side brings: from single n-grams, and from blocks of them (NaN where there is one block only).</summary>
    private (double Single, double Blocks) Variances(NGramSide side, double[] own, ReadOnlySpan<double> smoothed, double[] influence)
    {
        CompensatedSum sum = default, squares = default;
        for (var i = 0; i < own.Length; i++)
            if (own[i] > 0) sum.Add(own[i] * influence[i] / side.Length);
        var mean = sum.Value;
        for (var i = 0; i < own.Length; i++)
            if (own[i] > 0) squares.Add(own[i] * (influence[i] - mean) * (influence[i] - mean) / side.Length);
        var shrinkage = Shrinkage(own, smoothed, side.Length);
        return (shrinkage * shrinkage * squares.Value / side.Length, shrinkage * shrinkage * BlockVariance(side, influence, mean));
    }

    private double BlockVariance(NGramSide side, double[] influence, double mean)
    {
        var byText = side.Texts >= FewestTexts;
        var blocks = byText ? side.Texts : Math.Min(MostBlocks, side.Length);
        var sums = new CompensatedSum[blocks];
        var text = 0;
        for (var i = 0; i < side.Length; i++)
        {
            while (i >= side.Ends[text]) text++;
            sums[byText ? text : (int)((long)i * blocks / side.Length)].Add(influence[categories.CategoryOf(side.Numbers[i])] - mean);
        }

        CompensatedSum squares = default;
        foreach (var sum in sums) squares.Add(sum.Value / side.Length * (sum.Value / side.Length));
        return blocks < 2 ? double.NaN : squares.Value * blocks / (blocks - 1);
    }

    private static double Shrinkage(double[] own, ReadOnlySpan<double> smoothed, int total)
    {
        var (most, least) = (0, 0);
        for (var i = 1; i < own.Length; i++)
        {
            if (own[i] > own[most]) most = i;
            if (own[i] < own[least]) least = i;
        }

        return own[most] == own[least] ? 1 : Math.Clamp((smoothed[most] - smoothed[least]) / ((own[most] - own[least]) / total), 0, 1);
    }
}
