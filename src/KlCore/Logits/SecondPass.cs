using KlCore.Formats;
using KlCore.Numerics;

namespace KlCore.Logits;

/// <summary>All of a position that needs the normalised probabilities, while the rows are still in the processor's cache.</summary>
internal ref struct SecondPass<T, TP, TQ>
    where T : struct, IFloatLanes<T>
    where TP : struct, ILoader
    where TQ : struct, ILoader
{
    private readonly FloatPair<T, TP, TQ> _rows;
    private readonly Normaliser _normaliser;
    private readonly double _sum;
    private readonly bool _isExact;
    private SecondSums _sums;

    /// <summary>After a first pass.</summary>
    public SecondPass(FloatPair<T, TP, TQ> rows, in FirstPass<T, TP, TQ> first)
    {
        _rows = rows;
        _sum = first.SumOfP;
        _isExact = first.IsExact;
        // y - (MaxP - shift) is y's logarithm on p's scale, but for the temperature.
        var (scale, maxQ) = (first.Scale, first.LargestP - first.Shift / first.Scale.Whole);
        var (high, shift) = ((float)maxQ, (float)first.Shift);
        _normaliser = new Normaliser(first.LargestP, high, (float)(maxQ - high), (float)Math.Log(_sum), shift, (float)(first.Shift - shift), scale)
        {
            LowestP = first.LargestP - Normaliser.Depth / scale.High,
            LowestQ = first.LargestQ - Normaliser.Depth / scale.High,
        };
    }

    private static int Block => T.Count == 1 ? 16 : 64 * T.Count;

    /// <summary>Completes the position; false where floats do not suffice.</summary>
    public bool TryRun(RowOptions options, RowScratch scratch, ref Position position)
    {
        var threshold = _rows.LogitOfQ(position.TopP);
        for (var start = 0; start < _rows.Whole; start += Block)
        {
            var count = Math.Min(Block, _rows.Whole - start);
            var above = Threshold(threshold, start, count, position.TopP);
            _sums.Add(_isExact
                ? SecondBlock.Sum<T, TP, TQ, ExactDifference>(in _rows.P, in _rows.Q, (nuint)start, (nuint)count, _normaliser, above)
                : SecondBlock.Sum<T, TP, TQ, RoundedDifference>(in _rows.P, in _rows.Q, (nuint)start, (nuint)count, _normaliser, above));
        }

        if (_rows.Whole < _rows.Count)
        {
            _sums.Add(SecondBlock.Sum<T, TP, TQ, ExactDifference>(
                in _rows.TailOfP, in _rows.TailOfQ, 0, (nuint)T.Count, _normaliser, Threshold(threshold, _rows.Whole, T.Count, position.TopP)));
        }

        if (!_sums.IsFinite) return false;
        position.RankInQ = 1 + _sums.Above + TiesInBlock(position.TopP, threshold);
        Conclude(ref position);
        if (options.TopK.Count > 0) CompareTops(options, scratch, ref position);
        return true;
    }

    /// <summary>Tokens before p's top count where q's logit is at least as large, those after it where it is larger.</summary>
    private static float Threshold(float logit, int start, int count, int top) => start + count <= top ? MathF.BitDecrement(logit) : logit;

    /// <summary>Of the tokens before p's top in its own block, those with the same logit of q; of all before it where that is -Infinity, below which no threshold is.</summary>
    private readonly int TiesInBlock(int top, float logit)
    {
        var start = top < _rows.Whole ? top - top % Block : _rows.Whole;
        if (float.IsNegativeInfinity(logit)) start = 0;
        return Search.Count<T, TQ>(in _rows.Q, start, top, logit);
    }

    private readonly void Conclude(ref Position position)
    {
        // The logarithm of the sum was rounded to a float in each term.
        var (rounded, scale) = (Math.Log(_sum) - _normaliser.LogSum, _normaliser.Scale.Whole);
        position.JensenShannon = Math.Clamp(_sums.Topsoe / _sum / 2, 0, Units.Ln2);
        position.TotalVariation = Math.Clamp(_sums.Variation / _sum / 2, 0, 1);
        position.Hellinger = Math.Clamp(Math.Sqrt(_sums.Hellinger / _sum / 2), 0, 1);
        position.EntropyP = Math.Max(0, Math.Log(_sum) + _sums.EntropyP * scale / _sum);
        position.EntropyQ = Math.Max(0, _sums.EntropyQ / _sum + rounded);
        position.NoiseFloor = (_sums.NoiseP * SquaredUlp(_rows.StoredP) + _sums.NoiseQ * SquaredUlp(_rows.StoredQ)) * scale * scale / _sum / 24;
    }

    private static double SquaredUlp(ElementType element)
    {
        var ulp = Precision.UlpOf(1, element);
        return ulp * ulp;
    }

    private readonly void CompareTops(RowOptions options, RowScratch scratch, ref Position position)
    {
        Search.Largest<T, TP>(in _rows.P, _rows.Count, scratch.TopOfP);
        Search.Largest<T, TQ>(in _rows.Q, _rows.Count, scratch.TopOfQ);
        scratch.TopOfP.Compare(scratch.TopOfQ, options.TopK, ref position.Overlap, ref position.OrderedMatch);
    }
}
