using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Policies;

/// <summary>
/// The policy that draws n answers from the reference and keeps one of the largest reward. KL(best||ref) is at most ln n - (n-1)/n, with
/// equality only where no two answers have the same reward and none has a probability of its own. Source: A. Beirami et al., "Theoretical
/// guarantees on the best-of-n alignment policy" (2024), theorem 1.
/// </summary>
public sealed record BestOfN : IChecked
{
    /// <summary>How many answers are drawn.</summary>
    [Range(1, 1_000_000_000)]
    public required int N { get; init; }

    /// <summary>The reference over a finite choice, for the exact KL.</summary>
    public double[]? Reference { get; init; }

    /// <summary>What its numbers are.</summary>
    public InputKind Input { get; init; }

    /// <summary>The reward of each choice.</summary>
    public double[]? Rewards { get; init; }

    /// <summary>The unit.</summary>
    public Unit Unit { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        if (Reference is not null && Rewards is null) problems.Add("rewards", "is required with reference");
        else if (Reference is null && Rewards is not null) problems.Add("reference", "is required with rewards");
        else if (Reference is not null) ChoiceRewards.Check(Reference, Input, Rewards!, problems);
    }

    /// <summary>The bound, and for a finite choice what is exact.</summary>
    public BestOfNAnswer Evaluate()
    {
        var problems = new Problems();
        Check(problems);
        problems.ThrowIfAny();
        var nat = Unit.FromNats(1);
        var bound = Math.Log(N) - ((N - 1.0) / N);
        var exact = Reference is null ? null : Exact();
        return new()
        {
            N = N,
            Unit = Unit,
            Bound = bound * nat,
            Exact = exact is null ? null : exact with { Kl = exact.Kl * nat, Gap = Math.Max(0, bound - exact.Kl) * nat },
        };
    }

    /// <summary>
    /// Answers of equal reward are one level; P(best has it) = F^n - G^n for F, G the reference's probability of rewards up to it and below
    /// it, shared in proportion to the reference. Every mass stays a logarithm: a level far below the least double is a level all the same.
    /// </summary>
    private ExactBestOfN Exact()
    {
        var logRef = ChoiceRewards.LogReference(Reference!, Input);
        var policy = new double[logRef.Length];
        CompensatedSum kl = default, reward = default, before = default;
        var levels = RewardLevel.Of(logRef, Rewards!);
        foreach (var level in levels)
        {
            var logRatio = level.LogRatio(N);
            foreach (var i in level.Choices) policy[i] = Math.Exp(logRef[i] + logRatio);
            kl.Add(TokenTerm.KlTerm(level.LogMass, logRatio));
            reward.Add(Math.Exp(level.LogMass + logRatio) * level.Reward);
            before.Add(Math.Exp(level.LogMass) * level.Reward);
        }

        return new(kl.Value, 0, reward.Value, before.Value, policy, levels.Count);
    }
}

/// <summary>What best-of-n costs.</summary>
public sealed record BestOfNAnswer
{
    /// <summary>How many answers are drawn.</summary>
    public required int N { get; init; }

    /// <summary>The unit.</summary>
    public required Unit Unit { get; init; }

    /// <summary>How it was found.</summary>
    public Method Method { get; init; } = Method.Exact;

    /// <summary>ln n - (n-1)/n: KL(best||ref) is never more.</summary>
    public required double Bound { get; init; }

    /// <summary>What is exact for the reference given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExactBestOfN? Exact { get; init; }
}

/// <summary>Best-of-n over a finite choice.</summary>
/// <param name="Kl">KL(best||ref).</param>
/// <param name="Gap">By what the bound is above it.</param>
/// <param name="ExpectedReward">E[r] of the best.</param>
/// <param name="ReferenceReward">E[r] under the reference.</param>
/// <param name="Policy">The probabilities of the best; equal rewards share in proportion to the reference.</param>
/// <param name="Levels">How many different rewards the reference allows.</param>
public sealed record ExactBestOfN(double Kl, double Gap, double ExpectedReward, double ReferenceReward, IReadOnlyList<double> Policy, int Levels);
