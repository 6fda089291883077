using System.Globalization;
using KlCore.Training.Optimization;

namespace KlCore.Training.Supervised;

/// <summary>What a training would take, estimated before it begins.</summary>
/// <param name="Parameters">Weights and biases.</param>
/// <param name="Seconds">Time on one core of moderate speed.</param>
/// <param name="Bytes">Memory.</param>
/// <param name="BatchSeconds">Time of a single batch, which nothing can interrupt.</param>
internal readonly record struct TrainingCost(long Parameters, double Seconds, double Bytes, double BatchSeconds)
{
    /// <summary>Operations a second on one core of moderate speed.</summary>
    public const double Speed = 2e10;

    private const double PerBatch = 5e-6, MaximumSeconds = 86_400, MaximumBytes = 2e9, MaximumBatchSeconds = 1;

    /// <summary>Forward and backward pass take 2 and 4 operations for each parameter and example.</summary>
    public static TrainingCost Of(SupervisedSpecification specification, int inputs, long examples)
    {
        var parameters = DenseNetwork.CountParameters(inputs, specification.Layers);
        var batch = Math.Clamp(specification.BatchSize, 1, Math.Max(1, examples));
        var seconds = specification.Epochs * (6.0 * parameters * examples / Speed + PerBatch * examples / batch);
        var widths = specification.Layers.Sum(layer => 3.0 * layer.Units) + inputs;
        var bytes = BytesPerParameter(specification.Optimizer) * parameters + 12.0 * inputs * examples + 4.0 * widths * Math.Max(batch, SupervisedRun.JudgedAtOnce);
        return new TrainingCost(parameters, seconds, bytes, 6.0 * parameters * batch / Speed);
    }

    /// <summary>Values, gradient, what the optimizer remembers, the best epoch's; twice more as doubles and bytes while they are saved.</summary>
    public static double BytesPerParameter(Optimizer optimizer) => 4.0 * (3 + optimizer.Slots) + 12.0 * (2 + optimizer.Slots);

    /// <summary>Adds a problem for what is too much, with the estimate.</summary>
    /// <param name="problems">Where to.</param>
    /// <param name="layers">The member of the specification that says how large the network is.</param>
    public void Check(Problems problems, string layers = "layers")
    {
        if (Bytes > MaximumBytes)
            problems.Add(layers, $"must need less memory: {Parameters:N0} weights and biases with what training keeps of them and of the examples take an estimated {Words(Bytes / 1e9)} GB, and {Words(MaximumBytes / 1e9)} GB are allowed");
        if (BatchSeconds > MaximumBatchSeconds)
            problems.Add("batchSize", $"must be smaller for {Parameters:N0} weights and biases: one batch takes an estimated {Words(BatchSeconds)} s, and {Words(MaximumBatchSeconds)} s is allowed");
        else if (Seconds > MaximumSeconds)
            problems.Add("epochs", $"must be fewer for so many examples and {Parameters:N0} weights and biases: the training takes an estimated {Words(Seconds / 3600)} hours, and {Words(MaximumSeconds / 3600)} are allowed");
    }

    private static string Words(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
