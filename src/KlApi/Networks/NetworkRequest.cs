using KlApi.Host;
using KlCore;
using KlCore.Networks.Explicit;

namespace KlApi.Networks;

/// <summary>A network and what goes into it.</summary>
public abstract record NetworkRequest
{
    /// <summary>The layers, from the input to the output.</summary>
    public required IReadOnlyList<ExplicitLayer> Layers { get; init; }

    /// <summary>The examples, one row each; a single one may be given as plain numbers.</summary>
    public required BatchRows Inputs { get; init; }

    /// <summary>Refuses more work, or a longer answer, than one request may ask for.</summary>
    /// <param name="limits">What is allowed.</param>
    /// <param name="passes">How often each weight is multiplied for a row: once forward, twice more backward.</param>
    /// <param name="copies">How many numbers are answered for each weight.</param>
    internal void CheckSize(Limits limits, int passes, int copies)
    {
        var rows = Inputs.Rows.Length;
        var weights = ExplicitNetwork.Multiplications(Layers);
        var numbers = (double)rows * Layers.Sum(layer => (double)layer.Weights.Length) * (passes == 1 ? 2 : 3) + (double)copies * weights;
        var multiplications = (double)passes * rows * weights;
        if (multiplications > limits.NetworkMultiplications)
            throw new TooCostlyException($"{rows} rows through {weights} weights make {multiplications:0} multiplications, and at most {limits.NetworkMultiplications} are done at once. {Instead}");
        if (numbers > limits.NetworkNumbers)
            throw new TooCostlyException($"The answer would hold {numbers:0} numbers, and at most {limits.NetworkNumbers} are answered. {Instead}");
    }

    private const string Instead = "Jobs of kind classifier and regression (POST /v1/jobs) train networks of such a size.";
}

/// <summary>One layer on the way forward.</summary>
/// <param name="PreActivations">z = W x + b, one row for each row of inputs.</param>
/// <param name="Activations">a = activation(z).</param>
public sealed record ForwardLayer(double[][] PreActivations, double[][] Activations);
