using System.Text.Json.Serialization;
using KlCore.Formats;
using KlCore.Training.Classifier;

namespace KlCore.Training.Regression;

/// <summary>
/// Examples with the numbers that belong to each: inline (<c>{"inputs": [[…]], "targets": […]}</c>) or a stored dataset
/// (<c>{"dataset": "id", "target": "…"}</c>, or <c>targets</c> for several). The field that is there says which.
/// </summary>
[JsonConverter(typeof(ShapeConverter<ValueData>))]
[Shape("dataset", typeof(ValueDataset))]
[Shape("inputs", typeof(InlineValueData))]
public abstract record ValueData : IChecked
{
    /// <inheritdoc/>
    public abstract void Check(Problems problems);

    /// <summary>How many numbers belong to each example.</summary>
    internal abstract int TargetCount { get; }

    /// <summary>Whether one number belongs to each example and is written without brackets.</summary>
    internal abstract bool IsPlain { get; }

    /// <summary>The columns of the inputs, in a dataset.</summary>
    internal virtual DatasetColumns? Source() => null;

    /// <summary>The columns of the targets, in a dataset.</summary>
    internal virtual DatasetColumns? TargetSource() => null;

    /// <summary>How many examples there are and how many numbers each has, as far as that is known without reading them.</summary>
    internal abstract (long Rows, int Width)? Size(ITrainingInputs inputs);

    /// <summary>The inputs and the targets of all examples.</summary>
    internal abstract (double[][] Inputs, double[][] Targets) Read(ITrainingInputs inputs);

    /// <summary>What the targets are called.</summary>
    internal abstract IReadOnlyList<string> TargetNames();
}

/// <summary>Examples in the request itself.</summary>
public sealed record InlineValueData : ValueData
{
    /// <summary>A row of numbers for each example; plain numbers are rows of one.</summary>
    public required Points Inputs { get; init; }

    /// <summary>The number, or the row of numbers, that belongs to each example.</summary>
    public required Points Targets { get; init; }

    internal override int TargetCount => Targets.Dimension;

    internal override bool IsPlain => Targets.IsPlain;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        if (Inputs.Count < 2) problems.Add("inputs", $"must have at least 2 examples, had {Inputs.Count}");
        Inputs.Check(problems.At("inputs"));
        Targets.Check(problems.At("targets"));
        if (Targets.Count != Inputs.Count) problems.Add("targets", $"must have one element for each of the {Inputs.Count} inputs, had {Targets.Count}");
    }

    internal override (long Rows, int Width)? Size(ITrainingInputs inputs) => (Inputs.Count, Inputs.Dimension);

    internal override (double[][] Inputs, double[][] Targets) Read(ITrainingInputs inputs) => (Rows(Inputs), Rows(Targets));

    internal override IReadOnlyList<string> TargetNames() => [.. Enumerable.Range(0, TargetCount).Select(target => $"{target}")];

    private static double[][] Rows(Points points) => [.. Enumerable.Range(0, points.Count).Select(row => points[row].ToArray())];
}

/// <summary>Examples in a stored dataset.</summary>
public sealed record ValueDataset : ValueData
{
    private const string Member = "data";

    /// <summary>The dataset's id.</summary>
    public required string Dataset { get; init; }

    /// <summary>The column to be foretold; or <c>targets</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Target { get; init; }

    /// <summary>The columns to be foretold, by name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>The columns that are the inputs, by name; all numeric ones but the targets if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Columns { get; init; }

    internal override int TargetCount => TargetNames().Count;

    internal override bool IsPlain => Target is not null;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        if (Dataset.Length == 0) problems.Add("dataset", "must be the id of a dataset, was empty");
        if (Target is null == Targets is null) problems.Add("target", Target is null ? "is required, or targets" : "must not be given beside targets");
        if (Targets is { Count: 0 }) problems.Add("targets", "must name at least 1 column, named none");
        if (Targets is not null && Targets.Distinct().Count() < Targets.Count) problems.Add("targets", "must name each column once");
        if (Columns is { Count: 0 }) problems.Add("columns", "must name at least 1 column, named none");
        if (Columns is not null && Columns.Distinct().Count() < Columns.Count) problems.Add("columns", "must name each column once");
        if (Columns?.Intersect(TargetNames()).Any() == true) problems.Add("columns", "must not name a target, which is what is to be learnt");
    }

    internal override IReadOnlyList<string> TargetNames() => Target is null ? Targets ?? [] : [Target];

    internal override DatasetColumns? Source() =>
        new(Dataset, Columns) { Member = Member, Excluded = TargetNames(), MaximumRows = ClassData.MaximumRows, MaximumNumbers = ClassData.MaximumNumbers };

    internal override DatasetColumns? TargetSource() =>
        new(Dataset, TargetNames()) { Member = Member, IsSingle = IsPlain, Field = IsPlain ? "target" : "targets", MaximumRows = ClassData.MaximumRows, MaximumNumbers = ClassData.MaximumNumbers };

    internal override (long Rows, int Width)? Size(ITrainingInputs inputs)
    {
        if (inputs.FindDataset(Dataset) is not { } facts) return null;
        return (facts.Rows, Columns?.Count ?? facts.Columns.Count(column => column.Type == ColumnType.Number && !TargetNames().Contains(column.Name)));
    }

    internal override (double[][] Inputs, double[][] Targets) Read(ITrainingInputs inputs) => (inputs.Rows(Source()!), inputs.Rows(TargetSource()!));
}
