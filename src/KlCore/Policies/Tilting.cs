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
    private readonly LogSum _best;

    /// <summary>Of a reference given by logarithms (minus infinity where it is 0) that is normalised.</summary>
    public Tilting(double[] logReference, double[] rewards)
    {
        (_logRef, _rewards) = (logReference, rewards);
        Best = double.NegativeInfinity;
        for (var i = 0; i < rewards.Length; i++)
            if (logReference[i] > double.NegativeInfinity) Best = Math.Max(Best, rewards[i]);
        _best = LogSum.Of(LogsWhere(i => rewards[i] == Best));
        CompensatedSum rest = default;
        foreach (var log in LogsWhere(i => rewards[i] != Best)) rest.Add(Math.Exp(log));
        // -ln of a probability near 1 is that of what is missing; one far below the least double has a logarithm all the same.
        LargestKl = rest.Value < 0.5 ? -Elementary.Log1p(-rest.Value) : -_best.Log;
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
        var partition = Partition(t, anchor);
        var policy = new double[_rewards.Length];
        CompensatedSum kl = default, gain = default;
        for (var i = 0; i < policy.Length; i++)
        {
            if (double.IsNegativeInfinity(_logRef[i])) continue;
            var x = t * (_rewards[i] - _rewards[anchor]);
            policy[i] = partition.Share(_logRef[i] + x);
            kl.Add(TokenTerm.KlTerm(_logRef[i], policy[i], x - partition.Log));
            gain.Add(policy[i] * (_rewards[i] - _rewards[anchor]));
        }

        CompensatedSum variance = default;
        for (var i = 0; i < policy.Length; i++)
        {
            var off = _rewards[i] - _rewards[anchor] - gain.Value;
            if (policy[i] > 0) variance.Add(policy[i] * off * off);
        }

        return new(policy, Math.Min(kl.Value, LargestKl), _rewards[anchor] + gain.Value, (t * _rewards[anchor]) + partition.Log, variance.Value);
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
        var t = Math.Sqrt(2 * kl) / Math.Sqrt(spread);
        // A variance that underflows tells nothing of where to begin.
        if (!double.IsFinite(t)) t = 1;
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

    private double[] LogsWhere(Predicate<int> chosen) => [.. Enumerable.Range(0, _rewards.Length).Where(i => chosen(i)).Select(i => _logRef[i])];

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

    /// <summary>sum ref e^x: by 1 + sum ref (e^x - 1) while that is near 1.</summary>
    private LogSum Partition(double t, int anchor)
    {
        CompensatedSum excess = default;
        var logs = new double[_rewards.Length];
        for (var i = 0; i < logs.Length; i++)
        {
            logs[i] = double.NegativeInfinity;
            if (double.IsNegativeInfinity(_logRef[i])) continue;
            var x = t * (_rewards[i] - _rewards[anchor]);
            logs[i] = _logRef[i] + x;
            var reference = Math.Exp(_logRef[i]);
            excess.Add(Math.Abs(x) < 1 ? reference * Elementary.Expm1(x) : Math.Exp(logs[i]) - reference);
        }

        // As one number of which only the logarithm is known.
        return Math.Abs(excess.Value) < 0.5 ? new LogSum(Elementary.Log1p(excess.Value), 1) : LogSum.Of(logs);
    }

    private TiltedPolicy Greedy()
    {
        var policy = new double[_rewards.Length];
        for (var i = 0; i < policy.Length; i++)
            if (_rewards[i] == Best) policy[i] = _best.Share(_logRef[i]);
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
