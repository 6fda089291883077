using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Training.Experiments;

namespace KlCore.Training.HyperParameterSearch;

/// <summary>What a search found.</summary>
/// <param name="Score">The score that decided.</param>
/// <param name="LargerIsBetter">Whether more of it is better.</param>
/// <param name="Best">The best trial, with the specification to post.</param>
/// <param name="Trials">All trials, the best first; of successive halving those that ran longest before the others.</param>
/// <param name="Importance">How much of the ranking each member explains by itself; a hint only.</param>
/// <param name="Rungs">Of successive halving: how many trials ran for how long.</param>
/// <param name="Confirmation">What the winner gave on fresh seeds, if that was asked for.</param>
/// <param name="Advice">What was found, in sentences, and what it is worth.</param>
/// <param name="Warnings">What a reader should know: a stable word, a colon, a sentence.</param>
public sealed record SearchResult(
    string Score,
    bool LargerIsBetter,
    BestTrial Best,
    IReadOnlyList<Trial> Trials,
    IReadOnlyList<Importance> Importance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Rung>? Rungs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Confirmation? Confirmation,
    string Advice,
    IReadOnlyList<string> Warnings);

/// <summary>The winner.</summary>
/// <param name="Trial">Its number.</param>
/// <param name="Score">Its score.</param>
/// <param name="Values">What it sets, by JSON pointer.</param>
/// <param name="Specification">The whole specification with those values: posted as a job it gives this trial's result again.</param>
public sealed record BestTrial(int Trial, double Score, IReadOnlyDictionary<string, JsonElement> Values, JsonElement Specification);

/// <summary>One trial.</summary>
/// <param name="Number">In the order in which they were made, from 1.</param>
/// <param name="Values">What it sets, by JSON pointer.</param>
/// <param name="Score">The deciding score of its longest run; absent if that failed.</param>
/// <param name="Scores">All its scores.</param>
/// <param name="Budget">Of successive halving: how long its longest run was.</param>
/// <param name="Steps">How many steps that run took.</param>
/// <param name="Failure">Why that run has no result; absent if it has.</param>
public sealed record Trial(
    int Number,
    IReadOnlyDictionary<string, JsonElement> Values,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Score,
    IReadOnlyDictionary<string, double> Scores,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Budget,
    long Steps,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RunFailure? Failure);

/// <summary>How much of the ranking of the trials one member explains by itself.</summary>
/// <param name="Member">Its JSON pointer.</param>
/// <param name="Share">
/// Of the variance of the ranks of the scores, the share that lies between groups of trials with the same value, or of the same quarter of an interval's
/// values; 0 to 1. What members do only together is not seen.
/// </param>
/// <param name="PValue">How often shuffled scores give as large a share: a share with a large p-value is chance.</param>
public sealed record Importance(string Member, double Share, double PValue);

/// <summary>The winner on seeds that had no part in choosing it.</summary>
/// <param name="Seeds">The seeds.</param>
/// <param name="Failed">How many of the runs have no result.</param>
/// <param name="Score">The deciding score over the others.</param>
/// <param name="Optimism">How much better the score that won was than their mean: positive for too good. Null without a result.</param>
public sealed record Confirmation(
    IReadOnlyList<long> Seeds,
    int Failed,
    ScoreSummary? Score,
    double? Optimism);
