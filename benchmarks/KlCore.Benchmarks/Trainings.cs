using KlCore.Networks;
using KlCore.Networks.Language;
using KlCore.Networks.Objectives;
using KlCore.Numerics;
using KlCore.Training.Optimization;

namespace KlCore.Benchmarks;

/// <summary>The trainings of the peers' script: the same data and, but for the transformer, the same first weights, so that the losses can be compared.</summary>
internal static class Trainings
{
    private static readonly Adam PeersAdam = new() { LearningRate = 1e-3, Epsilon = 1e-7 };

    public static void Run(int steps, int repetitions)
    {
        Measure("train_mlp", steps, repetitions, Classifier([100, 64, 10], 32, 1024));
        Measure("train_mlp_big", Math.Max(10, steps / 10), repetitions, Classifier([784, 512, 512, 10], 128, 2048));
        Measure("train_distill", steps, repetitions, Distillation());
        Measure("train_gpt", Math.Max(10, steps / 10), repetitions, Transformer());
    }

    // The value is the loss of the last step of the first call.
    private static void Measure(string workload, int steps, int repetitions, Func<int, double> step) => Bench.Run(workload, "engine", steps, repetitions, () =>
    {
        var loss = 0.0;
        for (var i = 0; i < steps; i++) loss = step(i);
        return loss;
    }, element: "f32");

    private static Func<int, double> Classifier(int[] sizes, int rows, int examples)
    {
        var (x, labels) = Data(examples, sizes[0], sizes[^1], 41);
        var (stack, parameters) = Network(sizes, 61, rows);
        FloatBuffer logits = new(rows * sizes[^1]), gradient = new(rows * sizes[^1]);
        var descent = new Descent(parameters, PeersAdam);
        return i =>
        {
            var first = i % (examples / rows) * rows;
            var input = new Batch(x.AsSpan(first * sizes[0], rows * sizes[0]), rows, sizes[0]);
            stack.Forward(input, logits.Rows(rows, sizes[^1]), new Pass(IsTraining: true));
            var loss = SoftmaxCrossEntropy.Evaluate(logits.Rows(rows, sizes[^1]), labels.AsSpan(first, rows), gradient.Rows(rows, sizes[^1]));
            stack.Backward(input, logits.Rows(rows, sizes[^1]), gradient.Rows(rows, sizes[^1]), default, wantsInputGradient: false);
            descent.Step(long.MaxValue);
            return loss;
        };
    }

    private static Func<int, double> Distillation()
    {
        const int rows = 32, examples = 1024;
        const double temperature = 2;
        var (x, _) = Data(examples, 100, 10, 41);
        var (teacher, _) = Network([100, 128, 10], 71, rows);
        var (student, parameters) = Network([100, 64, 10], 61, rows);
        FloatBuffer wanted = new(rows * 10), logits = new(rows * 10), gradient = new(rows * 10);
        var descent = new Descent(parameters, PeersAdam);
        return i =>
        {
            var input = new Batch(x.AsSpan(i % (examples / rows) * rows * 100, rows * 100), rows, 100);
            teacher.Forward(input, wanted.Rows(rows, 10), Pass.Inference);
            student.Forward(input, logits.Rows(rows, 10), new Pass(IsTraining: true));
            var loss = TemperedForward.Evaluate(wanted.Rows(rows, 10), logits.Rows(rows, 10), gradient.Rows(rows, 10), temperature);
            student.Backward(input, logits.Rows(rows, 10), gradient.Rows(rows, 10), default, wantsInputGradient: false);
            descent.Step(long.MaxValue);
            return loss;
        };
    }

    private static Func<int, double> Transformer()
    {
        const int sequences = 16, context = 64, vocabulary = 96, width = 64;
        var text = Array.ConvertAll(SplitMix.Uniform(45, 20_000), u => (int)(u * u * vocabulary));
        var parameters = new Parameters();
        var model = new Transformer(parameters, new TransformerShape(vocabulary, 2, width, 4, context, IsTied: false));
        parameters.Allocate();
        model.Initialize(new RandomStream(0, 0, "model"));
        model.Prepare(sequences);
        var batches = Enumerable.Range(0, 32).Select(i => Windows(text, new RandomStream(1, i, "batch"), sequences, context)).ToArray();
        FloatBuffer logits = new(sequences * context * vocabulary), gradient = new(sequences * context * vocabulary);
        var descent = new Descent(parameters, new AdamW { LearningRate = 1e-3, Epsilon = 1e-7 });
        return i =>
        {
            var (tokens, following) = batches[i % batches.Length];
            Batch output = logits.Rows(sequences * context, vocabulary), slope = gradient.Rows(sequences * context, vocabulary);
            model.Forward(tokens, sequences, output, new Pass(IsTraining: true));
            var loss = SoftmaxCrossEntropy.Evaluate(output, following, slope);
            model.Backward(tokens, output, slope);
            descent.Step(long.MaxValue);
            return loss;
        };
    }

    private static (int[] Tokens, int[] Following) Windows(int[] text, RandomStream stream, int sequences, int context)
    {
        var starts = Enumerable.Range(0, sequences).Select(_ => stream.NextIndex(19_000)).ToArray();
        return ([.. starts.SelectMany(start => text.Skip(start).Take(context))], [.. starts.SelectMany(start => text.Skip(start + 1).Take(context))]);
    }

    // The labels are what a linear rule says of the inputs.
    private static (float[] X, int[] Labels) Data(int examples, int inputs, int classes, ulong seed)
    {
        var x = Array.ConvertAll(SplitMix.Bell(seed, examples * inputs), value => (float)value);
        var rule = SplitMix.Bell(seed + 1, inputs * classes);
        var labels = new int[examples];
        var scores = new double[classes];
        for (var i = 0; i < examples; i++)
        {
            Array.Clear(scores);
            for (var j = 0; j < inputs; j++)
                for (var k = 0; k < classes; k++) scores[k] += x[i * inputs + j] * rule[j * classes + k];
            labels[i] = Array.IndexOf(scores, scores.Max());
        }

        return (x, labels);
    }

    private static (LayerStack Stack, Parameters Parameters) Network(int[] sizes, ulong seed, int rows)
    {
        var parameters = new Parameters();
        var layers = Enumerable.Range(0, sizes.Length - 1)
            .Select(i => new Dense(parameters, $"{i}", sizes[i], sizes[i + 1], i + 2 < sizes.Length ? Activation.Relu : Activation.Linear)).ToArray();
        parameters.Allocate();
        for (var i = 0; i < layers.Length; i++)
        {
            var (weights, root) = (SplitMix.Uniform(seed + (ulong)i, sizes[i] * sizes[i + 1]), Math.Sqrt(sizes[i]));
            for (var j = 0; j < weights.Length; j++) layers[i].Weights.Values[j] = (float)((2 * weights[j] - 1) / root);
        }

        var stack = new LayerStack(layers);
        stack.Prepare(rows);
        return (stack, parameters);
    }
}
