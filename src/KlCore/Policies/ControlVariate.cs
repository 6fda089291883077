using KlCore.Numerics;

namespace KlCore.Policies;

/// <summary>
/// k(lambda) = k1 + lambda (e^-delta - 1), unbiased for every lambda since e^-delta - 1 has mean 0 under pi; k1 is lambda = 0 and k3 is
/// lambda = 1. The variance is least at lambda* = -Cov(k1, c)/Var(c), c = e^-delta - 1. Source of the family: Schulman (2020); of lambda*:
/// any text on control variates, for example A. Owen, "Monte Carlo theory, methods and examples", 8.9.
/// </summary>
internal readonly struct ControlVariate
{
    private readonly double _scaled;
    private readonly double _complement;
    private readonly double _shift;

    private ControlVariate(double scaled, double complement, double shift) => (_scaled, _complement, _shift) = (scaled, complement, shift);

    /// <summary>lambda*.</summary>
    public double Lambda => _scaled * Math.Exp(-_shift);

    /// <summary>Whether the tokens determined it; with a single value of delta there is nothing to reduce and lambda is 1.</summary>
    public bool IsDetermined { get; private init; }

    /// <summary>
    /// Estimates lambda* on the given tokens. Everything that contains e^-delta is held divided by e^shift, so that no delta is too far below
    /// 0; and 1 - lambda* is estimated as Cov(k3, c)/Var(c), so that it keeps its digits where k3 is nearly optimal.
    /// </summary>
    public static ControlVariate Fit(double[] delta, Func<int, bool> belongs)
    {
        var shift = 0.0;
        for (var i = 0; i < delta.Length; i++)
            if (belongs(i)) shift = Math.Max(shift, -delta[i]);
        CompensatedSum ones = default, controls = default, threes = default;
        var count = 0;
        for (var i = 0; i < delta.Length; i++)
        {
            if (!belongs(i) || !double.IsFinite(delta[i])) continue;
            count++;
            ones.Add(delta[i]);
            controls.Add(Control(delta[i], shift));
            threes.Add(Three(delta[i], shift));
        }

        var (one, control, three) = (ones.Value / count, controls.Value / count, threes.Value / count);
        CompensatedSum variance = default, withOne = default, withThree = default;
        for (var i = 0; i < delta.Length; i++)
        {
            if (!belongs(i) || !double.IsFinite(delta[i])) continue;
            var c = Control(delta[i], shift) - control;
            variance.Add(c * c);
            withOne.Add((delta[i] - one) * c);
            withThree.Add((Three(delta[i], shift) - three) * c);
        }

        var scaled = -withOne.Value / variance.Value;
        var complement = withThree.Value / variance.Value;
        var determined = count > 1 && variance.Value > 0 && double.IsFinite(scaled) && double.IsFinite(complement);
        return determined ? new(scaled, complement, shift) { IsDetermined = true } : new(1, 0, 0);
    }

    /// <summary>The term of one token: (1 - lambda) k1 + lambda k3.</summary>
    public TokenTerm Term(double delta)
    {
        var value = double.IsPositiveInfinity(delta) ? delta : (_complement * delta) + (_scaled * Three(delta, _shift));
        // 1 - lambda e^-delta = (1 - lambda) - lambda (e^-delta - 1)
        return new(value, _complement - (_scaled * Control(delta, _shift)));
    }

    private static double Control(double delta, double shift) =>
        delta >= -1 ? Elementary.Expm1(-delta) * Math.Exp(-shift) : Math.Exp(-delta - shift) - Math.Exp(-shift);

    private static double Three(double delta, double shift) =>
        delta >= -1 ? TokenTerm.K3(delta) * Math.Exp(-shift) : Math.Exp(-delta - shift) + (Math.Exp(-shift) * (delta - 1));
}
