using KlCore.Numerics;

namespace KlCore.Networks.Explicit;

/// <summary>One layer of a forward pass, row by row.</summary>
/// <param name="PreActivations">z = W x + b, x being the activations of the layer before.</param>
/// <param name="Activations">a = activation(z).</param>
public sealed record LayerPass(double[][] PreActivations, double[][] Activations);

/// <summary>
/// A network of dense layers that its caller wrote out, in double precision: every number is within rounding of what the weights as given make exactly.
/// Scalar products carry their rounding errors along, so that also a sum in which most cancels keeps its digits.
/// </summary>
public static class ExplicitNetwork
{
    private const int MostLayers = 1000;

    /// <summary>Adds everything that keeps inputs from going through the layers.</summary>
    /// <param name="layers">From the input to the output.</param>
    /// <param name="inputs">What goes in.</param>
    /// <param name="problems">Where failures go, seen from the object that has the members layers and inputs.</param>
    public static void Check(IReadOnlyList<ExplicitLayer> layers, BatchRows inputs, Problems problems)
    {
        if (layers.Count is 0 or > MostLayers) problems.Add("layers", $"must have at least 1 and at most {MostLayers} elements, had {layers.Count}");
        for (var i = 0; i < layers.Count; i++) layers[i].Check(i == 0 ? null : layers[i - 1].Outputs, problems.At("layers").At(i));
        var width = layers.Count == 0 ? 0 : layers[0].Inputs;
        if (inputs.Rows.Length == 0 || (inputs.IsPlain && inputs.Rows[0].Length == 0)) problems.Add("inputs", "must have at least 1 row, had none");
        else CheckRows(inputs, width, problems.At("inputs"));
    }

    /// <summary>How many multiplications one row takes on its way through.</summary>
    public static long Multiplications(IReadOnlyList<ExplicitLayer> layers) => layers.Sum(layer => (long)layer.Inputs * layer.Outputs);

    /// <summary>The forward pass: every layer's pre-activations and activations; those of the last are the outputs.</summary>
    /// <exception cref="InvalidInputException">The layers or the inputs do not fit.</exception>
    /// <exception cref="NotComputableException">A number became so large that the next is none.</exception>
    public static IReadOnlyList<LayerPass> Forward(IReadOnlyList<ExplicitLayer> layers, BatchRows inputs, CancellationToken cancellation = default)
    {
        var problems = new Problems();
        Check(layers, inputs, problems);
        problems.ThrowIfAny();
        var passes = new LayerPass[layers.Count];
        var rows = inputs.Rows;
        for (var i = 0; i < passes.Length; i++)
        {
            passes[i] = Through(layers[i], rows, i, cancellation);
            rows = passes[i].Activations;
        }

        return passes;
    }

    private static LayerPass Through(ExplicitLayer layer, double[][] inputs, int index, CancellationToken cancellation)
    {
        var pass = new LayerPass(new double[inputs.Length][], new double[inputs.Length][]);
        for (var row = 0; row < inputs.Length; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (z, a) = (pass.PreActivations[row] = new double[layer.Outputs], pass.Activations[row] = new double[layer.Outputs]);
            for (var j = 0; j < z.Length; j++) z[j] = Dot(layer.Weights[j], inputs[row], layer.Bias is { } bias ? bias[j] : 0);
            RefuseNaN(z, index, row);
            ActivationFunctions.Apply(layer.Activation, z, a, layer.Slope);
            RefuseNaN(a, index, row);
        }

        return pass;
    }

    private static double Dot(double[] weights, double[] x, double bias)
    {
        CompensatedSum sum = default;
        for (var k = 0; k < weights.Length; k++) sum.AddProduct(weights[k], x[k]);
        sum.Add(bias);
        return sum.Value + 0.0;
    }

    private static void RefuseNaN(double[] numbers, int layer, int row)
    {
        var unit = Array.FindIndex(numbers, double.IsNaN);
        if (unit >= 0) throw new NotComputableException("overflow", $"Unit {unit} of layer {layer} has no value for row {row}: numbers on the way to it are too large for a double, and infinities of both signs meet.");
    }

    private static void CheckRows(BatchRows inputs, int width, Problems problems)
    {
        for (var i = 0; i < inputs.Rows.Length; i++)
        {
            var at = inputs.At(problems, i);
            if (width > 0 && inputs.Rows[i].Length != width) at.Add($"must have {width} numbers, one for each column of the first layer's weights, had {inputs.Rows[i].Length}");
            ExplicitLayer.CheckFinite(inputs.Rows[i], at);
        }
    }
}
