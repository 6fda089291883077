using KlCore.Numerics;

namespace KlCore.Policies;

/// <summary>
/// The policies pi_t = ref e^(t r) / Z with t = 1/beta, which maximise E[r] - beta KL(pi||ref). Everything is relative to the category that
/// weighs most, a: x = t (r - r_a), d = ln(pi/ref) = x - ln(Z_a), Z_a = sum ref e^x; and KL is a sum of terms pi (e^-d - 1 + d), none negative.
/// </summary>
internal sealed class Tilting
{
    private readonly double[] _logRef;
    private readonly double[] _rewards;

    /// <summary>Of a reference given by logarithms (minus infinity where it is 0) that is normalised.</summary>
    public Tilting(double[] logReference, double[] rewards)
    {
        (_logRef, _rewards) = (logReference, rewards);
        Best = double.NegativeInfinity;
        for (var i = 0; i < rewards.Length; i++)
            if (logReference[i] > double.NegativeInfinity) Best = Math.Max(Best, rewards[i]);
        CompensatedSum best = default, rest = default;
        for (var i = 0; i < rewards.Length; i++) (rewards[i] == Best ? ref best : ref rest).Add(Math.Exp(logReference[i]));
        // -ln of a probability near 1 is that of what is missing.
        LargestKl = rest.Value < 0.5 ? -Elementary.Log1p(-rest.Value) : -Math.Log(best.Value);
    }

    /// <summary>The largest reward that the reference allows.</summary>
    public double Best { get; }

    /// <summary>-ln ref(the categories of the largest reward): what KL tends to for beta = 0.</summary>
    public double LargestKl { get; }

    /// <summary>The policy at t from 0 to infinity.</summary>
    public TiltedPolicy At(double t)
    {
        if (double.IsPositiveInfinity(t)) return Greedy();
        var anchor = Anchor(t);
        var logZ = LogPartition(t, anchor);
        var policy = new double[_rewards.Length];
        CompensatedSum kl = default, gain = default;
        for (var i = 0; i < policy.Length; i++)
        {
            if (double.IsNegativeInfinity(_logRef[i])) continue;
            var d = (t * (_rewards[i] - _rewards[anchor])) - logZ;
            policy[i] = Math.Exp(_logRef[i] + d);
            kl.Add(TokenTerm.KlTerm(_logRef[i], d));
            gain.Add(policy[i] * (_rewards[i] - _rewards[anchor]));
        }

        CompensatedSum variance = default;
        for (var i = 0; i < policy.Length; i++)
        {
            var off = _rewards[i] - _rewards[anchor] - gain.Value;
            if (policy[i] > 0) variance.Add(policy[i] * off * off);
        }

        return new(policy, kl.Value, _rewards[anchor] + gain.Value, (t * _rewards[anchor]) + logZ, variance.Value);
    }

    /// <summary>
    /// The t at which KL is the given one, from 0 to the largest: Newton's method for ln KL in ln t within a bracket that shrinks, with a
    /// bisection whenever it would leave it. d ln KL / d ln t = t^2 Var(r) / KL.
    /// </summary>
    public double Solve(double kl)
    {
        if (kl == 0) return 0;
        if (kl >= LargestKl) return double.PositiveInfinity;
        var spread = At(0).RewardVariance;
        var t = spread > 0 ? Math.Sqrt(2 * kl / spread) : 1;
        var (low, high) = (0.0, double.PositiveInfinity);
        for (var i = 0; i < 2000; i++)
        {
            var at = At(t);
            if (Math.Abs(at.Kl - kl) <= 2e-16 * kl) return t;
            if (at.Kl < kl) low = t;
            else high = t;
            var slope = t * t * at.RewardVariance / at.Kl;
            var next = at.Kl > 0 && slope > 1e-8 ? t * Math.Exp(Math.Clamp(Math.Log(kl / at.Kl) / slope, -5, 5)) : double.NaN;
            if (!(next > low && next < high)) next = low == 0 ? t / 16 : double.IsPositiveInfinity(high) ? t * 16 : Math.Sqrt(low) * Math.Sqrt(high);
            if (next <= low || next >= high || next == t || !double.IsFinite(next)) return Math.Abs(At(low).Kl - kl) < Math.Abs(at.Kl - kl) ? low : t;
            t = next;
        }

        return t;
    }

    private int Anchor(double t)
    {
        var (anchor, weight) = (-1, double.NegativeInfinity);
        for (var i = 0; i < _rewards.Length; i++)
        {
            var own = _logRef[i] + (t * (_rewards[i] - Best));
            if (anchor >= 0 && !(own > weight)) continue;
            if (double.IsNegativeInfinity(_logRef[i])) continue;
            (anchor, weight) = (i, own);
        }

        return anchor;
    }

    /// <summary>ln sum ref e^x: by ln(1 + sum ref (e^x - 1)) while that is near 0.</summary>
    private double LogPartition(double t, int anchor)
    {
        CompensatedSum excess = default, sum = default;
        for (var i = 0; i < _rewards.Length; i++)
        {
            if (double.IsNegativeInfinity(_logRef[i])) continue;
            var x = t * (_rewards[i] - _rewards[anchor]);
            var reference = Math.Exp(_logRef[i]);
            excess.Add(Math.Abs(x) < 1 ? reference * Elementary.Expm1(x) : Math.Exp(_logRef[i] + x) - reference);
            sum.Add(Math.Exp(_logRef[i] - _logRef[anchor] + x));
        }

        return Math.Abs(excess.Value) < 0.5 ? Elementary.Log1p(excess.Value) : _logRef[anchor] + Math.Log(sum.Value);
    }

    private TiltedPolicy Greedy()
    {
        var policy = new double[_rewards.Length];
        for (var i = 0; i < policy.Length; i++)
            if (_rewards[i] == Best) policy[i] = Math.Exp(_logRef[i] + LargestKl);
        return new(policy, LargestKl, Best, double.NaN, 0);
    }
}

/// <summary>One of the policies.</summary>
/// <param name="Policy">Its probabilities.</param>
/// <param name="Kl">KL(pi||ref).</param>
/// <param name="ExpectedReward">E[r] under it.</param>
/// <param name="LogPartition">ln Z; NaN for beta = 0.</param>
/// <param name="RewardVariance">Var(r) under it.</param>
internal sealed record TiltedPolicy(double[] Policy, double Kl, double ExpectedReward, double LogPartition, double RewardVariance);
