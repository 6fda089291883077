using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Charts;
using KlCore.Training.Experiments;

namespace KlCore.Training.ObjectiveComparison;

/// <summary>
/// Runs one specification under several objectives, each on the same seeds, and says which objective serves what: means with errors, paired
/// differences with p-values, and a recommendation with its evidence.
/// </summary>
/// <remarks>
/// The losses of different objectives measure different things, so objectives are compared by the scores of the results, which are the same for all.
/// Runs take their turns seed by seed; one that fails is a line of the table with its reason.
/// </remarks>
public sealed record ObjectiveComparisonSpecification : TrainingSpecification
{
    private const int MostObjectives = 16;
    private const int MostRuns = 500;

    // The specification is read again for each objective.
    private const long MostBytes = 64_000_000;

    /// <summary>What is run, of any kind that lets its objective be chosen. Its own objective, seed and priority mean nothing here.</summary>
    public required SpecificationTemplate Specification { get; init; }

    /// <summary>The objectives, each as the specification's kind writes it: of a density fit <c>{"name": "forward-kl"}</c>.</summary>
    public required IReadOnlyList<JsonElement> Objectives { get; init; }

    /// <summary>The seeds on which each objective is run: a list, or how many. Differences are taken between runs of the same seed.</summary>
    public Seeds Seeds { get; init; } = Seeds.First(5);

    /// <summary>
    /// The score by which one objective is recommended, for example "accuracy". Without it the first that the results name and that is no divergence which
    /// one of the objectives makes small; where there is none, only an objective that is best or level by every score is recommended outright.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Score { get; init; }

    internal override bool IsExperiment => true;

    /// <summary>What the objectives are called, in order.</summary>
    internal IReadOnlyList<string> Labels() => ObjectiveLabel.Of(Objectives);

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Specification.Check(problems.At("specification"));
        Seeds.Check(problems.At("seeds"));
        CheckObjectives(problems.At("objectives"));
        if (Score is { Length: 0 or > 100 }) problems.Add("score", "must be the name of a score, of 1 to 100 characters");
        if (!Specification.Value.IsExperiment && Specification.Value.ObjectiveMember is null)
            problems.At("specification").Add("kind", "must be of a kind with an objective to choose; this one has none");
        if (Objectives.Count * Seeds.Values.Count is > MostRuns and var runs)
            problems.Add("seeds", $"must make at most {MostRuns} runs with the objectives, made {Objectives.Count} times {Seeds.Values.Count}, which is {runs}");
        if (JsonMarshal.GetRawUtf8Value(Specification.Json).Length * (long)Objectives.Count > MostBytes)
            problems.Add("specification", $"must be shorter to be varied {Objectives.Count} times: {MostBytes} bytes in all; numbers may stand in a dataset");
    }

    private void CheckObjectives(Problems problems)
    {
        if (Objectives.Count is < 2 or > MostObjectives) problems.Add($"must be from 2 to {MostObjectives} objectives, were {Objectives.Count}");
        var (known, labels) = (new HashSet<string>(StringComparer.Ordinal), Labels());
        for (var i = 0; i < Math.Min(labels.Count, MostObjectives); i++)
            if (!ObjectiveLabel.IsText(Objectives[i])) problems.At(i).Add("must be text of whole characters, has half of a surrogate pair");
            else if (!known.Add(labels[i])) problems.At(i).Add("must be another objective than those before it");
    }

    /// <inheritdoc/>
    public override void CheckInputs(ITrainingInputs inputs, Problems problems)
    {
        var variants = Variants(inputs, problems);
        if (problems.Any) return;
        ExperimentCost.Check(variants.Sum(variant => variant!.Seconds()) * Seeds.Values.Count, variants.Count * Seeds.Values.Count, problems.At("seeds"));
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var variant in variants)
        {
            var own = new Problems();
            variant!.CheckInputs(inputs, own);
            foreach (var (pointer, messages) in own.ByPointer())
                foreach (var message in messages.Where(message => told.Add($"{pointer} {message}"))) new JsonPointer(pointer).From(problems.At("specification")).Add(message);
        }
    }

    /// <inheritdoc/>
    public override TrainingRun Start(ITrainingInputs inputs)
    {
        var problems = new Problems();
        var variants = Variants(inputs, problems);
        problems.ThrowIfAny();
        return new ObjectiveComparisonRun(this, [.. variants.Select(variant => variant!)], inputs).Begin();
    }

    // The specification under each objective; null with a problem where the objective is none.
    private List<TrainingSpecification?> Variants(ITrainingInputs inputs, Problems problems)
    {
        var member = new JsonPointer(Specification.Value.ObjectiveMember!);
        return [.. Objectives.Select((objective, i) => Specification.Vary([new Change(member, objective, at => at.At("objectives").At(i))], inputs, problems))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ChartNames() => ["scores", "loss", "overlay"];

    /// <inheritdoc/>
    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result) => name switch
    {
        "scores" => ObjectiveComparisonCharts.Scores(result),
        "loss" => ObjectiveComparisonCharts.Losses(result) ?? ObjectiveComparisonCharts.Losses(history, Labels()),
        "overlay" => ObjectiveComparisonCharts.Overlay(result),
        _ => null,
    };
}
