using KlCore.Numerics;

namespace KlCore.Policies;

/// <summary>The choices of one reward, and where they stand among the others.</summary>
/// <param name="Reward">Their reward.</param>
/// <param name="Choices">Which they are.</param>
/// <param name="LogMass">ln of the reference's probability of them.</param>
/// <param name="LogUpTo">ln F, of the probability of rewards up to this one.</param>
/// <param name="LogBelow">ln G, of the probability of lesser rewards; minus infinity at the least.</param>
internal sealed record RewardLevel(double Reward, int[] Choices, double LogMass, double LogUpTo, double LogBelow)
{
    /// <summary>Every level that the reference allows, from the least reward up.</summary>
    public static List<RewardLevel> Of(double[] logReference, double[] rewards)
    {
        var groups = Enumerable.Range(0, rewards.Length).Where(i => logReference[i] > double.NegativeInfinity).GroupBy(i => rewards[i]).OrderBy(group => group.Key).ToList();
        var masses = groups.ConvertAll(group => LogSum.Of([.. group.Select(i => logReference[i])]).Log);
        var above = new double[groups.Count];
        CompensatedSum higher = default;
        for (var k = groups.Count - 1; k >= 0; k--)
        {
            above[k] = higher.Value;
            higher.Add(Math.Exp(masses[k]));
        }

        List<RewardLevel> levels = [];
        var below = double.NegativeInfinity;
        for (var k = 0; k < groups.Count; k++)
        {
            // Sums from the top keep the digits of a probability near 1, sums from the bottom those of a small one.
            var sum = LogSum.Of([below, masses[k]]).Log;
            var upTo = above[k] < 0.5 ? Elementary.Log1p(-above[k]) : sum;
            levels.Add(new(groups[k].Key, [.. groups[k]], masses[k], upTo, below));
            below = upTo;
        }

        return levels;
    }

    /// <summary>ln((F^n - G^n)/(F - G)), by which the best of n draws favours these choices: ((n - 1) ln F) + ln((1 - (G/F)^n)/(1 - G/F)).</summary>
    public double LogRatio(int n)
    {
        if (n == 1) return 0;
        var share = double.IsNegativeInfinity(LogBelow) ? 1 : Math.Min(1, Math.Exp(LogMass - LogUpTo));
        var logBelowShare = share < 0.5 ? Elementary.Log1p(-share) : LogBelow - LogUpTo;
        // (1 - (1 - s)^n)/s tends to n.
        var gain = share < 1e-300 ? Math.Log(n) : Math.Log(-Elementary.Expm1(n * logBelowShare) / share);
        return ((n - 1.0) * LogUpTo) + gain;
    }
}
