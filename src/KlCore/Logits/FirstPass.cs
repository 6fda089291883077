using KlCore.Numerics;

namespace KlCore.Logits;

/// <summary>
/// Both divergences of a pair of rows from memory read once. With the sums Z of u, D of v - u, F and G of <see cref="FirstSums"/> and
/// m = D/Z = (sum of v)/Z - 1, forward is F/Z - (m - ln(1 + m)) whatever the reference is: the terms of F do not cancel, and what is
/// taken off is as small as the reference's shift is good. Where it is not small, the row is read once more with a better one.
/// </summary>
internal ref struct FirstPass<T, TP, TQ>
    where T : struct, IFloatLanes<T>
    where TP : struct, ILoader
    where TQ : struct, ILoader
{
    /// <summary>How far a logit, divided by the temperature, may exceed the reference: e^40 and its like overflow in no product of floats here.</summary>
    private const float Excess = 40;

    /// <summary>How many logits the first guess goes by; a whole number of vectors.</summary>
    private const int Start = 1024;

    private readonly FloatPair<T, TP, TQ> _rows;
    private Reference _reference;
    private FirstSums _sums;
    private int _blockOfP;
    private int _blockOfQ;
    private bool _isExact;

    /// <summary>Nothing computed yet.</summary>
    public FirstPass(FloatPair<T, TP, TQ> rows, Scale scale)
    {
        _rows = rows;
        Scale = scale;
        _sums = FirstSums.Empty;
    }

    /// <summary>So many that each lane adds up 64 numbers, which loses no digit that counts.</summary>
    private static int Block => T.Count == 1 ? 16 : 64 * T.Count;

    private enum Outcome
    {
        Done,
        Exceeded,
        Failed,
    }

    /// <summary>What differences of logits are multiplied by.</summary>
    public Scale Scale { get; }

    /// <summary>KL(p || q).</summary>
    public double Forward { get; private set; }

    /// <summary>KL(q || p).</summary>
    public double Reverse { get; private set; }

    /// <summary>ln of the sum of e^(logit of p) less that of q, logits divided by the temperature.</summary>
    public double Shift { get; private set; }

    /// <summary>Whether x - y had to be taken exactly.</summary>
    public readonly bool IsExact => _isExact;

    /// <summary>The largest logit of p.</summary>
    public readonly float LargestP => _sums.LargestP;

    /// <summary>The largest logit of q.</summary>
    public readonly float LargestQ => _sums.LargestQ;

    /// <summary>The sum of e^((logit - largest) / temperature) over p.</summary>
    public readonly double SumOfP => _sums.P * Math.Exp(((double)_reference.MaxP - LargestP) * Scale.Whole);

    /// <summary>The same over q.</summary>
    public readonly double SumOfQ => SumOfP * Math.Exp(((double)LargestP - LargestQ) * Scale.Whole - Shift);

    /// <summary>The first token with the largest logit of p.</summary>
    public readonly int TopP => Search.First<T, TP>(in _rows.P, _blockOfP, _rows.Count, LargestP);

    /// <summary>The same of q.</summary>
    public readonly int TopQ => Search.First<T, TQ>(in _rows.Q, _blockOfQ, _rows.Count, LargestQ);

    /// <summary>Computes all; false where the rows are none for floats: no distributions, or logits beyond what floats can tell apart.</summary>
    public bool TryRun()
    {
        if (!TryGuess()) return false;
        var isFromMaxima = false;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var outcome = _isExact ? Sweep<ExactDifference>(_rows.Count) : Sweep<RoundedDifference>(_rows.Count);
            if (outcome == Outcome.Failed) return false;
            if (outcome == Outcome.Exceeded)
            {
                if (isFromMaxima || !TryFromMaxima(_rows.Count)) return false;
                isFromMaxima = true;
                continue;
            }

            if (TryConclude()) return !IsBeyondFloats;
            if (!double.IsFinite(Shift)) return false;
            _reference = _reference.Shifted(Shift);
        }

        return false;
    }

    /// <summary>Where all that differs is tokens 30 below the top one, whose distance to it floats round too much.</summary>
    private readonly bool IsBeyondFloats => Math.Min(Forward, Reverse) is > 0 and < 1e-11 && SumOfP < 1 + 1e-6;

    /// <summary>Whether all but the top token is so far below it that the rounding of the distance tells.</summary>
    private readonly bool IsConfident => SumOfP < 1 + 1e-4;

    /// <summary>False where another reference is wanted.</summary>
    private bool TryConclude()
    {
        var (p, m) = (_sums.P, _sums.Difference / _sums.P);
        var logRatio = m > -1 ? Elementary.Log1p(m) : double.NaN;
        Shift = _reference.WholeShift - logRatio;
        if (!(Math.Abs(logRatio) < 1)) return false;
        var (forward, reverse) = (_sums.Forward / p, _sums.Reverse / (p * (1 + m)));
        Forward = Math.Max(0, forward - Elementary.Bregman(1, m));
        Reverse = Math.Max(0, reverse - Elementary.Bregman(1, -m / (1 + m)));
        if (_sums.IsOnlyInP) Forward = double.PositiveInfinity;
        if (_sums.IsOnlyInQ) Reverse = double.PositiveInfinity;
        var isRounded = !_isExact && (IsConfident || IsTooFar(_reference.WholeShift, Math.Min(Forward, Reverse)));
        _isExact |= isRounded;
        return !isRounded && forward <= 2 * Forward && reverse <= 2 * Reverse;
    }

    /// <summary>Whether x - y is so much larger than what of it counts, about sqrt(2 KL), that its rounding would tell.</summary>
    private static bool IsTooFar(double shift, double divergence) => Math.Abs(shift) > 4 * Math.Sqrt(2 * divergence);

    /// <summary>A reference by the start of the rows alone.</summary>
    private bool TryGuess()
    {
        var end = Math.Min(Start, _rows.Count);
        if (!TryFromMaxima(end) && !TryFromMaxima(_rows.Count)) return false;
        if (Sweep<ExactDifference>(end) != Outcome.Done) return true;
        var m = _sums.Difference / _sums.P;
        if (!(m > -1)) return true;
        _reference = _reference.Shifted(_reference.WholeShift - Elementary.Log1p(m));
        _isExact = IsConfident || IsTooFar(_reference.WholeShift, _sums.Forward / _sums.P - Elementary.Bregman(1, m));
        return true;
    }

    private bool TryFromMaxima(int end)
    {
        var (largestP, largestQ) = _rows.Largest(0, end);
        if (!float.IsFinite(largestP) || !float.IsFinite(largestQ)) return false;
        _reference = new Reference(largestP, 0, 0, Scale).Shifted(((double)largestP - largestQ) * Scale.Whole);
        return true;
    }

    /// <summary>The first logits, block after block.</summary>
    private Outcome Sweep<TDifference>(int end) where TDifference : struct, IDifference
    {
        var whole = Math.Min(end, _rows.Whole);
        _sums = FirstSums.Empty;
        var isWide = false;
        for (var start = 0; start < whole; start += Block)
        {
            var count = (nuint)Math.Min(Block, whole - start);
            var part = isWide
                ? FirstBlock.SumWide<T, TP, TQ>(in _rows.P, in _rows.Q, (nuint)start, count, _reference)
                : FirstBlock.Sum<T, TP, TQ, TDifference>(in _rows.P, in _rows.Q, (nuint)start, count, _reference);
            if (IsExceeded(part)) return Outcome.Exceeded;
            if (!isWide && (!part.IsFinite || part.Farthest > FirstBlock.Farthest))
                part = FirstBlock.SumWide<T, TP, TQ>(in _rows.P, in _rows.Q, (nuint)start, count, _reference);
            if (!part.IsFinite) return Outcome.Failed;
            // Masks come in runs: where one block has them, the next is likely to.
            isWide = part.Farthest > FirstBlock.Farthest;
            Take(part, start);
        }

        if (end <= _rows.Whole) return Outcome.Done;
        var tail = FirstBlock.SumWide<T, TP, TQ>(in _rows.TailOfP, in _rows.TailOfQ, 0, (nuint)T.Count, _reference);
        if (IsExceeded(tail)) return Outcome.Exceeded;
        if (!tail.IsFinite) return Outcome.Failed;
        Take(tail, _rows.Whole);
        return Outcome.Done;
    }

    private readonly bool IsExceeded(in FirstSums part) =>
        (part.LargestP - _reference.MaxP) * Scale.Whole > Excess || (part.LargestQ - _reference.MaxP) * Scale.Whole + _reference.WholeShift > Excess;

    private void Take(in FirstSums part, int start)
    {
        if (part.LargestP > _sums.LargestP) _blockOfP = start;
        if (part.LargestQ > _sums.LargestQ) _blockOfQ = start;
        _sums.Add(part);
    }
}
