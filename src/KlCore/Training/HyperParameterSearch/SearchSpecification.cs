using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using KlCore.Charts;
using KlCore.Training.Experiments;

namespace KlCore.Training.HyperParameterSearch;

/// <summary>
/// Tries a specification with other values of some of its members and answers the best, ready to be posted. Trials are compared by a score of their
/// results, on the data that they hold out, where they do. The best of many scores is too good by what chance did for it:
/// <see cref="ConfirmSeeds"/> runs the winner again and says by how much.
/// </summary>
/// <remarks>
/// Bergstra and Bengio, Random search for hyper-parameter optimization, 2012; Jamieson and Talwalkar, Non-stochastic best arm identification and
/// hyperparameter optimization, 2016.
/// </remarks>
public sealed record SearchSpecification : TrainingSpecification
{
    /// <summary>The most trials.</summary>
    public const int MostTrials = 1000;

    private const int MostMembers = 32;

    // The specification is read again for each trial.
    private const long MostBytes = 64_000_000;

    /// <summary>What is tried. Its own seed is that of every trial, so that they differ by nothing else.</summary>
    public required SpecificationTemplate Specification { get; init; }

    /// <summary>The members to vary, by JSON pointer into the specification, and the values to try: "/optimizer/learningRate": {"logUniform": [1e-4, 0.1]}.</summary>
    public required IReadOnlyDictionary<string, SearchRange> Space { get; init; }

    /// <summary>How values are chosen.</summary>
    public SearchMethod Method { get; init; } = SearchMethod.Random;

    /// <summary>
    /// How many trials: 20 for random search and 27 for successive halving if not given. A grid has as many as it has points, and is refused where that is
    /// more than this.
    /// </summary>
    [Range(1, MostTrials)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Trials { get; init; }

    /// <summary>The score that is made best; the first that the results name if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Score { get; init; }

    /// <summary>Successive halving: one in so many trials is run on, that many times as long.</summary>
    [Range(2, 10)]
    public int Factor { get; init; } = 3;

    /// <summary>Successive halving: the steps, epochs or passes that a trial gets at the least.</summary>
    [Range(1, 1_000_000)]
    public int MinimumBudget { get; init; } = 1;

    /// <summary>The winner is run again on these seeds: a list, or how many; then they follow the specification's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Seeds? ConfirmSeeds { get; init; }

    internal override bool IsExperiment => true;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        var before = problems.Total;
        Specification.Check(problems.At("specification"));
        ConfirmSeeds?.Check(problems.At("confirmSeeds"));
        if (Score is { Length: 0 or > 100 }) problems.Add("score", "must be the name of a score, of 1 to 100 characters");
        CheckSpace(problems.At("space"));
        if (problems.Total > before) return;
        if (Method == SearchMethod.SuccessiveHalving) CheckBudget(problems);
        if (Method == SearchMethod.Grid) CheckGrid(problems);
        if (JsonMarshal.GetRawUtf8Value(Specification.Json).Length * (long)(Trials ?? 20) > MostBytes)
            problems.Add("specification", $"must be shorter to be varied so often: {MostBytes} bytes in all; numbers may stand in a dataset");
    }

    private void CheckSpace(Problems problems)
    {
        if (Space.Count is < 1 or > MostMembers) problems.Add($"must vary from 1 to {MostMembers} members, varied {Space.Count}");
        foreach (var (member, range) in Space.Take(MostMembers))
        {
            var at = problems.At(member);
            if (!new JsonPointer(member).IsValid()) at.Add("must be a JSON pointer into the specification, such as /optimizer/learningRate");
            else if (member is "/kind" or "/seed" or "/priority") at.Add("must be a member that changes what a run learns");
            else if (!Specification.CanSet(new JsonPointer(member))) at.Add($"must lead to a member of the specification, but {new JsonPointer(member).Parent()} is not there");
            else if (Space.Keys.Any(other => other != member && new JsonPointer(other).Contains(member))) at.Add("must not lie within another member that is varied too");
            // A reader without this service's converters lets it through.
            if (range is null) at.Add("must not be null");
            else range.Check(at);
        }
    }

    private void CheckBudget(Problems problems)
    {
        if (Specification.Value.Length is not { } budget)
            problems.Add("method", "must not be successive-halving, since nothing in this kind of specification says how long a run is");
        else if (Space.ContainsKey(budget.Member))
            problems.At("space").Add(budget.Member, "must not be varied, since it is the budget of successive halving");
    }

    private void CheckGrid(Problems problems)
    {
        var points = Space.Values.Aggregate(1.0, (product, range) => product * range.Grid().Count);
        var most = Trials ?? MostTrials;
        if (points > most) problems.Add("space", $"must make a grid of at most {most} points, made {points}; random search takes as many as it is told");
    }

    /// <inheritdoc/>
    public override void CheckInputs(ITrainingInputs inputs, Problems problems)
    {
        var plan = TrialPlan.Of(this);
        plan.CheckCorners(inputs, problems);
        if (!problems.Any) plan.CheckInputs(inputs, problems);
    }

    /// <inheritdoc/>
    public override TrainingRun Start(ITrainingInputs inputs)
    {
        var problems = new Problems();
        var plan = TrialPlan.Of(this);
        var variants = plan.Read(inputs, problems);
        problems.ThrowIfAny();
        return new SearchRun(this, plan, variants, inputs).Begin();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ChartNames() => [.. Space.Keys.Select(SearchCharts.NameOf).Prepend("trials").Distinct()];

    /// <inheritdoc/>
    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result)
    {
        if (name == "trials") return SearchCharts.Trials(result) ?? SearchCharts.Best(history);
        return Space.Keys.FirstOrDefault(member => SearchCharts.NameOf(member) == name) is { } found ? SearchCharts.Member(result, found, Space[found]) : null;
    }
}

/// <summary>How a search chooses.</summary>
public enum SearchMethod
{
    /// <summary>Every combination of the values; of an interval, evenly spaced ones.</summary>
    Grid,

    /// <summary>Combinations drawn independently, all different.</summary>
    Random,

    /// <summary>Many drawn combinations are run for a short while, the best of them anew for longer, and so on up to the full length.</summary>
    SuccessiveHalving,
}
