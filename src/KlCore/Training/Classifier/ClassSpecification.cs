using KlCore.Networks;
using KlCore.Training.Supervised;

namespace KlCore.Training.Classifier;

/// <summary>What trainings of networks that tell classes apart have in common.</summary>
public abstract record ClassSpecification : SupervisedSpecification, IPredictor
{
    /// <summary>The examples.</summary>
    public required ClassData Data { get; init; }

    /// <summary>Whether the held-out part has each class in the same proportion as the rest, so that a rare one is neither missing nor overcounted.</summary>
    public bool Stratified { get; init; } = true;

    /// <summary>Whether one unit with a sigmoid stands for two classes.</summary>
    internal virtual bool IsBinary => false;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        var before = problems.Total;
        Data.Check(problems.At("data"));
        if (Layers.Count == 0) return;
        CheckLastLayer(problems);
        if (problems.Total > before || Data is not InlineClassData inline) return;
        CheckClasses(inline.Resolve(problems.At("data"))!, problems);
        TrainingCost.Of(this, inline.Inputs.Dimension, inline.Inputs.Count).Check(problems);
    }

    /// <inheritdoc/>
    public override IEnumerable<DatasetColumns> Datasets() => Data.Source() is { } source ? [source] : [];

    /// <inheritdoc/>
    public override void CheckInputs(ITrainingInputs inputs, Problems problems)
    {
        base.CheckInputs(inputs, problems);
        if (Data is InlineClassData || problems.Any) return;
        Data.CheckLabels(inputs, problems);
        if (problems.Any || Data.Size(inputs) is not { } size) return;
        TrainingCost.Of(this, size.Width, size.Rows).Check(problems);
        if (!problems.Any && Data.ReadLabels(inputs, problems.At("data")) is { } labels) CheckClasses(labels, problems);
    }

    /// <inheritdoc/>
    public object Predict(PredictionRequest request, FinishedTraining training, ITrainingInputs inputs) => ClassPrediction.Of(this, request, training, inputs);

    /// <summary>Reads the examples and their classes, and divides them into those that train and those that are held out.</summary>
    internal (double[][] Rows, ClassLabels Labels, Examples Examples) Read(ITrainingInputs inputs)
    {
        var problems = new Problems();
        var rows = Data.ReadInputs(inputs);
        var labels = Data.ReadLabels(inputs, problems.At("data"));
        if (labels is not null) CheckClasses(labels, problems);
        if (rows.Length < 2) problems.At("data").Add("dataset", $"must have at least 2 rows, has {rows.Length}");
        problems.ThrowIfAny();
        TrainingCost.Of(this, rows[0].Length, rows.Length).Check(problems);
        problems.ThrowIfAny();
        var split = Stratified ? Split.Stratified(labels!.Labels, ValidationFraction, Seed) : EpochOrder.Split(rows.Length, ValidationFraction, Seed);
        return (rows, labels!, Examples.Of(rows, split, Scaling));
    }

    private void CheckLastLayer(Problems problems)
    {
        var last = Layers[^1];
        var wanted = IsBinary ? Activation.Sigmoid : Activation.Softmax;
        if (last.Activation != wanted) AtLastLayer(problems).Add("activation", $"must be {Name(wanted)} in the last layer, whose outputs are the probabilities of the classes, was {Name(last.Activation)}");
        if (IsBinary && last.Units != 1) AtLastLayer(problems).Add("units", $"must be 1 under binary-cross-entropy, was {last.Units}");
    }

    /// <summary>Whether the last layer has a place for each class, and there is a class for each of its places.</summary>
    private void CheckClasses(ClassLabels labels, Problems problems)
    {
        var (classes, units) = (labels.Names.Count, IsBinary ? 2 : Layers[^1].Units);
        if (classes < 2) problems.At("data").Add(Data is InlineClassData ? "labels" : "label", "must be of at least 2 classes, were all of one; where some class has no example, name all of them in data.classes");
        if (classes < 2 || classes == units || units < 1) return;
        var which = labels.AreNumbers ? $"the labels are whole numbers from 0 to {classes - 1}" : $"the classes are {string.Join(", ", labels.Names.Take(5))}{(classes > 5 ? ", …" : "")}";
        var least = classes < units && Data.Classes is null ? "; where some class has no example, name all of them in data.classes" : "";
        if (IsBinary) AtLastLayer(problems).Add("units", $"must be as many as classes under categorical-cross-entropy, binary-cross-entropy is for 2 classes and there are {classes}");
        else AtLastLayer(problems).Add("units", $"must be {classes} in the last layer (layer {Layers.Count}), one for each class: {which}; was {units}{least}");
        if (!labels.AreNumbers || classes < units) return;
        var row = Array.FindIndex(labels.Labels, label => label >= units);
        var at = problems.At("data");
        (Data is InlineClassData ? at.At("labels").At(row) : at.At("label")).Add($"must be a whole number from 0 to {units - 1} for a last layer of {units} units, was {labels.Labels[row]}{(Data is InlineClassData ? "" : $" in row {row + 1}")}");
    }

    private static string Name<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
