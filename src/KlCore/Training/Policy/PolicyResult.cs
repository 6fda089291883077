using System.Text.Json.Serialization;

namespace KlCore.Training.Policy;

/// <summary>What a policy became, beside the best one there is.</summary>
/// <param name="Policy">Of a bandit: the probability of each arm.</param>
/// <param name="States">Of sequences: the policy in each state, those that are met most often first, at most 200.</param>
/// <param name="Reference">The reference's probability of each arm or token.</param>
/// <param name="Reward">E[reward] of the policy.</param>
/// <param name="Forward">KL(ref||pi), of whole sequences, in nats.</param>
/// <param name="Reverse">KL(pi||ref), likewise.</param>
/// <param name="Method">How these were found: by all sequences.</param>
/// <param name="Beta">The coefficient, as the controller left it if there is one.</param>
/// <param name="Penalty">What was asked for and what that makes small.</param>
/// <param name="Optimum">The best policy under a reverse penalty of this beta: pi_ref exp(reward/beta)/Z.</param>
/// <param name="ForwardOptimum">Of a bandit, the best under a forward penalty: beta pi_ref/(c - reward).</param>
/// <param name="Direction">The same trained under either direction of KL with the coefficient that the specification gave.</param>
/// <param name="Frontier">What other coefficients buy, each trained, beside what the best policy has.</param>
/// <param name="Curve">The best reward for each KL: pi_ref exp(reward/beta)/Z from large beta to small.</param>
/// <param name="Advice">What was seen of the two directions, in numbers, and when to choose which.</param>
/// <param name="Warnings">What a reader of these numbers should know.</param>
public sealed record PolicyResult(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Policy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<PolicyState>? States,
    IReadOnlyList<double> Reference,
    double Reward,
    double Forward,
    double Reverse,
    Method Method,
    double Beta,
    PenaltyFacts Penalty,
    OptimalPolicy Optimum,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OptimalPolicy? ForwardOptimum,
    IReadOnlyList<DirectionOutcome> Direction,
    IReadOnlyList<FrontierOutcome> Frontier,
    PolicyCurve Curve,
    string Advice,
    IReadOnlyList<string> Warnings);

/// <summary>The policy where a position and a previous token were seen.</summary>
/// <param name="Position">The position, from 0.</param>
/// <param name="Previous">The token before; null at the beginning.</param>
/// <param name="Visited">How probable it is to come here.</param>
/// <param name="Policy">The probability of each token.</param>
/// <param name="Optimum">That of the best policy under a reverse penalty.</param>
public sealed record PolicyState(int Position, int? Previous, double Visited, IReadOnlyList<double> Policy, IReadOnlyList<double> Optimum);

/// <summary>A penalty, and what it does.</summary>
/// <param name="Direction">The direction that was asked for.</param>
/// <param name="Estimator">The estimator on each token that stands for it where sequences are sampled or an estimator was asked for.</param>
/// <param name="In">Where the estimator enters.</param>
/// <param name="Optimises">What its gradient makes small in expectation, in ASCII.</param>
/// <param name="Note">What follows from that.</param>
public sealed record PenaltyFacts(PenaltyDirection Direction, string Estimator, PenaltyPlace In, string Optimises, string Note);

/// <summary>The best policy under a penalty.</summary>
/// <param name="Formula">The closed form.</param>
/// <param name="Policy">Of a bandit: its probabilities.</param>
/// <param name="Reward">E[reward].</param>
/// <param name="Forward">KL(ref||pi).</param>
/// <param name="Reverse">KL(pi||ref).</param>
/// <param name="LargestDeviation">By what a probability of the trained policy differs from it at most; in states that are met with a probability of at least 1e-3.</param>
public sealed record OptimalPolicy(
    string Formula,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Policy,
    double Reward,
    double Forward,
    double Reverse,
    double LargestDeviation);

/// <summary>A policy trained under one direction.</summary>
/// <param name="Direction">Which KL its gradient makes small: reverse or forward; none or another if an estimator was asked for that does something else.</param>
/// <param name="Reward">E[reward].</param>
/// <param name="Forward">KL(ref||pi).</param>
/// <param name="Reverse">KL(pi||ref).</param>
/// <param name="BestReward">The largest reward of any policy with the same KL(pi||ref): that of pi_ref exp(reward/b)/Z with the b that has it.</param>
/// <param name="LeastShare">The smallest probability of an arm or token, as a share of the reference's, in states that are met with a probability of at least 1e-3.</param>
public sealed record DirectionOutcome(string Direction, double Reward, double Forward, double Reverse, double BestReward, double LeastShare);

/// <summary>A point of the frontier.</summary>
/// <param name="Beta">The coefficient.</param>
/// <param name="Trained">What the policy that was trained with it has.</param>
/// <param name="Optimum">What pi_ref exp(reward/beta)/Z has.</param>
public sealed record FrontierOutcome(double Beta, PolicyMeasures Trained, PolicyMeasures Optimum);

/// <summary>A curve of best policies.</summary>
/// <param name="Beta">Their coefficients, descending.</param>
/// <param name="Kl">KL(pi||ref) of each.</param>
/// <param name="Reward">E[reward] of each.</param>
public sealed record PolicyCurve(double[] Beta, double[] Kl, double[] Reward);
