using KlCore.Formats;

namespace KlCore.Training.Supervised;

/// <summary>What each epoch was like: means over its batches as they were when they trained, and over the held-out examples at its end.</summary>
internal sealed class EpochHistory(string measure, bool isJudged)
{
    private readonly double[] _training = new double[3];
    private readonly double[] _heldOut = new double[3];
    private readonly List<double> _values = [];

    /// <summary>What is told of each epoch.</summary>
    public IReadOnlyList<string> Names { get; } =
        isJudged ? ["loss", measure, "validationLoss", "validation" + char.ToUpperInvariant(measure[0]) + measure[1..]] : ["loss", measure];

    /// <summary>How many epochs are over.</summary>
    public int Epochs => _values.Count / Names.Count;

    /// <summary>The loss by which the last epoch is judged.</summary>
    public double Decisive => _values[^2];

    /// <summary>One value in all epochs.</summary>
    public double[] Of(int name) => [.. Enumerable.Range(0, Epochs).Select(epoch => _values[epoch * Names.Count + name])];

    /// <summary>All values in all epochs by name, as Keras' <c>History.history</c> has them.</summary>
    public Dictionary<string, double[]> ToDictionary() => Names.Index().ToDictionary(name => name.Item, name => Of(name.Index));

    /// <summary>Notes a batch that trained.</summary>
    public void Trained(int count, double meanLoss, double measureSum) => Add(_training, count, meanLoss, measureSum);

    /// <summary>Notes some held-out examples.</summary>
    public void Judged(int count, double meanLoss, double measureSum) => Add(_heldOut, count, meanLoss, measureSum);

    /// <summary>Closes the epoch and gives its values by name.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> EndEpoch()
    {
        double[] values = isJudged
            ? [_training[1] / _training[0], _training[2] / _training[0], _heldOut[1] / _heldOut[0], _heldOut[2] / _heldOut[0]]
            : [_training[1] / _training[0], _training[2] / _training[0]];
        _values.AddRange(values);
        Array.Clear(_training);
        Array.Clear(_heldOut);
        return [.. Names.Zip(values, KeyValuePair.Create)];
    }

    /// <summary>Its state as tensors for a checkpoint.</summary>
    public IEnumerable<Tensor> Save() => [new Tensor("history", [.. _values]), new Tensor("history.training", [.. _training]), new Tensor("history.heldOut", [.. _heldOut])];

    /// <summary>Continues from tensors that <see cref="Save"/> gave.</summary>
    public void Restore(Checkpoint checkpoint, int epochs)
    {
        var values = new double[epochs * Names.Count];
        checkpoint.Read("history", values);
        _values.Clear();
        _values.AddRange(values);
        checkpoint.Read("history.training", _training);
        checkpoint.Read("history.heldOut", _heldOut);
    }

    private static void Add(double[] sums, int count, double meanLoss, double measureSum)
    {
        sums[0] += count;
        sums[1] += count * meanLoss;
        sums[2] += measureSum;
    }
}
