using KlCore.Formats;
using KlCore.Training.Classifier;

namespace KlCore.Training.Distillation;

/// <summary>Stored logits: as many rows as there are examples, in the same order, with one logit for each class.</summary>
public sealed record BaselineTeacher : Teacher
{
    private const int RowsAtOnce = 1024;

    /// <summary>The name of the baseline.</summary>
    public required string Baseline { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        if (Baseline.Length == 0) problems.Add("baseline", "must be the name of a baseline, was empty");
    }

    internal override long? CountParameters(ITrainingInputs inputs) => null;

    internal override void CheckInputs(ITrainingInputs inputs, int classes, long? rows, Problems problems)
    {
        if (inputs.FindLogits(Baseline) is not { } facts) problems.Add("baseline", "must be the name of a baseline, there is none with this name");
        else
        {
            if (facts.Vocabulary != classes) problems.Add("baseline", $"must have {classes} logits in a row, one for each class that the student tells apart, has {facts.Vocabulary}");
            if (rows is { } count && facts.Rows != count) problems.Add("baseline", $"must have a row for each of the {count} examples, has {facts.Rows}");
        }
    }

    internal override float[][]? Logits(double[][] rows, ClassLabels labels, DatasetColumns? source, ITrainingInputs inputs, Problems problems)
    {
        CheckInputs(inputs, labels.Names.Count, rows.Length, problems);
        if (problems.Any) return null;
        using var stored = inputs.OpenLogits(Baseline) ?? throw new NotComputableException("inputs-changed", "The baseline was deleted meanwhile.");
        var (width, logits) = (labels.Names.Count, new float[rows.Length][]);
        for (var from = 0; from < rows.Length; from += RowsAtOnce)
        {
            var count = Math.Min(RowsAtOnce, rows.Length - from);
            var (bytes, floats) = (new byte[count * stored.Shape.RowBytes], new byte[count * width * sizeof(float)]);
            stored.Read(bytes);
            Conversion.Convert(bytes, stored.Shape.Element, floats, ElementType.F32);
            for (var i = 0; i < count; i++)
            {
                logits[from + i] = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(floats).Slice(i * width, width).ToArray();
                if (logits[from + i].All(float.IsFinite)) continue;
                problems.Add("baseline", $"must have finite logits, row {from + i} has others");
                return null;
            }
        }

        return logits;
    }
}
