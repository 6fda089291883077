using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Losses;

/// <summary>Where teacher and student differ, in means over the positions that count.</summary>
/// <param name="Forward">KL(p || q); infinite if it is at one position.</param>
/// <param name="Reverse">KL(q || p).</param>
/// <param name="TotalVariation">1/2 sum |p - q|.</param>
/// <param name="EntropyTeacher">H(p).</param>
/// <param name="EntropyStudent">H(q).</param>
/// <param name="HeadTokens">How many tokens are the teacher's head: its likeliest while they sum to at most 1/2, and always the first.</param>
/// <param name="HeadMassTeacher">What the teacher gives to its head.</param>
/// <param name="HeadMassStudent">What the student gives to the teacher's head.</param>
/// <param name="HeadShare">What part of sum |p - q| lies in the head: the weight of the forward KL in the adaptive loss.</param>
/// <param name="TailShare">The rest: the weight of the reverse KL there.</param>
/// <param name="Missed">The teacher's mass on tokens to which the student gives less than half as much.</param>
/// <param name="Invented">The student's mass on tokens to which the teacher gives less than half as much.</param>
/// <param name="InfiniteForward">At how many positions KL(p || q) is infinite.</param>
/// <param name="InfiniteReverse">At how many positions KL(q || p) is infinite.</param>
public sealed record LossGap(
    double Forward, double Reverse, double TotalVariation, double EntropyTeacher, double EntropyStudent, double HeadTokens, double HeadMassTeacher,
    double HeadMassStudent, double HeadShare, double TailShare, double Missed, double Invented, int InfiniteForward, int InfiniteReverse);

/// <summary>The sums behind a <see cref="LossGap"/>.</summary>
internal sealed class GapSweep
{
    private const double Mu = 0.5;

    private CompensatedSum _forward, _reverse, _variation, _entropyTeacher, _entropyStudent, _headTeacher, _headStudent, _headGap, _missed, _invented;
    private long _headTokens;
    private int _positions, _infiniteForward, _infiniteReverse;

    /// <summary>Adds one position; answers the tokens of the teacher's head.</summary>
    public ReadOnlySpan<int> Add(LossRow row)
    {
        var pair = row.Pair;
        var head = Adaptive.Head(row, Mu);
        var entropies = Entropies.Of(pair);
        _positions++;
        _headTokens += head.Length;
        _forward.Add(pair.Sweep.Forward);
        _reverse.Add(pair.Sweep.Reverse);
        _variation.Add(pair.Sweep.Absolute / 2);
        _entropyTeacher.Add(entropies.P);
        _entropyStudent.Add(entropies.Q);
        if (double.IsInfinity(pair.Sweep.Forward)) _infiniteForward++;
        if (double.IsInfinity(pair.Sweep.Reverse)) _infiniteReverse++;
        foreach (var token in head)
        {
            _headTeacher.Add(pair.P[token]);
            _headStudent.Add(pair.Q[token]);
            _headGap.Add(Math.Abs(pair.Difference[token]));
        }

        for (var i = 0; i < pair.Count; i++)
        {
            if (pair.Q[i] < pair.P[i] / 2) _missed.Add(pair.P[i]);
            if (pair.P[i] < pair.Q[i] / 2) _invented.Add(pair.Q[i]);
        }

        return head;
    }

    /// <summary>What was added over the number of positions; the shares of the gap over the whole gap.</summary>
    public LossGap Means(Unit unit)
    {
        double count = _positions;
        var headShare = _variation.Value == 0 ? 1 : Math.Min(1, _headGap.Value / (2 * _variation.Value));
        return new(
            unit.FromNats(_forward.Value / count), unit.FromNats(_reverse.Value / count), _variation.Value / count,
            unit.FromNats(_entropyTeacher.Value / count), unit.FromNats(_entropyStudent.Value / count),
            _headTokens / count, _headTeacher.Value / count, _headStudent.Value / count, headShare, 1 - headShare,
            _missed.Value / count, _invented.Value / count, _infiniteForward, _infiniteReverse);
    }
}
