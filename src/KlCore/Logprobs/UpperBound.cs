using KlCore.Numerics;

namespace KlCore.Logprobs;

/// <summary>
/// A value that a divergence cannot exceed, by Lagrangian duality: for any prices a and b of a unit of mass under p and under q,
/// D &lt;= a r_P + b r_Q + sum over tokens of max over their masses of (d(p, q) - a p - b q), and since d is convex each maximum is at a corner of
/// what is known of the token. Prices that are right for tokens without number are taken first, which gives KL the bound
/// sum p ln(p/q) + sum p_i ln(p_i/floor) + r_P ln(cap_P/floor) and the bounded measures that of disjoint rests; where the vocabulary is small or the
/// floor takes a share of the mass, better prices are searched for. Every price gives a bound that holds.
/// </summary>
internal sealed class UpperBound
{
    private const int SearchSteps = 48;
    private const double ManyTokens = 10_000;

    private readonly PartialPair _pair;
    private readonly CornerLines _onlyP;
    private readonly CornerLines _onlyQ;
    private readonly Corner[] _free;
    private readonly double _listed;
    private double _best = double.PositiveInfinity;

    private UpperBound(PartialPair pair, double listed, CornerLines onlyP, CornerLines onlyQ, Corner[] free) =>
        (_pair, _listed, _onlyP, _onlyQ, _free) = (pair, listed, onlyP, onlyQ, free);

    /// <summary>The bound; +Infinity if nothing keeps the divergence finite.</summary>
    public static double Of<T>(PartialPair pair)
        where T : struct, ITerm
    {
        CompensatedSum listed = default;
        foreach (var (p, q) in pair.Both) listed.Add(Farthest<T>(p, q));
        var onlyP = new CornerLines([.. pair.OnlyP.Select(token => Over<T>(token, pair.Q.Cap, pIsKnown: true))]);
        var onlyQ = new CornerLines([.. pair.OnlyQ.Select(token => Over<T>(token, pair.P.Cap, pIsKnown: false))]);
        var free = pair.Free == 0 ? [] : Corners<T>(pair);
        if (double.IsInfinity(listed.Value) || onlyP.AreInfinite || onlyQ.AreInfinite || free.Any(corner => double.IsInfinity(corner.Value))) return double.PositiveInfinity;
        var bound = new UpperBound(pair, listed.Value, onlyP, onlyQ, free);
        bound.Search<T>();
        return bound._best;
    }

    private void Search<T>()
        where T : struct, ITerm
    {
        var b = T.Of(Masses.From(0, 1));
        var (cap, floor) = (_pair.P.Cap, _pair.FreeFloor.Q);
        var a = cap > 0 ? (T.Of(Masses.From(cap, floor)) - b * floor) / cap : 0;
        if (double.IsPositiveInfinity(a)) a = 0;
        Try(a, b, 0);
        if (double.IsInfinity(_pair.Free)) return;
        _best = double.PositiveInfinity;
        Try(a, b);
        if (_pair.Free > ManyTokens && (_pair.FreeFloor.P + _pair.FreeFloor.Q) * _pair.Free < 1e-9) return;
        var (lowA, highA) = Slopes(_onlyQ, _free, corner => corner.P);
        var (lowB, highB) = Slopes(_onlyP, _free, corner => corner.Q);
        Golden(lowA, highA, first => Golden(lowB, highB, second => Try(first, second)));
    }

    private double Try(double a, double b, double? free = null)
    {
        var worst = double.NegativeInfinity;
        foreach (var corner in _free) worst = Math.Max(worst, corner.Value - a * corner.P - b * corner.Q);
        var sum = _listed + (free ?? (_free.Length == 0 ? 0 : _pair.Free * worst));
        sum += _onlyP.Best(b) + _onlyQ.Best(a);
        sum += Math.Max(a * _pair.P.ResidualLow, a * _pair.P.ResidualHigh) + Math.Max(b * _pair.Q.ResidualLow, b * _pair.Q.ResidualHigh);
        _best = Math.Min(_best, sum);
        return sum;
    }

    /// <summary>The least value of a function with one valley, searched for on a scale that is finer towards the high end.</summary>
    private static double Golden(double low, double high, Func<double, double> value)
    {
        const double Ratio = 0.6180339887498949;
        if (!(high > low)) return value(high);
        double At(double z) => value(high - Elementary.Expm1(z));
        var (left, right) = (0.0, Elementary.Log1p(high - low));
        var (x1, x2) = (right - Ratio * (right - left), left + Ratio * (right - left));
        var (f1, f2) = (At(x1), At(x2));
        for (var step = 0; step < SearchSteps; step++)
        {
            if (f1 <= f2)
            {
                (right, x2, f2) = (x2, x1, f1);
                f1 = At(x1 = right - Ratio * (right - left));
            }
            else
            {
                (left, x1, f1) = (x1, x2, f2);
                f2 = At(x2 = left + Ratio * (right - left));
            }
        }

        return Math.Min(Math.Min(f1, f2), value(high));
    }

    private static (double Low, double High) Slopes(CornerLines lines, Corner[] corners, Func<Corner, double> mass)
    {
        List<double> slopes = lines.Slopes is { Length: > 0 } own ? [own[0], own[^1]] : [];
        foreach (var one in corners)
            foreach (var other in corners)
                if (mass(one) > mass(other)) slopes.Add((one.Value - other.Value) / (mass(one) - mass(other)));
        return slopes.Count == 0 ? (0, 0) : (slopes.Min(), slopes.Max());
    }

    private static Corner[] Corners<T>(PartialPair pair)
        where T : struct, ITerm
    {
        double[] ps = double.IsInfinity(pair.Free) ? [0, pair.P.Cap] : [pair.FreeFloor.P, pair.P.Cap];
        double[] qs = [pair.FreeFloor.Q, pair.Q.Cap];
        return [.. ps.SelectMany(p => qs, (p, q) => new Corner(p, q, T.Of(Masses.From(p, q))))];
    }

    private static CornerLine Over<T>(HalfKnown token, double cap, bool pIsKnown)
        where T : struct, ITerm
    {
        double At(double mass)
        {
            var other = new Known(Math.Log(mass), 0);
            return pIsKnown ? Farthest<T>(token.Value, other) : Farthest<T>(other, token.Value);
        }

        return new CornerLine(token.Floor, At(token.Floor), cap, At(cap));
    }

    /// <summary>The largest share of a token whose values are rounded: at one of the corners.</summary>
    private static double Farthest<T>(Known p, Known q)
        where T : struct, ITerm
    {
        if (p.Uncertainty == 0 && q.Uncertainty == 0) return T.Of(Masses.FromLogs(p.Log, q.Log));
        var worst = 0.0;
        foreach (var logP in (ReadOnlySpan<double>)[p.Low, p.High])
            foreach (var logQ in (ReadOnlySpan<double>)[q.Low, q.High])
                worst = Math.Max(worst, T.Of(Masses.FromLogs(logP, logQ)));
        return worst;
    }

    /// <summary>One extreme pair of masses of a free token.</summary>
    private readonly record struct Corner(double P, double Q, double Value);
}
