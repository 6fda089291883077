using System.Text.Json.Serialization;
using KlCore.Formats;

namespace KlCore.Training.Classifier;

/// <summary>
/// Examples with the class of each: inline (<c>{"inputs": [[…]], "labels": […]}</c>) or a stored dataset (<c>{"dataset": "id", "label": "…"}</c>). The
/// field that is there says which.
/// </summary>
/// <remarks>
/// Labels are whole numbers, 0 for the first class, or names. Numbers must be below the number of classes, which is one more than the largest; names
/// are numbered in the order of the alphabet. <see cref="Classes"/> says otherwise.
/// </remarks>
[JsonConverter(typeof(ShapeConverter<ClassData>))]
[Shape("dataset", typeof(ClassDataset))]
[Shape("inputs", typeof(InlineClassData))]
public abstract record ClassData : IChecked
{
    /// <summary>The most examples.</summary>
    internal const long MaximumRows = 10_000_000;

    /// <summary>The most numbers in all examples.</summary>
    internal const long MaximumNumbers = 1 << 26;

    /// <summary>The names of the classes in their order, where labels alone do not tell: some class may be without an example.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <inheritdoc/>
    public virtual void Check(Problems problems)
    {
        if (Classes is null) return;
        if (Classes.Count is 0 or > ClassLabels.MaximumClasses) problems.Add("classes", $"must name at least 1 and at most {ClassLabels.MaximumClasses} classes, named {Classes.Count}");
        if (Classes.Distinct().Count() < Classes.Count) problems.Add("classes", "must name each class once");
    }

    /// <summary>The dataset that must be there.</summary>
    internal virtual DatasetColumns? Source() => null;

    /// <summary>How many examples there are and how many numbers each has, as far as that is known without reading them.</summary>
    internal abstract (long Rows, int Width)? Size(ITrainingInputs inputs);

    /// <summary>Says what keeps the labels from being read.</summary>
    internal abstract void CheckLabels(ITrainingInputs inputs, Problems problems);

    /// <summary>The inputs of all examples.</summary>
    internal abstract double[][] ReadInputs(ITrainingInputs inputs);

    /// <summary>The class of each example, or null after adding what is wrong with the labels.</summary>
    /// <param name="inputs">Where datasets are read.</param>
    /// <param name="problems">Where failures go, seen from the data.</param>
    internal abstract ClassLabels? ReadLabels(ITrainingInputs inputs, Problems problems);
}

/// <summary>Examples in the request itself.</summary>
public sealed record InlineClassData : ClassData
{
    /// <summary>A row of numbers for each example; plain numbers are rows of one.</summary>
    public required Points Inputs { get; init; }

    /// <summary>The class of each example: whole numbers from 0, or names.</summary>
    public required LabelList Labels { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        var before = problems.Total;
        base.Check(problems);
        if (Inputs.Count < 2) problems.Add("inputs", $"must have at least 2 examples, had {Inputs.Count}");
        Inputs.Check(problems.At("inputs"));
        if (Labels.Cells.Count != Inputs.Count) problems.Add("labels", $"must have one label for each of the {Inputs.Count} inputs, had {Labels.Cells.Count}");
        if (problems.Total == before) _ = Resolve(problems);
    }

    internal override (long Rows, int Width)? Size(ITrainingInputs inputs) => (Inputs.Count, Inputs.Dimension);

    internal override void CheckLabels(ITrainingInputs inputs, Problems problems)
    {
    }

    internal override double[][] ReadInputs(ITrainingInputs inputs)
    {
        var rows = new double[Inputs.Count][];
        for (var i = 0; i < rows.Length; i++) rows[i] = Inputs[i].ToArray();
        return rows;
    }

    internal override ClassLabels? ReadLabels(ITrainingInputs inputs, Problems problems) => Resolve(problems);

    internal ClassLabels? Resolve(Problems problems) => ClassLabels.Of(Labels.Cells, Classes, (row, message) => problems.At("labels").At(row).Add(message));
}

/// <summary>Examples in a stored dataset.</summary>
public sealed record ClassDataset : ClassData
{
    private const string Member = "data";

    /// <summary>The dataset's id.</summary>
    public required string Dataset { get; init; }

    /// <summary>The column with the class of each row: whole numbers from 0, or text.</summary>
    public required string Label { get; init; }

    /// <summary>The columns that are the inputs, by name; all numeric ones but the label if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Columns { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Dataset.Length == 0) problems.Add("dataset", "must be the id of a dataset, was empty");
        if (Columns is { Count: 0 }) problems.Add("columns", "must name at least 1 column, named none");
        if (Columns is not null && Columns.Distinct().Count() < Columns.Count) problems.Add("columns", "must name each column once");
        if (Columns?.Contains(Label) == true) problems.Add("columns", "must not name the label, which is what is to be learnt");
    }

    internal override DatasetColumns? Source() =>
        new(Dataset, Columns) { Member = Member, Excluded = [Label], MaximumRows = MaximumRows, MaximumNumbers = MaximumNumbers };

    internal override (long Rows, int Width)? Size(ITrainingInputs inputs)
    {
        if (inputs.FindDataset(Dataset) is not { } facts) return null;
        return (facts.Rows, Columns?.Count ?? facts.Columns.Count(column => column.Type == ColumnType.Number && column.Name != Label));
    }

    internal override void CheckLabels(ITrainingInputs inputs, Problems problems)
    {
        if (IsNumeric(inputs)) inputs.Check(NumericLabel, problems);
        else inputs.CheckTexts(TextLabel, problems);
    }

    internal override double[][] ReadInputs(ITrainingInputs inputs) => inputs.Rows(Source()!);

    internal override ClassLabels? ReadLabels(ITrainingInputs inputs, Problems problems)
    {
        var cells = IsNumeric(inputs) ? [.. inputs.Rows(NumericLabel).Select(row => row[0].ToString("R"))] : inputs.Texts(TextLabel);
        var isTold = false;
        return ClassLabels.Of(cells, Classes, (row, message) =>
        {
            // The column is to blame once, whatever the number of its rows.
            if (!isTold) problems.Add("label", $"{message}, in row {row + 1} of the dataset");
            isTold = true;
        });
    }

    private DatasetColumns NumericLabel => new(Dataset, [Label]) { Member = Member, IsSingle = true, Field = "label", MaximumRows = MaximumRows };

    private DatasetText TextLabel => new(Dataset, Label) { Member = Member, Field = "label" };

    private bool IsNumeric(ITrainingInputs inputs) => inputs.FindDataset(Dataset)?.Columns.FirstOrDefault(column => column.Name == Label)?.Type == ColumnType.Number;
}
