using System.Text.Json.Serialization;

namespace KlCore.Training.Policy;

/// <summary>What a policy acts in: one sealed record for each kind, listed here by one attribute line.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(BanditEnvironment), "bandit")]
[JsonDerivedType(typeof(SequenceEnvironment), "sequence")]
public abstract record PolicyEnvironment : IChecked
{
    /// <summary>Rewards beyond this are refused.</summary>
    private protected const double LargestReward = 1e6;

    /// <inheritdoc/>
    public abstract void Check(Problems problems);

    /// <summary>What it is in numbers; it must have passed its check.</summary>
    internal abstract TokenProcess Process();

    /// <summary>Adds a problem for every reward that is not finite or too large.</summary>
    private protected static void CheckRewards(IReadOnlyList<double> rewards, Problems problems)
    {
        for (var i = 0; i < rewards.Count; i++)
            if (!(Math.Abs(rewards[i]) <= LargestReward)) problems.At(i).Add($"must be from -{LargestReward} to {LargestReward}, was {rewards[i]:R}");
    }
}
