using System.Text.Json.Serialization;
using KlCore.Training.Supervised;

namespace KlCore.Training.Regression;

/// <summary>What a regression answers.</summary>
/// <param name="Values">For each row the number that it foretells, or the numbers, in the units of the targets.</param>
/// <param name="Names">What the targets are called, in their order.</param>
/// <param name="StandardDeviations">How far off it expects each to be; only of a network that learnt variances.</param>
public sealed record ValuePrediction(
    Points Values, IReadOnlyList<string> Names, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Points? StandardDeviations = null)
{
    internal static ValuePrediction Of(RegressionSpecification specification, PredictionRequest request, FinishedTraining training, ITrainingInputs inputs)
    {
        var (outputs, metadata) = PredictionInputs.Ask(request, specification.Layers, hasLinearEnd: false, specification.Data.Source(), training, inputs);
        var scaling = ColumnScaling.FromJson(metadata["targetScaling"]);
        var values = Array.ConvertAll(outputs, row => Mean(scaling, row));
        return new ValuePrediction(
            Write(values), specification.Data.TargetNames(), specification.HasVariance ? Write(Array.ConvertAll(outputs, row => Deviation(scaling, row))) : null);

        Points Write(double[][] rows) => specification.Data.IsPlain ? new Points(rows.Select(row => row[0])) : new Points(rows);
    }

    /// <summary>The answer in the targets' own units.</summary>
    internal static double[] Mean(ColumnScaling scaling, float[] outputs) => scaling.Invert(outputs);

    /// <summary>The standard deviation that the network gives, in the targets' own units.</summary>
    internal static double[] Deviation(ColumnScaling scaling, float[] outputs) =>
        [.. scaling.Scale.Select((scale, target) => Math.Min(scale * Math.Exp(0.5 * outputs[scaling.Scale.Length + target]), double.MaxValue))];
}
