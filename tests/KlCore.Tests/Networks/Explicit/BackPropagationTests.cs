using KlCore.Networks;
using KlCore.Networks.Explicit;

namespace KlCore.Tests.Networks.Explicit;

/// <summary>Whole networks against mpmath, whose derivatives are central differences in 60 digits.</summary>
public sealed class BackPropagationTests
{
    [Fact]
    public void Of_EveryActivationAndLoss_HasTheValueAndDerivativesOfMpmath()
    {
        var golden = NetworkGolden.Read().Networks;
        Assert.True(golden.Count > 100);
        foreach (var network in golden)
        {
            var found = BackPropagation.Of(network.Layers, new BatchRows(network.Inputs), network.Loss == NetworkLoss.MeanSquare ? null : new BatchRows(network.Targets), network.Loss);
            var what = $"{network.Loss} of {string.Join(", ", network.Layers.Select(layer => layer.Activation))}";
            Near([[network.Value]], [[found.Loss]], what);
            for (var i = 0; i < network.Layers.Count; i++)
            {
                Near(network.Passes[i].PreActivations, found.Passes[i].PreActivations, $"{what}, z of layer {i}");
                Near(network.Passes[i].Activations, found.Passes[i].Activations, $"{what}, a of layer {i}");
                Near(network.Gradients[i].Weights, found.Gradients![i].Weights, $"{what}, weights of layer {i}");
                Near([network.Gradients[i].Bias!], [found.Gradients[i].Bias!], $"{what}, bias of layer {i}");
                // The bias of a unit is what its deltas add up to.
                Near([network.Gradients[i].Bias!], [[.. Enumerable.Range(0, network.Layers[i].Weights.Length).Select(j => found.Deltas![i].Sum(row => row[j]))]], $"{what}, deltas of layer {i}");
            }

            Near(network.InputGradients, found.InputGradients!, $"{what}, inputs");
        }
    }

    [Fact]
    public void Golden_EveryCombination_HasCases()
    {
        var golden = NetworkGolden.Read().Networks;
        foreach (var activation in Enum.GetValues<Activation>())
        {
            Assert.All(Enum.GetValues<NetworkLoss>(), loss => Assert.Contains(golden, network => network.Loss == loss && network.Layers[0].Activation == activation));
            Assert.All((NetworkLoss[])[NetworkLoss.MeanSquare, NetworkLoss.MeanSquaredError], loss => Assert.Contains(golden, network => network.Loss == loss && network.Layers[^1].Activation == activation));
        }

        Assert.All(Enum.GetValues<NetworkLoss>().Where(NetworkLosses.ComparesDistributions), loss =>
            Assert.All((Activation[])[Activation.Softmax, Activation.Linear, Activation.Sigmoid], last => Assert.Contains(golden, network => network.Loss == loss && network.Layers[^1].Activation == last)));
    }

    /// <summary>(1e16 + 1 - 1e16) * 1 + 0.5 is lost by a plain sum.</summary>
    [Fact]
    public void Forward_OfASumThatCancels_KeepsItsDigits()
    {
        ExplicitLayer[] layers = [new() { Weights = [[1e16, 1, -1e16]], Bias = [0.5] }];
        Assert.Equal(1.5, ExplicitNetwork.Forward(layers, new BatchRows([1.0, 1, 1]))[0].PreActivations[0][0]);
    }

    [Fact]
    public void Of_ClassesAsTargets_IsOfTheirOneHotRows()
    {
        ExplicitLayer[] layers = [new() { Weights = [[1, 2], [0, 1], [-1, 0]], Bias = [0, 0.5, 0], Activation = Activation.Softmax }];
        var inputs = new BatchRows([[1, 0.5], [-2, 1]]);
        var byClass = BackPropagation.Of(layers, inputs, new BatchRows([2.0, 0]), NetworkLoss.CrossEntropy);
        var byRow = BackPropagation.Of(layers, inputs, new BatchRows([[0, 0, 1], [1, 0, 0]]), NetworkLoss.CrossEntropy);
        Assert.Equal(byRow.Loss, byClass.Loss, 1e-15);
        for (var j = 0; j < 3; j++)
            for (var k = 0; k < 2; k++)
                Assert.Equal(byRow.Gradients![0].Weights[j][k], byClass.Gradients![0].Weights[j][k], 1e-15);
    }

    [Fact]
    public void Of_InfiniteDivergence_HasAValueAndNoGradient()
    {
        ExplicitLayer[] layers = [new() { Weights = [[1, 0], [0, 1]], Bias = [0, 0], Activation = Activation.Softmax }];
        var found = BackPropagation.Of(layers, new BatchRows([[1.0, 2], [0, 0]]), new BatchRows([[0.5, 0.5], [1, 0]]), NetworkLoss.ReverseKl);
        Assert.Equal((double.PositiveInfinity, 1), (found.Loss, found.InfiniteRow));
        Assert.Null(found.Gradients);
        Assert.Null(found.Updated(layers, 0.1));
    }

    [Fact]
    public void Updated_ByARate_IsAStepAgainstTheGradientInTheSameShape()
    {
        ExplicitLayer[] layers = [new() { Weights = [[1, 2]], Activation = Activation.LeakyRelu, NegativeSlope = 0.2 }, new() { Weights = [[3], [4]], Bias = [1, 1] }];
        var found = BackPropagation.Of(layers, new BatchRows([1.0, -1]), null, NetworkLoss.MeanSquare);
        var updated = found.Updated(layers, 0.25)!;
        Assert.Null(updated[0].Bias);
        Assert.Equal((Activation.LeakyRelu, 0.2), (updated[0].Activation, updated[0].NegativeSlope));
        Assert.Equal(layers[1].Weights[0][0] - 0.25 * found.Gradients![1].Weights[0][0], updated[1].Weights[0][0], 1e-15);
        Assert.Equal(layers[1].Bias![1] - 0.25 * found.Gradients[1].Bias![1], updated[1].Bias![1], 1e-15);
        Assert.Equal(1, layers[1].Bias![1]);
    }

    /// <summary>Infinity from a product that overflows is a value; infinity less infinity is none.</summary>
    [Fact]
    public void Of_NumbersTooLarge_AreInfiniteOrRefusedButNeverNaN()
    {
        ExplicitLayer[] one = [new() { Weights = [[1e300]] }];
        var found = BackPropagation.Of(one, new BatchRows([1e5]), null, NetworkLoss.MeanSquare);
        Assert.Equal((double.PositiveInfinity, 2 * (1e300 * 1e5)), (found.Loss, found.Deltas![0][0][0]));
        ExplicitLayer[] two = [new() { Weights = [[1e300], [-1e300]] }, new() { Weights = [[1, 1]] }];
        Assert.Equal("overflow", Assert.Throws<NotComputableException>(() => ExplicitNetwork.Forward(two, new BatchRows([1e10]))).Code);
        ExplicitLayer[] logits = [new() { Weights = [[1e300], [1]], Activation = Activation.Linear }];
        Assert.Equal("overflow", Assert.Throws<NotComputableException>(() => BackPropagation.Of(logits, new BatchRows([1e10]), new BatchRows([1.0]), NetworkLoss.CrossEntropy)).Code);
    }

    [Fact]
    public void Of_WhatDoesNotFit_IsRefused() =>
        Assert.Throws<InvalidInputException>(() => BackPropagation.Of([new() { Weights = [[1, 2]] }], new BatchRows([1.0]), null, NetworkLoss.MeanSquare));

    private static void Near(double[][] expected, double[][] found, string what)
    {
        Assert.Equal(expected.Length, found.Length);
        // Of a row the smallest entry may be what is left of larger ones; of probabilities that all but agree with their targets the rounding of 1 is left.
        for (var i = 0; i < expected.Length; i++)
        {
            var size = expected[i].Select(Math.Abs).Max();
            for (var j = 0; j < expected[i].Length; j++)
                Assert.True(Math.Abs(found[i][j] - expected[i][j]) <= 1e-14 * size + 1.2e-16, $"{what} [{i}][{j}]: {expected[i][j]:R}, was {found[i][j]:R}");
        }
    }
}
