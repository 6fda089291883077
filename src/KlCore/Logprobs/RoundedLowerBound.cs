using KlCore.Numerics;

namespace KlCore.Logprobs;

/// <summary>
/// A value that a divergence cannot be below although listed values are rounded, by Lagrangian duality: for any prices a and b of a unit of mass
/// under p and under q, D >= a r_P + b r_Q + sum over tokens of min over their masses of (d(p, q) - a p - b q). The prices are the slopes of d at
/// the ratios of the nearest completion of the printed values. Every price gives a bound that holds; rounding of the sum is taken off.
/// </summary>
/// <remarks>
/// d is convex, so the minimum over one mass is the clamped stationary point: at slope b in q this is where q/p has the ratio whose slope b is.
/// d is homogeneous, so the minimum over a box is on one of its four edges.
/// </remarks>
internal sealed class RoundedLowerBound
{
    private const double MostExtreme = 1e30;

    private readonly PartialPair _pair;

    /// <summary>The ratios p/q and q/p whose slopes are the prices.</summary>
    private readonly (double P, double Q) _ratio;
    private CompensatedSum _sum;
    private CompensatedSum _magnitude;

    private RoundedLowerBound(PartialPair pair, (double P, double Q) ratio) => (_pair, _ratio) = (pair, ratio);

    /// <summary>The largest of the bounds by a few prices, at least 0.</summary>
    public static double Of<T>(PartialPair pair, NearestCompletion nearest)
        where T : struct, ITerm
    {
        var p = Math.Clamp(nearest.Levels.P, 1 / MostExtreme, MostExtreme);
        var q = Math.Clamp(nearest.Levels.Q, 1 / MostExtreme, MostExtreme);
        var best = 0.0;
        foreach (var ratio in (ReadOnlySpan<(double, double)>)[(p, q), (p, 1 / p), (1 / q, q), (1, 1)])
            best = Math.Max(best, new RoundedLowerBound(pair, ratio).Bound<T>());
        return best;
    }

    private double Bound<T>()
        where T : struct, ITerm
    {
        var (a, b) = (T.SlopeP(_ratio.P), T.SlopeQ(_ratio.Q));
        foreach (var (p, q) in _pair.Both) Add(LowerBound.Nearest<T>(p, q));
        foreach (var token in _pair.OnlyP)
        {
            var (low, high) = (Math.Exp(token.Value.Low), Math.Exp(token.Value.High));
            var q = Within(_ratio.Q * (b > 0 ? high : low), token.Floor, _pair.Q.Cap);
            Add(T.Of(Masses.From(Math.Clamp(q, low, high), q)));
            Add(-b * q);
        }

        foreach (var token in _pair.OnlyQ)
        {
            var (low, high) = (Math.Exp(token.Value.Low), Math.Exp(token.Value.High));
            var p = Within(_ratio.P * (a > 0 ? high : low), token.Floor, _pair.P.Cap);
            Add(T.Of(Masses.From(p, Math.Clamp(p, low, high))));
            Add(-a * p);
        }

        Add(Math.Min(a * _pair.P.ResidualLow, a * _pair.P.ResidualHigh));
        Add(Math.Min(b * _pair.Q.ResidualLow, b * _pair.Q.ResidualHigh));
        Add(Free<T>(a, b));
        return double.IsPositiveInfinity(_sum.Value) ? _sum.Value : _sum.Value - 2e-15 * _magnitude.Value;
    }

    /// <summary>The least that all free tokens contribute together; of an unknown number there may be none, or too many for a negative share.</summary>
    private double Free<T>(double a, double b)
        where T : struct, ITerm
    {
        // Prices of one and the same ratio are a plane that d is nowhere below.
        if (_pair.Free == 0 || _ratio.P.Equals(1 / _ratio.Q) || _ratio.Q.Equals(1 / _ratio.P)) return 0;
        var isUnknown = double.IsInfinity(_pair.Free);
        var (lowP, lowQ) = isUnknown ? (0, 0) : _pair.FreeFloor;
        var (highP, highQ) = (_pair.P.Cap, _pair.Q.Cap);
        double At(double p, double q) => T.Of(Masses.From(p, q)) - a * p - b * q;
        var least = double.PositiveInfinity;
        foreach (var p in (ReadOnlySpan<double>)[lowP, highP]) least = Math.Min(least, At(p, Within(_ratio.Q * p, lowQ, highQ)));
        foreach (var q in (ReadOnlySpan<double>)[lowQ, highQ]) least = Math.Min(least, At(Within(_ratio.P * q, lowP, highP), q));
        if (isUnknown) return least < 0 ? double.NegativeInfinity : 0;
        return _pair.Free * least;
    }

    private static double Within(double mass, double low, double high) => Math.Min(Math.Max(mass, low), high);

    private void Add(double value)
    {
        _sum.Add(value);
        _magnitude.Add(Math.Abs(value));
    }
}
