using System.Text.Json.Serialization;
using KlCore.Numerics;

namespace KlCore.Networks.Explicit;

/// <summary>What one layer's parameters should change by.</summary>
/// <param name="Weights">dL/dW, in the shape of the weights.</param>
/// <param name="Bias">dL/db; left out where the layer has no bias.</param>
public sealed record LayerGradients(double[][] Weights, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double[]? Bias);

/// <summary>A loss, and its gradients by the chain rule.</summary>
/// <param name="Loss">May be +Infinity, is never NaN.</param>
/// <param name="Passes">The forward pass.</param>
/// <param name="Deltas">dL/dz of each layer, row by row; null if a row's divergence is infinite, and so all that follow.</param>
/// <param name="Gradients">dL/dW and dL/db of each layer.</param>
/// <param name="InputGradients">dL/dx, row by row.</param>
/// <param name="InfiniteRow">The first row whose divergence is infinite, or -1.</param>
public sealed record BackPropagation(
    double Loss, IReadOnlyList<LayerPass> Passes, IReadOnlyList<double[][]>? Deltas, IReadOnlyList<LayerGradients>? Gradients, double[][]? InputGradients, int InfiniteRow)
{
    /// <summary>
    /// The loss of the outputs and all its derivatives: delta of the last layer from the loss, delta of each one before as activation'(z) (W^T delta) of the
    /// one after it, and dL/dW = sum over the rows of delta x^T, dL/db = sum of delta.
    /// </summary>
    /// <param name="layers">From the input to the output.</param>
    /// <param name="inputs">What goes in.</param>
    /// <param name="targets">What should come out; only <see cref="NetworkLoss.MeanSquare"/> has none.</param>
    /// <param name="loss">What is differentiated.</param>
    /// <param name="unit">The unit of losses between distributions, and so of their gradients.</param>
    /// <param name="cancellation">Looked at before each row.</param>
    /// <exception cref="InvalidInputException">The layers, the inputs or the targets do not fit.</exception>
    /// <exception cref="NotComputableException">A number became so large that the next is none.</exception>
    public static BackPropagation Of(IReadOnlyList<ExplicitLayer> layers, BatchRows inputs, BatchRows? targets, NetworkLoss loss, Unit unit = Unit.Nats, CancellationToken cancellation = default)
    {
        var problems = new Problems();
        var read = Check(layers, inputs, targets, loss, problems);
        problems.ThrowIfAny();
        var passes = ExplicitNetwork.Forward(layers, inputs, cancellation);
        var reading = NetworkLosses.Reading(loss, layers[^1].Activation)!.Value;
        var output = OutputLoss.Of(loss, reading, passes[^1], layers[^1], read, unit, cancellation);
        if (output.Deltas is null) return new(output.Value, passes, null, null, null, output.InfiniteRow);
        var deltas = new double[layers.Count][][];
        deltas[^1] = output.Deltas;
        var gradients = new LayerGradients[layers.Count];
        for (var i = layers.Count - 1; ; i--)
        {
            RefuseNaN(deltas[i], i);
            gradients[i] = Outer(layers[i], deltas[i], i == 0 ? inputs.Rows : passes[i - 1].Activations, i, cancellation);
            var back = Back(layers[i], deltas[i], cancellation);
            if (i == 0) return new(output.Value, passes, deltas, gradients, RefuseNaN(back, 0), -1);
            deltas[i - 1] = Through(layers[i - 1], passes[i - 1], back);
        }
    }

    /// <summary>Adds everything that keeps the gradients from being taken, and returns the targets as they are understood.</summary>
    public static Targets? Check(IReadOnlyList<ExplicitLayer> layers, BatchRows inputs, BatchRows? targets, NetworkLoss loss, Problems problems)
    {
        var before = problems.Total;
        ExplicitNetwork.Check(layers, inputs, problems);
        if (layers.Count == 0) return null;
        var last = layers[^1];
        var reading = NetworkLosses.Reading(loss, last.Activation);
        if (reading is null) problems.At("layers").At(layers.Count - 1).Add("activation", "must be softmax (classes), linear (logits of classes) or sigmoid (a yes or no for each output) for a loss between distributions");
        if (loss == NetworkLoss.MeanSquare) return null;
        if (targets is null) problems.Add("targets", "is required for every loss but mean-square");
        // Only where the shapes are known is it known what the targets should be.
        if (targets is null || reading is null || last.Outputs == 0 || inputs.Rows.Length == 0) return null;
        var read = Targets.TryRead(targets, inputs, last.Outputs, loss, reading.Value, problems.At("targets"));
        return problems.Total == before ? read : null;
    }

    /// <summary>The layers after one step of gradient descent, W - rate dL/dW and b - rate dL/db, otherwise as they were; null if there are no gradients.</summary>
    public IReadOnlyList<ExplicitLayer>? Updated(IReadOnlyList<ExplicitLayer> layers, double rate) => Gradients is null ? null :
    [
        .. layers.Zip(Gradients, (layer, gradients) => layer with
        {
            Weights = [.. layer.Weights.Zip(gradients.Weights, (row, slopes) => Step(row, slopes, rate))],
            Bias = layer.Bias is null ? null : Step(layer.Bias, gradients.Bias!, rate),
        }),
    ];

    private static double[] Step(double[] parameters, double[] slopes, double rate) =>
        [.. parameters.Zip(slopes, (parameter, slope) => Math.FusedMultiplyAdd(-rate, slope, parameter))];

    private static double[][] Through(ExplicitLayer layer, LayerPass pass, double[][] upstream)
    {
        var deltas = new double[upstream.Length][];
        for (var i = 0; i < deltas.Length; i++)
            ActivationFunctions.PullBack(layer.Activation, pass.PreActivations[i], pass.Activations[i], upstream[i], deltas[i] = new double[layer.Outputs], layer.Slope);
        return deltas;
    }

    /// <summary>sum over the rows of delta x^T.</summary>
    private static LayerGradients Outer(ExplicitLayer layer, double[][] deltas, double[][] x, int index, CancellationToken cancellation)
    {
        var weights = new double[layer.Outputs][];
        var bias = layer.Bias is null ? null : new double[layer.Outputs];
        var sums = new CompensatedSum[layer.Inputs];
        for (var j = 0; j < weights.Length; j++)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Clear(sums);
            CompensatedSum own = default;
            for (var row = 0; row < x.Length; row++)
            {
                var delta = deltas[row][j];
                own.Add(delta);
                if (delta == 0) continue;
                for (var k = 0; k < sums.Length; k++) sums[k].AddProduct(delta, x[row][k]);
            }

            weights[j] = Array.ConvertAll(sums, sum => sum.Value + 0.0);
            if (bias is not null) bias[j] = own.Value + 0.0;
        }

        RefuseNaN(weights, index);
        if (bias is not null) RefuseNaN([bias], index);
        return new(weights, bias);
    }

    /// <summary>W^T delta of each row.</summary>
    private static double[][] Back(ExplicitLayer layer, double[][] deltas, CancellationToken cancellation)
    {
        var back = new double[deltas.Length][];
        var sums = new CompensatedSum[layer.Inputs];
        for (var row = 0; row < back.Length; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Clear(sums);
            for (var j = 0; j < layer.Outputs; j++)
            {
                var delta = deltas[row][j];
                if (delta == 0) continue;
                for (var k = 0; k < sums.Length; k++) sums[k].AddProduct(layer.Weights[j][k], delta);
            }

            back[row] = Array.ConvertAll(sums, sum => sum.Value + 0.0);
        }

        return back;
    }

    private static double[][] RefuseNaN(double[][] numbers, int layer)
    {
        if (Array.Exists(numbers, row => Array.Exists(row, double.IsNaN)))
            throw new NotComputableException("overflow", $"The gradient of layer {layer} has no value: numbers on the way to it are too large for a double.");
        return numbers;
    }
}
