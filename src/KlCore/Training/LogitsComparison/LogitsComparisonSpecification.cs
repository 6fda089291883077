using KlCore.Charts;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlCore.Training.LogitsComparison;

/// <summary>Compares two sets of stored logits, for those who would rather ask for the report later than wait for it. The result is the report.</summary>
public sealed record LogitsComparisonSpecification : TrainingSpecification
{
    /// <summary>The most rows of a job: what each contributed is held in memory and in checkpoints. More are compared by streaming them.</summary>
    public const long MaximumRows = 1 << 19;

    /// <summary>The name of the stored logits that are the reference p.</summary>
    public required string Baseline { get; init; }

    /// <summary>The name of the stored logits that are the model's, q.</summary>
    public required string Candidate { get; init; }

    /// <summary>How they are compared and what the report shows.</summary>
    public ReportOptions Options { get; init; } = new();

    /// <summary>Limits to hold the report against, such as <c>forwardMean</c> 0.01.</summary>
    public IReadOnlyDictionary<string, double>? Gate { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Options.Check(problems.At("options"));
        Limits(problems.At("gate"));
    }

    /// <inheritdoc/>
    public override void CheckInputs(ITrainingInputs inputs, Problems problems)
    {
        foreach (var (member, name) in (ReadOnlySpan<(string, string)>)[("baseline", Baseline), ("candidate", Candidate)])
            if (inputs.Logits(name) is not { } logits) problems.Add(member, "must be the name of stored logits, there are none of this name");
            else if (logits.Rows > MaximumRows) problems.Add(member, $"must have at most {MaximumRows} rows for a job, has {logits.Rows}; POST /v1/baselines/{{name}}/compare takes any number");
    }

    /// <inheritdoc/>
    public override TrainingRun Start(ITrainingInputs inputs)
    {
        var problems = new Problems();
        CheckInputs(inputs, problems);
        problems.ThrowIfAny();
        return new LogitsComparisonRun(this, inputs.Logits(Baseline)!, inputs.Logits(Candidate)!);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ChartNames() => ["forward"];

    /// <inheritdoc/>
    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result)
    {
        if (!history.TryGetValue("forward", out var forward) || forward.Steps.Count == 0) return null;
        var series = new Series("mean so far", SeriesKind.Line, [.. forward.Steps.Select(step => (double)step)], [.. forward.Values]);
        return new Chart("Forward KL", new Axis("step"), new Axis("mean KL(p || q) (nats)"), [series])
        {
            Description = $"The mean forward KL of the rows compared so far, over {forward.Steps.Count} steps.",
        };
    }

    /// <summary>The limits, read.</summary>
    internal Gate? Limits(Problems problems) => Logits.Reports.Gate.Parse(Gate ?? new Dictionary<string, double>(), problems);
}
