using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Losses;

/// <summary>Several tokens taken as one: what both sides give to them together.</summary>
internal sealed class TokenGroup
{
    private readonly Pair _pair;
    private readonly double _logQ = double.NaN;

    public TokenGroup(Pair pair, int[] tokens)
    {
        _pair = pair;
        var (p, q, difference) = (new CompensatedSum(), new CompensatedSum(), new CompensatedSum());
        foreach (var token in tokens)
        {
            p.Add(pair.P[token]);
            q.Add(pair.Q[token]);
            difference.Add(pair.Difference[token]);
        }

        Cell = new Cell(p.Value, q.Value, difference.Value);
        if (Math.Min(p.Value, q.Value) >= Cell.Tiny) return;
        _logQ = LogMass(pair.Second, tokens);
        Cell = new Cell(p.Value, q.Value, difference.Value, LogMass(pair.First, tokens), _logQ);
    }

    /// <summary>The group as one category.</summary>
    public Cell Cell { get; }

    /// <summary>What part of the student's mass on the group one of its tokens has; 0 where that mass is 0.</summary>
    public double ShareOfStudent(int token)
    {
        if (double.IsNaN(_logQ)) return _pair.Q[token] / Cell.Q;
        return double.IsNegativeInfinity(_logQ) ? 0 : Math.Exp(_pair.Second.LogMass(token) - _logQ);
    }

    /// <summary>ln of the sum of masses that may each be too small for a double.</summary>
    private static double LogMass(MassFunction side, int[] tokens) => LogSum.Of(Array.ConvertAll(tokens, side.LogMass)).Log;
}
