using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Charts;
using KlCore.Networks;
using KlCore.Training.Supervised;

namespace KlCore.Training.Classifier;

/// <summary>What a classifier makes small: the forward KL from the labels to its probabilities, in one of the forms that frameworks know.</summary>
public enum ClassifierLoss
{
    /// <summary>-ln of the probability that softmax gives to the label.</summary>
    CategoricalCrossEntropy,

    /// <summary>The same: what Keras calls it where labels are numbers instead of one-hot rows. Here labels are always numbers or names.</summary>
    SparseCategoricalCrossEntropy,

    /// <summary>For two classes and one unit with sigmoid, which gives the probability of the second class.</summary>
    BinaryCrossEntropy,
}

/// <summary>
/// Trains a dense network to tell classes apart, as Keras' Sequential with Dense layers does: a softmax over the classes under cross-entropy. Cross-entropy
/// against labels is their forward KL to the network's probabilities, since a label has no entropy of its own.
/// </summary>
public sealed record ClassifierSpecification : SupervisedSpecification, IPredictor
{
    /// <summary>The examples.</summary>
    public required ClassData Data { get; init; }

    /// <inheritdoc cref="ClassifierLoss"/>
    public ClassifierLoss Loss { get; init; }

    /// <summary>How much of each label is spread evenly over all classes, so that the network need not become certain.</summary>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double LabelSmoothing { get; init; }

    /// <summary>What the loss of each class counts in training; the same for all, if it is not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClassWeights? ClassWeights { get; init; }

    /// <summary>Whether the held-out part has each class in the same proportion as the rest.</summary>
    public bool Stratified { get; init; } = true;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        var before = problems.Total;
        Data.Check(problems.At("data"));
        if (Layers.Count == 0) return;
        CheckLastActivation(problems);
        ClassWeights?.Check(Loss == ClassifierLoss.BinaryCrossEntropy ? 2 : Layers[^1].Units, problems.At("classWeights"));
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
    public override TrainingRun Start(ITrainingInputs inputs)
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
        var examples = Examples.Of(rows, split, Scaling);
        var loss = new LabelLoss(this, labels!, examples.Training);
        return new SupervisedRun(this, examples, loss, hasLinearEnd: true, trained => ClassifierReport.Write(this, trained, labels!));
    }

    /// <inheritdoc/>
    public object Predict(PredictionRequest request, FinishedTraining training, ITrainingInputs inputs) => ClassPrediction.Of(this, request, training, inputs);

    /// <inheritdoc/>
    public override IReadOnlyList<string> ChartNames() => ["loss", "accuracy", "confusion", "calibration"];

    /// <inheritdoc/>
    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result) => name switch
    {
        "loss" => EpochCharts.Draw("Loss", "loss (nats)", "loss", history),
        "accuracy" => EpochCharts.Draw("Accuracy", "accuracy", "accuracy", history),
        "confusion" => ClassifierCharts.Confusion(result),
        "calibration" => ClassifierCharts.Calibration(result),
        _ => null,
    };

    private void CheckLastActivation(Problems problems)
    {
        var last = Layers[^1];
        var wanted = Loss == ClassifierLoss.BinaryCrossEntropy ? Activation.Sigmoid : Activation.Softmax;
        if (last.Activation != wanted)
            AtLastLayer(problems).Add("activation", $"must be {Name(wanted)} in the last layer, so that its outputs are probabilities under {Name(Loss)}, was {Name(last.Activation)}");
        if (Loss == ClassifierLoss.BinaryCrossEntropy && last.Units != 1) AtLastLayer(problems).Add("units", $"must be 1 under binary-cross-entropy, was {last.Units}");
    }

    /// <summary>Whether the last layer has a place for each class, and there is a class for each of its places.</summary>
    private void CheckClasses(ClassLabels labels, Problems problems)
    {
        var (classes, units) = (labels.Names.Count, Loss == ClassifierLoss.BinaryCrossEntropy ? 2 : Layers[^1].Units);
        if (classes == units) return;
        var which = labels.AreNumbers ? $"the labels are whole numbers from 0 to {classes - 1}" : $"the classes are {string.Join(", ", labels.Names.Take(5))}{(classes > 5 ? ", …" : "")}";
        var least = classes < units && Data.Classes is null ? "; where some class has no example, name all of them in data.classes" : "";
        if (Loss == ClassifierLoss.BinaryCrossEntropy) AtLastLayer(problems).Add("units", $"must be as many as classes under categorical-cross-entropy, binary-cross-entropy is for 2 classes and there are {classes}");
        else AtLastLayer(problems).Add("units", $"must be {classes} in the last layer (layer {Layers.Count}), one for each class: {which}; was {units}{least}");
        if (!labels.AreNumbers || classes < units) return;
        var row = Array.FindIndex(labels.Labels, label => label >= units);
        var at = problems.At("data");
        (Data is InlineClassData ? at.At("labels").At(row) : at.At("label")).Add($"must be a whole number from 0 to {units - 1} for a last layer of {units} units, was {labels.Labels[row]}{(Data is InlineClassData ? "" : $" in row {row + 1}")}");
    }

    private static string Name<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
