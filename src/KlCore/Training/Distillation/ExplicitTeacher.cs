using KlCore.Networks;
using KlCore.Networks.Explicit;
using KlCore.Training.Classifier;

namespace KlCore.Training.Distillation;

/// <summary>A network that is written out. It sees the inputs as they are in the data, whatever the scaling of the student.</summary>
public sealed record ExplicitTeacher : Teacher
{
    private const double MaximumWork = 1e10;

    /// <summary>Its layers; the last has one output for each class and answers logits (linear) or probabilities (softmax).</summary>
    public required IReadOnlyList<ExplicitLayer> Layers { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        if (Layers.Count == 0) problems.Add("layers", "must have at least 1 layer, had none");
        for (var i = 0; i < Layers.Count; i++) Layers[i].Check(i == 0 ? null : Layers[i - 1].Outputs, problems.At("layers").At(i));
        if (Layers.Count > 0 && Layers[^1].Activation is not (Activation.Linear or Activation.Softmax))
            problems.At("layers").At(Layers.Count - 1).Add("activation", "must be linear or softmax in the last layer");
    }

    internal override long? CountParameters(ITrainingInputs inputs) => Layers.Sum(layer => (long)layer.Inputs * layer.Outputs + (layer.Bias?.Length ?? 0));

    /// <summary>Adds a problem unless it answers for so many classes.</summary>
    internal void CheckClasses(int classes, Problems problems)
    {
        if (Layers[^1].Outputs != classes)
            problems.At("layers").At(Layers.Count - 1).Add("weights", $"must have {classes} rows, one for each class that the student tells apart, had {Layers[^1].Outputs}");
    }

    /// <summary>Adds a problem unless it can answer for so many examples of so many numbers.</summary>
    internal void CheckExamples(long count, int width, Problems problems)
    {
        if (Layers[0].Inputs != width) problems.At("layers").At(0).Add("weights", $"must have {width} columns, one for each number of an example, had {Layers[0].Inputs}");
        var work = (double)ExplicitNetwork.Multiplications(Layers) * count;
        if (work > MaximumWork) problems.Add("layers", $"must be smaller for so many examples: its answers take {work:G2} multiplications, and {MaximumWork:G2} are allowed");
    }

    internal override float[][]? Logits(double[][] rows, ClassLabels labels, DatasetColumns? source, ITrainingInputs inputs, Problems problems)
    {
        CheckClasses(labels.Names.Count, problems);
        CheckExamples(rows.Length, rows[0].Length, problems);
        if (problems.Any) return null;
        var last = ExplicitNetwork.Forward(Layers, new BatchRows(rows))[^1];
        return Array.ConvertAll(Layers[^1].Activation == Activation.Softmax ? last.PreActivations : last.Activations, row => Array.ConvertAll(row, value => (float)value));
    }
}
