using KlCore.Formats;
using KlCore.Networks;
using KlCore.Numerics;

namespace KlCore.Training.Supervised;

/// <summary>Dense layers one after the other, as a specification lists them, with their parameters.</summary>
internal sealed class DenseNetwork
{
    private DenseNetwork(int inputs, Parameters parameters, LayerStack stack, int rows)
    {
        (Inputs, Parameters, Stack, MaximumRows) = (inputs, parameters, stack, rows);
        parameters.Allocate();
        stack.Prepare(rows);
    }

    /// <summary>How many numbers an example has.</summary>
    public int Inputs { get; }

    /// <summary>How many numbers it answers for each.</summary>
    public int Outputs => Stack.Outputs;

    /// <summary>What is learnt.</summary>
    public Parameters Parameters { get; }

    /// <summary>The layers.</summary>
    public LayerStack Stack { get; }

    /// <summary>How many rows a batch may have.</summary>
    public int MaximumRows { get; }

    /// <summary>A network with all parameters zero.</summary>
    /// <param name="inputs">How many numbers an example has.</param>
    /// <param name="layers">Its layers, at least one.</param>
    /// <param name="rows">How many rows a batch may have.</param>
    /// <param name="hasLinearEnd">Whether the last activation is left to the loss, which then works on the weighted sums: softmax and sigmoid lose no digits so.</param>
    public static DenseNetwork Of(int inputs, IReadOnlyList<DenseLayer> layers, int rows, bool hasLinearEnd)
    {
        var parameters = new Parameters();
        var stack = new List<Layer>();
        var width = inputs;
        for (var i = 0; i < layers.Count; i++)
        {
            var activation = hasLinearEnd && i == layers.Count - 1 ? Activation.Linear : layers[i].Activation;
            stack.Add(new Dense(parameters, $"{i}", width, layers[i].Units, activation));
            width = layers[i].Units;
            if (layers[i].Dropout > 0) stack.Add(new Dropout($"dropout {i}", width, layers[i].Dropout));
        }

        return new DenseNetwork(inputs, parameters, new LayerStack([.. stack]), rows);
    }

    /// <summary>Gives the parameters the values with which training begins.</summary>
    public void Initialize(long seed) => Stack.Initialize(new RandomStream(seed, 0, "initial weights"));

    /// <summary>Reads the parameters of a model file.</summary>
    public void Load(ReadOnlyMemory<byte> file) => Parameters.Load(SafeTensors.Read(file));

    /// <summary>How many weights and biases such a network has.</summary>
    public static long CountParameters(int inputs, IReadOnlyList<DenseLayer> layers)
    {
        long count = 0, width = inputs;
        foreach (var layer in layers)
        {
            count += (width + 1) * layer.Units;
            width = layer.Units;
        }

        return count;
    }

    /// <summary>What the trained network answers for some rows.</summary>
    /// <param name="rows">Any number of rows, scaled as those in training were.</param>
    /// <param name="consume">Receives the index of the first row and the outputs of some rows from there on; may change them.</param>
    public void Run(Batch rows, Action<int, Batch> consume)
    {
        var output = new FloatBuffer(MaximumRows * Outputs);
        for (var from = 0; from < rows.Rows; from += MaximumRows)
        {
            var count = Math.Min(MaximumRows, rows.Rows - from);
            var some = output.Rows(count, Outputs);
            Stack.Forward(new Batch(rows.Values.Slice(from * Inputs, count * Inputs), count, Inputs), some, Pass.Inference);
            consume(from, some);
        }
    }
}
