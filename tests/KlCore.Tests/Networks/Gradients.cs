using KlCore.Networks;
using KlCore.Numerics;

namespace KlCore.Tests.Networks;

/// <summary>Derivatives by differences.</summary>
internal static class Gradients
{
    private static readonly Pass Training = new(true, 7, 3);

    /// <summary>
    /// Compares what a layer's backward pass says with central differences of L = sum of c y over its outputs y, for its input and all its parameters.
    /// In floats a difference over 2h carries the rounding of L over h; h = 1e-2 balances it with the third derivative.
    /// </summary>
    public static void Check(Func<Parameters, Layer> make, int rows, double tolerance = 2e-3)
    {
        var parameters = new Parameters();
        var layer = make(parameters);
        parameters.Allocate();
        layer.Prepare(rows);
        var stream = new RandomStream(5, 0, "gradients");
        layer.Initialize(stream);
        foreach (ref var value in parameters.Values) value += (float)(0.1 * stream.NextNormal());
        float[] input = new float[rows * layer.Inputs], output = new float[rows * layer.Outputs], weights = new float[output.Length], inputGradient = new float[input.Length];
        foreach (ref var value in input.AsSpan()) value = (float)stream.NextNormal();
        foreach (ref var value in weights.AsSpan()) value = (float)stream.NextNormal();

        double Loss()
        {
            layer.Forward(new Batch(input, rows, layer.Inputs), new Batch(output, rows, layer.Outputs), Training);
            return output.Zip(weights, (y, c) => (double)y * c).Sum();
        }

        Loss();
        layer.Backward(
            new Batch(input, rows, layer.Inputs), new Batch(output, rows, layer.Outputs), new Batch([.. weights], rows, layer.Outputs), new Batch(inputGradient, rows, layer.Inputs), true);
        var gradient = parameters.Gradients.ToArray();
        for (var i = 0; i < input.Length; i++) Compare(Loss, ref input[i], inputGradient[i], tolerance, $"input {i}");
        foreach (var parameter in parameters.All)
            for (var i = 0; i < parameter.Length; i++) Compare(Loss, ref parameter.Values[i], gradient[parameter.Start + i], tolerance, $"{parameter.Name} {i}");
    }

    private static void Compare(Func<double> loss, ref float variable, double derivative, double tolerance, string what)
    {
        const float step = 1e-2f;
        var value = variable;
        // Five points: the error is of the fourth order, so that the step can be long.
        double At(float x, ref float variable)
        {
            variable = x;
            return loss();
        }

        var near = At(value + step, ref variable) - At(value - step, ref variable);
        var far = At(value + 2 * step, ref variable) - At(value - 2 * step, ref variable);
        variable = value;
        var expected = (8 * near - far) / (12 * step);
        Assert.True(Math.Abs(expected - derivative) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: {derivative}, by differences {expected}");
    }
}
