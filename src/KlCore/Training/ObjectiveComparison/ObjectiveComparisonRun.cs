using KlCore.Training.Experiments;

namespace KlCore.Training.ObjectiveComparison;

/// <summary>A comparison in progress: seed by seed, under each objective in turn.</summary>
internal sealed class ObjectiveComparisonRun(ObjectiveComparisonSpecification specification, IReadOnlyList<TrainingSpecification> variants, ITrainingInputs inputs)
    : ExperimentRun(inputs)
{
    private readonly IReadOnlyList<string> _labels = specification.Labels();

    protected override IReadOnlyList<double> Lengths { get; } = [.. Enumerable.Repeat(1.0, variants.Count * specification.Seeds.Values.Count)];

    protected override int Independent => Lengths.Count;

    protected override TrainingSpecification Plan(int index) => variants[index % variants.Count] with { Seed = specification.Seeds.Values[index / variants.Count] };

    protected override IEnumerable<KeyValuePair<string, double>> Tell(int index, IReadOnlyList<KeyValuePair<string, double>> metrics)
    {
        yield return new("run", index + 1);
        foreach (var (name, value) in metrics.Where(metric => metric.Key == "loss"))
        {
            yield return new(name, value);
            yield return new($"loss/{_labels[index % variants.Count]}", value);
        }
    }

    protected override TrainingOutcome Conclude()
    {
        var table = new ComparisonTable(_labels, specification.Seeds.Values, Finished);
        var result = table.Result(specification);
        return new TrainingOutcome(result, [ReportJson.Report(result)]);
    }
}
