using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Divergences;

namespace KlCore.Policies;

/// <summary>
/// What a KL penalty costs and buys over a finite choice: the policy pi* = ref e^(r/beta)/Z that maximises E[r] - beta KL(pi||ref), for a
/// given beta or for the beta whose KL is the budget. Source: D. Korbak et al., "On Reinforcement Learning and Distribution Matching" (2022);
/// R. Rafailov et al., "Direct Preference Optimization" (2023), appendix A.1.
/// </summary>
public sealed record PenaltyBudget : IChecked
{
    private const int MaximumFrontier = 200;

    /// <summary>The reference policy.</summary>
    public required double[] Reference { get; init; }

    /// <summary>What its numbers are.</summary>
    public InputKind Input { get; init; }

    /// <summary>The reward of each choice.</summary>
    public required double[] Rewards { get; init; }

    /// <summary>The KL(pi||ref) to spend, in the unit; instead of <c>beta</c>.</summary>
    [Range(0.0, double.MaxValue)]
    public double? TargetKl { get; init; }

    /// <summary>The coefficient of the penalty; 0 is the greedy limit, infinity the reference itself; in rewards per nat.</summary>
    [Range(0.0, double.PositiveInfinity)]
    public double? Beta { get; init; }

    /// <summary>How many points of the frontier to answer, from the reference to the greedy limit at equal steps of KL; none unless stated.</summary>
    [Range(2, MaximumFrontier)]
    public int? Frontier { get; init; }

    /// <summary>The unit of KL and ln Z.</summary>
    public Unit Unit { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        if (TargetKl is null && Beta is null) problems.Add("targetKl", "is required, unless beta is given instead");
        if (TargetKl is not null && Beta is not null) problems.Add("beta", "must not be given beside targetKl");
        ChoiceRewards.Check(Reference, Input, Rewards, problems);
    }

    /// <summary>Solves it.</summary>
    /// <exception cref="InvalidInputException">Something is not legal.</exception>
    /// <exception cref="NotComputableException">No policy spends so much: <c>budget-unreachable</c>.</exception>
    public BudgetAnswer Solve()
    {
        var problems = new Problems();
        Check(problems);
        problems.ThrowIfAny();
        var tilting = new Tilting(ChoiceRewards.LogReference(Reference, Input), Rewards);
        var nat = Unit.FromNats(1);
        if (TargetKl / nat > tilting.LargestKl)
            throw new NotComputableException("budget-unreachable", $"No beta spends a KL of {TargetKl:R}: the largest, that of always choosing the best reward, is {tilting.LargestKl * nat:R}.");
        // A beta of -0 is 0, not the negative side of it.
        var t = TargetKl is { } budget ? tilting.Solve(budget / nat) : 1 / Math.Abs(Beta!.Value);
        return BudgetAnswer.Of(tilting, t, Beta is { } beta ? Math.Abs(beta) : 1 / t, nat) with
        {
            Unit = Unit,
            LargestKl = tilting.LargestKl * nat,
            Frontier = Frontier is { } points ? [.. Enumerable.Range(0, points).Select(i => Point(tilting, i / (points - 1.0), nat))] : null,
        };
    }

    private static FrontierPoint Point(Tilting tilting, double share, double nat)
    {
        var t = share == 1 ? double.PositiveInfinity : tilting.Solve(share * tilting.LargestKl);
        var at = tilting.At(t);
        return new(1 / t, at.Kl * nat, at.ExpectedReward);
    }
}

/// <summary>A reference and a reward for each of its categories, as several questions have them.</summary>
internal static class ChoiceRewards
{
    public static void Check(double[] reference, InputKind input, double[] rewards, Problems problems)
    {
        MassFunction.TryRead(reference, new Interpretation { Input = input }, problems.At("reference"));
        if (rewards.Length != reference.Length) problems.Add("rewards", $"must have {reference.Length} elements like reference, had {rewards.Length}");
        for (var i = 0; i < rewards.Length; i++)
            if (!(Math.Abs(rewards[i]) <= 1e150)) problems.At("rewards").At(i).Add($"must be from -1E150 to 1E150, was {rewards[i]:R}");
    }

    /// <summary>ln ref of each, normalised; minus infinity where it is 0.</summary>
    public static double[] LogReference(double[] reference, InputKind input)
    {
        var mass = MassFunction.TryRead(reference, new Interpretation { Input = input }, new Problems())!;
        return [.. Enumerable.Range(0, mass.Count).Select(i => mass.IsPossible(i) ? mass.LogMass(i) : double.NegativeInfinity)];
    }
}

/// <summary>The optimal policy and what it costs and buys.</summary>
public sealed record BudgetAnswer
{
    /// <summary>The unit of KL, ln Z and the identity.</summary>
    public Unit Unit { get; init; }

    /// <summary>How it was found: the policy is a formula in beta; for a budget, beta is its root to rounding.</summary>
    public Method Method { get; init; } = Method.ClosedForm;

    /// <summary>The coefficient, in rewards per nat; "Infinity" for a budget of 0.</summary>
    public required double Beta { get; init; }

    /// <summary>pi*.</summary>
    public required IReadOnlyList<double> Policy { get; init; }

    /// <summary>KL(pi*||ref).</summary>
    public required double Kl { get; init; }

    /// <summary>E[r] under pi*.</summary>
    public required double ExpectedReward { get; init; }

    /// <summary>E[r] under the reference.</summary>
    public required double ReferenceReward { get; init; }

    /// <summary>The largest KL that any beta spends: -ln of the reference's probability of the best rewards.</summary>
    public double LargestKl { get; init; }

    /// <summary>KL = E*[r]/beta - ln Z; null for beta = 0, where both are infinite, and where either is beyond a double.</summary>
    public required BudgetIdentity? Identity { get; init; }

    /// <summary>The best reward for each KL.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FrontierPoint>? Frontier { get; init; }

    internal static BudgetAnswer Of(Tilting tilting, double t, double beta, double nat)
    {
        var at = tilting.At(t);
        var reward = t * at.ExpectedReward;
        return new()
        {
            Beta = beta,
            Policy = at.Policy,
            Kl = at.Kl * nat,
            ExpectedReward = at.ExpectedReward,
            ReferenceReward = tilting.At(0).ExpectedReward,
            // Either may be beyond a double though KL, their difference, is not.
            Identity = double.IsFinite(reward * nat) && double.IsFinite(at.LogPartition * nat) ? new(reward * nat, at.LogPartition * nat, (reward - at.LogPartition - at.Kl) * nat) : null,
        };
    }
}

/// <summary>The identity KL = E*[r]/beta - ln Z, from which KL is not computed (the difference cancels), but which it must obey.</summary>
/// <param name="ExpectedRewardOverBeta">E*[r]/beta.</param>
/// <param name="LogPartition">ln Z = ln sum ref e^(r/beta).</param>
/// <param name="Residual">By what the difference of the two is off the KL: rounding of the larger of them.</param>
public sealed record BudgetIdentity(double ExpectedRewardOverBeta, double LogPartition, double Residual);

/// <summary>One point of the frontier.</summary>
/// <param name="Beta">Its coefficient.</param>
/// <param name="Kl">What it costs.</param>
/// <param name="ExpectedReward">What it buys.</param>
public sealed record FrontierPoint(double Beta, double Kl, double ExpectedReward);
