using System.ComponentModel.DataAnnotations;
using KlCore.Charts;
using KlCore.Losses;
using KlCore.Training.Classifier;
using KlCore.Training.Supervised;

namespace KlCore.Training.Distillation;

/// <summary>
/// Trains a network, the student q, to answer as another does, the teacher p: (1 - labelWeight) T^2 loss(p_T, q_T) + labelWeight cross-entropy(labels, q),
/// where p_T and q_T are both sides' probabilities with their logits divided by T.
/// </summary>
/// <remarks>
/// Gradients through a temperature shrink with 1 / T^2, so T^2 keeps the two parts' weight what it is at T = 1 (Hinton, Vinyals, Dean, Distilling the
/// knowledge in a neural network, 2015). A loss that the temperature does not enter has no such factor.
/// </remarks>
public sealed record DistillationSpecification : ClassSpecification
{
    /// <summary>p: whom the student learns from.</summary>
    public required Teacher Teacher { get; init; }

    /// <summary>What is made small between the teacher and the student: any loss of <c>/v1/losses</c>.</summary>
    public Loss Loss { get; init; } = new ForwardKullbackLeibler();

    /// <summary>T, by which both sides' logits are divided in the loss, though not in the cross-entropy to the labels.</summary>
    [Range(1e-3, 1e3)]
    public double Temperature { get; init; } = 2;

    /// <summary>What part of the loss is the cross-entropy to the labels; 0 for none of it, 1 for learning from labels alone.</summary>
    [Range(0.0, 1.0)]
    public double LabelWeight { get; init; }

    internal override string ObjectiveMember => "/loss";

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        var before = problems.Total;
        Loss.Check(problems.At("loss"));
        Teacher.Check(problems.At("teacher"));
        if (problems.Total == before && Layers.Count > 0 && Teacher is ExplicitTeacher teacher) teacher.CheckClasses(Layers[^1].Units, problems.At("teacher"));
    }

    /// <inheritdoc/>
    public override void CheckInputs(ITrainingInputs inputs, Problems problems)
    {
        base.CheckInputs(inputs, problems);
        if (problems.Any) return;
        var size = Data.Size(inputs);
        Teacher.CheckInputs(inputs, Layers[^1].Units, size?.Rows, problems.At("teacher"));
        if (Teacher is ExplicitTeacher written && size is { } known) written.CheckExamples(known.Rows, known.Width, problems.At("teacher"));
    }

    /// <inheritdoc/>
    public override TrainingRun Start(ITrainingInputs inputs)
    {
        var (rows, labels, examples) = Read(inputs);
        var problems = new Problems();
        var logits = Teacher.Logits(rows, labels, Data.Source(), inputs, problems.At("teacher"));
        problems.ThrowIfAny();
        var teacher = new TeacherAnswers(logits!, Temperature);
        var loss = new StudentLoss(this, teacher, labels.Labels);
        var (parameters, cautions) = (Teacher.CountParameters(inputs), Teacher.Cautions(this, inputs).ToList());
        return new SupervisedRun(this, examples, loss, hasLinearEnd: true, trained => DistillationReport.Write(this, trained, labels, logits!, parameters, cautions));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ChartNames() => ["loss", "accuracy", "divergences", "confusion"];

    /// <inheritdoc/>
    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result) => name switch
    {
        "loss" => EpochCharts.Draw("Loss", "loss", "loss", history),
        "accuracy" => EpochCharts.Draw("Accuracy", "accuracy", "accuracy", history),
        "divergences" => DistillationCharts.Divergences(result),
        "confusion" => ClassifierCharts.Confusion(result),
        _ => null,
    };
}
