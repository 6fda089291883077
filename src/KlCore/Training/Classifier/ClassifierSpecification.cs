using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Charts;
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
public sealed record ClassifierSpecification : ClassSpecification
{
    /// <inheritdoc cref="ClassifierLoss"/>
    public ClassifierLoss Loss { get; init; }

    /// <summary>How much of each label is spread evenly over all classes, so that the network need not become certain.</summary>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double LabelSmoothing { get; init; }

    /// <summary>What the loss of each class counts in training; the same for all, if it is not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClassWeights? ClassWeights { get; init; }

    internal override bool IsBinary => Loss == ClassifierLoss.BinaryCrossEntropy;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Layers.Count > 0) ClassWeights?.Check(IsBinary ? 2 : Layers[^1].Units, problems.At("classWeights"));
    }

    /// <inheritdoc/>
    public override TrainingRun Start(ITrainingInputs inputs)
    {
        var (_, labels, examples) = Read(inputs);
        var loss = new LabelLoss(this, labels, examples.Training);
        return new SupervisedRun(this, examples, loss, hasLinearEnd: true, trained => ClassifierReport.Write(this, trained, labels));
    }

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
}
