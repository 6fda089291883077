using KlCore.Networks;

namespace KlCore.Tests.Networks;

/// <summary>The backward pass of every layer against central differences of its forward pass.</summary>
public class LayerGradientTests
{
    public static TheoryData<Activation> Activations => [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Dense_Backward_IsTheDerivative(Activation activation) =>
        Gradients.Check(parameters => new Dense(parameters, "d", 5, 4, activation), rows: 3);

    [Fact]
    public void Dense_WithoutBias_IsTheDerivative() => Gradients.Check(parameters => new Dense(parameters, "d", 5, 4, hasBias: false), rows: 3);

    [Fact]
    public void Stack_Backward_IsTheDerivative() => Gradients.Check(
        parameters => new LayerStack(new Dense(parameters, "0", 6, 5, Activation.Tanh), new Dense(parameters, "1", 5, 7, Activation.Gelu), new Dense(parameters, "2", 7, 2)), rows: 4);

    [Fact]
    public void Residual_Backward_IsTheDerivative() => Gradients.Check(
        parameters => new LayerStack(new Residual(new LayerStack(new Dense(parameters, "0", 5, 8, Activation.Relu), new Dense(parameters, "1", 8, 5))), new Residual(new Dense(parameters, "2", 5, 5, Activation.Softmax))),
        rows: 3);

    [Fact]
    public void Dropout_Backward_IsTheDerivative() => Gradients.Check(
        parameters => new LayerStack(new Dense(parameters, "0", 5, 8, Activation.Tanh), new Dropout("drop", 8, 0.4), new Dense(parameters, "1", 8, 3)), rows: 3);

    [Fact]
    public void LayerNorm_Backward_IsTheDerivative() => Gradients.Check(parameters => new LayerNorm(parameters, "n", 11), rows: 4);

    [Fact]
    public void CausalAttention_Backward_IsTheDerivative() => Gradients.Check(_ => new CausalAttention(6, 3, 5), rows: 5);

    [Fact]
    public void CausalAttention_InAStack_IsTheDerivative() => Gradients.Check(
        parameters => new Residual(new LayerStack(new LayerNorm(parameters, "n", 4), new Dense(parameters, "0", 4, 12), new CausalAttention(4, 2, 6), new Dense(parameters, "1", 4, 4))), rows: 6);

    [Fact]
    public void Dropout_InTraining_KeepsTheMeanAndElsewhereEverything()
    {
        var layer = new Dropout("drop", 1000, 0.3);
        layer.Prepare(10);
        float[] input = [.. Enumerable.Repeat(1f, 10_000)], output = new float[10_000];
        layer.Forward(new Batch(input, 10, 1000), new Batch(output, 10, 1000), new Pass(true, 1, 1));
        // 10,000 draws of variance 0.3/0.7: five standard errors.
        Assert.Equal(1, output.Average(), 5 * Math.Sqrt(0.3 / 0.7 / 10_000));
        Assert.Equal(2, output.Distinct().Count());
        layer.Forward(new Batch(input, 10, 1000), new Batch(output, 10, 1000), Pass.Inference);
        Assert.Equal(input, output);
    }

    [Fact]
    public void Weights_InFiles_AreOutputsByInputs()
    {
        var parameters = new Parameters();
        var dense = new Dense(parameters, "0", 2, 3);
        parameters.Allocate();
        ((float[])[1, 2, 3, 4, 5, 6]).CopyTo(dense.Weights.Values);
        var tensors = parameters.ToTensors().ToDictionary(tensor => tensor.Name);
        Assert.Equal([3, 2], tensors["0.weights"].Shape);
        Assert.Equal([1, 4, 2, 5, 3, 6], tensors["0.weights"].Values);
        dense.Weights.Values.Clear();
        parameters.Load(tensors);
        Assert.Equal([1, 2, 3, 4, 5, 6], dense.Weights.Values.ToArray());
    }
}
