using System.ComponentModel.DataAnnotations;
using KlCore.Charts;
using KlCore.Training.Supervised;

namespace KlCore.Training.Regression;

/// <summary>What a regression makes small, with r the target less the answer, both as they were scaled.</summary>
public enum RegressionLoss
{
    /// <summary>r^2: the answer becomes the mean of what may be.</summary>
    MeanSquaredError,

    /// <summary>|r|: the answer becomes the median.</summary>
    MeanAbsoluteError,

    /// <summary>r^2 / 2 for |r| up to delta, delta (|r| - delta / 2) beyond: between both (Huber, 1964).</summary>
    Huber,

    /// <summary>
    /// -ln of a normal density at the target, of which the network gives the mean and the logarithm of the variance: the forward KL from the data to a
    /// normal that depends on the inputs. The last layer has two units for each target: all means, then all logarithms of variances.
    /// </summary>
    GaussianNegativeLogLikelihood,
}

/// <summary>Trains a dense network to foretell numbers, as Keras' Sequential with Dense layers does.</summary>
public sealed record RegressionSpecification : SupervisedSpecification, IPredictor
{
    /// <summary>The examples.</summary>
    public required ValueData Data { get; init; }

    /// <inheritdoc cref="RegressionLoss"/>
    public RegressionLoss Loss { get; init; }

    /// <summary>Where the loss of Huber changes from squares to distances, in units of the scaled targets.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double HuberDelta { get; init; } = 1;

    /// <summary>How the targets are scaled in training; losses are told as scaled, everything else in the targets' own units.</summary>
    public Scaling TargetScaling { get; init; } = Scaling.Standard;

    internal bool HasVariance => Loss == RegressionLoss.GaussianNegativeLogLikelihood;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        var before = problems.Total;
        Data.Check(problems.At("data"));
        if (Layers.Count == 0 || problems.Total > before) return;
        var units = Data.TargetCount * (HasVariance ? 2 : 1);
        if (Layers[^1].Units != units)
            AtLastLayer(problems).Add("units", $"must be {units} in the last layer (layer {Layers.Count}), {(HasVariance ? "two" : "one")} for each of the {Data.TargetCount} targets, was {Layers[^1].Units}");
        if (HasVariance && Layers[^1].Activation != Networks.Activation.Linear)
            AtLastLayer(problems).Add("activation", "must be linear in the last layer under gaussian-negative-log-likelihood, whose logarithms of variances may have any sign");
        if (Data is InlineValueData inline) TrainingCost.Of(this, inline.Inputs.Dimension, inline.Inputs.Count).Check(problems);
    }

    /// <inheritdoc/>
    public override IEnumerable<DatasetColumns> Datasets() => Data.Source() is { } source ? [source, Data.TargetSource()!] : [];

    /// <inheritdoc/>
    public override void CheckInputs(ITrainingInputs inputs, Problems problems)
    {
        base.CheckInputs(inputs, problems);
        if (!problems.Any && Data is ValueDataset && Data.Size(inputs) is { } size) TrainingCost.Of(this, size.Width, size.Rows).Check(problems);
    }

    /// <inheritdoc/>
    public override TrainingRun Start(ITrainingInputs inputs)
    {
        var (rows, targets) = Data.Read(inputs);
        var problems = new Problems();
        if (rows.Length < 2) problems.At("data").Add("dataset", $"must have at least 2 rows, has {rows.Length}");
        problems.ThrowIfAny();
        TrainingCost.Of(this, rows[0].Length, rows.Length).Check(problems);
        problems.ThrowIfAny();
        var examples = Examples.Of(rows, EpochOrder.Split(rows.Length, ValidationFraction, Seed), Scaling);
        var scaling = ColumnScaling.Of(TargetScaling, targets, examples.Training);
        return new SupervisedRun(this, examples, new ValueLoss(this, targets, scaling), hasLinearEnd: false, trained => RegressionReport.Write(this, trained, targets, scaling));
    }

    /// <inheritdoc/>
    public object Predict(PredictionRequest request, FinishedTraining training, ITrainingInputs inputs) => ValuePrediction.Of(this, request, training, inputs);

    /// <inheritdoc/>
    public override IReadOnlyList<string> ChartNames() => ["loss", "predictions", "residuals"];

    /// <inheritdoc/>
    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result) => name switch
    {
        "loss" => EpochCharts.Draw("Loss", "loss", "loss", history),
        "predictions" => RegressionCharts.Predictions(result),
        "residuals" => RegressionCharts.Residuals(result),
        _ => null,
    };
}
