using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Charts;
using KlCore.Training.Experiments;

namespace KlCore.Training.ObjectiveComparison;

/// <summary>What a comparison of objectives found.</summary>
/// <param name="Table">One line for each objective.</param>
/// <param name="Differences">Every two objectives by every score, over the seeds that both have.</param>
/// <param name="Recommendation">Which objective to use for what.</param>
/// <param name="Advice">The same in sentences, with the numbers.</param>
/// <param name="Runs">Every run: seed by seed, under each objective.</param>
/// <param name="Losses">How each objective fell. Losses of different objectives measure different things.</param>
/// <param name="Overlay">The first result of each objective over what they have in common, if the kind has such a picture.</param>
/// <param name="Warnings">What a reader should know: a stable word, a colon, a sentence.</param>
public sealed record ObjectiveComparisonResult(
    IReadOnlyList<ObjectiveRow> Table,
    IReadOnlyList<ScoreDifference> Differences,
    Recommendation Recommendation,
    string Advice,
    IReadOnlyList<ObjectiveRun> Runs,
    IReadOnlyList<ObjectiveLosses> Losses,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Chart? Overlay,
    IReadOnlyList<string> Warnings);

/// <summary>One objective over all seeds.</summary>
/// <param name="Objective">As it was given.</param>
/// <param name="Label">What it is called everywhere else.</param>
/// <param name="Succeeded">How many of its runs have a result.</param>
/// <param name="Failed">How many have none.</param>
/// <param name="Scores">Each score's mean, standard error, extremes and count.</param>
/// <param name="Traits">For everything that is counted, how many runs showed which word: "behaviour": { "covering": 5 }.</param>
public sealed record ObjectiveRow(
    JsonElement Objective,
    string Label,
    int Succeeded,
    int Failed,
    IReadOnlyDictionary<string, ScoreSummary> Scores,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Traits);

/// <summary>One run.</summary>
/// <param name="Objective">The label of its objective.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Steps">How many steps it took.</param>
/// <param name="Scores">Its scores.</param>
/// <param name="Traits">Its traits.</param>
/// <param name="Failure">Why it has no result; absent if it has.</param>
public sealed record ObjectiveRun(
    string Objective,
    long Seed,
    long Steps,
    IReadOnlyDictionary<string, double> Scores,
    IReadOnlyDictionary<string, string> Traits,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RunFailure? Failure);

/// <summary>The loss of an objective at some steps, over its runs.</summary>
/// <param name="Objective">Its label.</param>
/// <param name="Steps">The steps.</param>
/// <param name="Mean">The mean over the runs at each.</param>
/// <param name="Minimum">The smallest.</param>
/// <param name="Maximum">The largest.</param>
public sealed record ObjectiveLosses(string Objective, long[] Steps, double[] Mean, double[] Minimum, double[] Maximum);

/// <summary>How much larger a score is under the second objective than under the first, seed by seed.</summary>
public sealed record ScoreDifference
{
    /// <summary>The level at which two objectives are told apart.</summary>
    public const double Level = 0.05;

    // Closer than this share of the larger one, what two fits differ by is how far they had got.
    private const double Noise = 1e-6;

    /// <summary>Which score.</summary>
    public required string Score { get; init; }

    /// <summary>The label of the first objective.</summary>
    public required string First { get; init; }

    /// <summary>The label of the second.</summary>
    public required string Second { get; init; }

    /// <summary>How many seeds have both.</summary>
    public required int Pairs { get; init; }

    /// <summary>The mean of the second's minus the first's; null where each is infinite at a seed where the other is not.</summary>
    public double? Difference { get; init; }

    /// <summary>Its standard error, from the spread of the differences; null for one pair.</summary>
    public double? StandardError { get; init; }

    /// <summary>How often a difference this large would be seen if there were none: two-sided paired t-test. Null for one pair and for infinite differences.</summary>
    public double? PValue { get; init; }

    /// <summary>The same, corrected for the number of pairs of objectives that are compared by this score (Holm 1979).</summary>
    public double? AdjustedPValue { get; init; }

    /// <summary>
    /// Whether the difference is more than chance at 5 % after the correction, and more than a millionth of the scores themselves. A finite mean is
    /// always told from an infinite one.
    /// </summary>
    public bool Distinguishable { get; init; }

    /// <summary>From both scores at the same seeds.</summary>
    internal static ScoreDifference Of(string score, string first, string second, IReadOnlyList<(double First, double Second)> pairs)
    {
        // Infinite on both sides is no difference, and no number either.
        double[] differences = [.. pairs.Select(pair => pair.First.Equals(pair.Second) ? 0 : pair.Second - pair.First)];
        var summary = ScoreSummary.Of(differences);
        double? p = summary is { StandardError: { } error } ? Numerics.StudentTest.TwoSided(summary.Mean, error, summary.Count - 1) : null;
        var size = pairs.Count == 0 ? 0 : pairs.Max(pair => Math.Max(Math.Abs(pair.First), Math.Abs(pair.Second)));
        return new ScoreDifference
        {
            Score = score,
            First = first,
            Second = second,
            Pairs = pairs.Count,
            Difference = summary?.Mean,
            StandardError = summary?.StandardError,
            PValue = p,
            Distinguishable = summary is not null && (double.IsInfinity(summary.Mean) || Math.Abs(summary.Mean) > Noise * size),
        };
    }

    /// <summary>The same with its p-value corrected.</summary>
    internal ScoreDifference Adjusted(double? value) => this with
    {
        AdjustedPValue = value,
        Distinguishable = Distinguishable && (value < Level || Difference is { } difference && double.IsInfinity(difference)),
    };
}

/// <summary>Which objective to use.</summary>
/// <param name="Objective">The one that is recommended outright, as it was given; null where none is better than the others by more than chance.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Score">The score that decides; null where none is fair to all objectives, and all scores do.</param>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="Choices">By each score, the best one.</param>
public sealed record Recommendation(JsonElement? Objective, string? Label, string? Score, string Reason, IReadOnlyList<ScoreChoice> Choices);

/// <summary>The best objective by one score.</summary>
/// <param name="Score">Which score.</param>
/// <param name="LargerIsBetter">Whether more of it is better.</param>
/// <param name="Best">The label of the objective with the best mean.</param>
/// <param name="Ties">The labels of those that cannot be told apart from it; empty where it is the best beyond chance.</param>
/// <param name="Evidence">The numbers, in one sentence.</param>
public sealed record ScoreChoice(string Score, bool LargerIsBetter, string Best, IReadOnlyList<string> Ties, string Evidence);
