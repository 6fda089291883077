using System.Text.Json.Serialization;
using KlCore.Divergences;

namespace KlCore.Training.Policy;

/// <summary>One choice among arms, each with a mean reward.</summary>
public sealed record BanditEnvironment : PolicyEnvironment
{
    private const int MostArms = 1000;

    /// <summary>The mean reward of each arm.</summary>
    public required double[] Rewards { get; init; }

    /// <summary>The standard deviation of each arm's reward around its mean, normally distributed; without effect on exact gradients. None if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Noise { get; init; }

    /// <summary>The reference policy; all arms alike if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Reference { get; init; }

    /// <summary>What the numbers of the reference are.</summary>
    public InputKind Input { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        if (Rewards.Length is < 2 or > MostArms) problems.Add("rewards", $"must have from 2 to {MostArms} arms, had {Rewards.Length}");
        CheckRewards(Rewards, problems.At("rewards"));
        ReferencePolicy.Check(Reference, Rewards.Length, Input, problems.At("reference"));
        if (Noise is null) return;
        if (Noise.Length != Rewards.Length) problems.Add("noise", $"must have {Rewards.Length} elements like rewards, had {Noise.Length}");
        for (var i = 0; i < Noise.Length; i++)
            if (Noise[i] is not (>= 0 and <= LargestReward)) problems.At("noise").At(i).Add($"must be from 0 to {LargestReward}, was {Noise[i]:R}");
    }

    internal override TokenProcess Process() => new(1, Rewards, ReferencePolicy.Logs(Reference, Rewards.Length, Input)) { Noise = Noise };
}
