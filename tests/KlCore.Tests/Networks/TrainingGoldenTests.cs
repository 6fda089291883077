using System.Text.Json;
using KlCore.Networks;
using KlCore.Networks.Objectives;
using KlCore.Training.Optimization;

namespace KlCore.Tests.Networks;

/// <summary>Small classifiers in training, under every optimiser and with every activation, against PyTorch in doubles.</summary>
public class TrainingGoldenTests
{
    private const int Inputs = 20, Hidden = 33, Classes = 5, Rows = 17, Batches = 4;

    private static readonly Dictionary<string, Optimizer> Optimizers = new()
    {
        ["sgd"] = new StochasticGradient { LearningRate = 0.1 },
        ["momentum"] = new HeavyBall { LearningRate = 0.02 },
        ["nesterov"] = new Nesterov { LearningRate = 0.02 },
        ["rmsprop"] = new RootMeanSquare { LearningRate = 0.002 },
        ["adam"] = new Adam { LearningRate = 0.005 },
        ["adamw"] = new AdamW { LearningRate = 0.005, WeightDecay = 0.1 },
    };

    private static readonly Golden[] Cases =
        JsonSerializer.Deserialize<Golden[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "trainings.json")), JsonSerializerOptions.Web)!;

    public static TheoryData<int> All => [.. Enumerable.Range(0, Cases.Length)];

    [Theory]
    [MemberData(nameof(All))]
    public void Training_SameDataAndWeights_HasTheLossesOfPyTorch(int index)
    {
        var golden = Cases[index];
        var step = Training(Optimizers[golden.Optimizer], Enum.Parse<Activation>(golden.Activation, ignoreCase: true));
        for (var i = 0; i < golden.Losses.Length; i++)
        {
            // Floats begin a step 1e-7 off, and training carries that on: Adam's first steps have the full length whatever the gradient's size.
            Assert.Equal(golden.Losses[i], step(i), 1e-5 * golden.Losses[i]);
        }
    }

    [Fact]
    public void Step_AfterTheFirst_AllocatesNothing()
    {
        var step = Training(new Adam(), Activation.Gelu);
        step(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < 20; i++) step(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Func<int, double> Training(Optimizer optimizer, Activation activation)
    {
        var parameters = new Parameters();
        Dense first = new(parameters, "0", Inputs, Hidden, activation), second = new(parameters, "1", Hidden, Classes);
        parameters.Allocate();
        Uniform(3, Inputs * Hidden, u => (float)(u - 0.5)).CopyTo(first.Weights.Values);
        Uniform(4, Hidden * Classes, u => (float)(u - 0.5)).CopyTo(second.Weights.Values);
        var stack = new LayerStack(first, second);
        stack.Prepare(Rows);
        var x = Uniform(1, Rows * Batches * Inputs, u => (float)(4 * u - 2));
        var labels = Uniform(2, Rows * Batches, u => (int)(u * Classes));
        float[] logits = new float[Rows * Classes], gradient = new float[Rows * Classes];
        var descent = new Descent(parameters, optimizer);
        return i =>
        {
            var batch = i % Batches;
            var input = new Batch(x.AsSpan(batch * Rows * Inputs, Rows * Inputs), Rows, Inputs);
            Batch output = new(logits, Rows, Classes), slope = new(gradient, Rows, Classes);
            stack.Forward(input, output, new Pass(IsTraining: true));
            var loss = SoftmaxCrossEntropy.Evaluate(output, labels.AsSpan(batch * Rows, Rows), slope);
            stack.Backward(input, output, slope, default, wantsInputGradient: false);
            Assert.True(descent.Step(long.MaxValue));
            return loss;
        };
    }

    private static T[] Uniform<T>(ulong seed, int count, Func<double, T> convert)
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
        {
            var z = unchecked(seed * 0xD1342543DE82EF95UL + ((ulong)i + 1) * 0x9E3779B97F4A7C15UL);
            z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
            z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
            values[i] = convert(((z ^ (z >> 31)) >> 11) * (1.0 / 9007199254740992));
        }

        return values;
    }

    private sealed record Golden(string Optimizer, string Activation, double[] Losses);
}
