using System.Globalization;

namespace KlCore.Training.Autoencoder;

/// <summary>What a training would take, estimated before it begins.</summary>
/// <param name="Parameters">Weights and biases.</param>
/// <param name="Seconds">Time on one core of moderate speed.</param>
/// <param name="Bytes">Memory.</param>
/// <param name="BatchSeconds">Time of a single batch, which nothing can interrupt.</param>
internal readonly record struct AutoencoderCost(double Parameters, double Seconds, double Bytes, double BatchSeconds)
{
    private const double Speed = 2e10, PerBatch = 2e-5, PerNumber = 3e-9, MaximumSeconds = 86_400, MaximumBytes = 2e9, MaximumBatchSeconds = 1;

    /// <summary>Forward and backward pass take 2 and 4 operations for each parameter and row.</summary>
    public static AutoencoderCost Of(AutoencoderSpecification specification, int width, long rows)
    {
        int[] widths = [width, .. specification.Encoder.Select(layer => layer.Units), 2 * specification.LatentSize];
        int[] back = [specification.LatentSize, .. specification.DecoderLayers.Select(layer => layer.Units), width];
        var parameters = Weights(widths) + Weights(back);
        var units = 3.0 * (widths.Sum(units => (double)units) + back.Sum(units => (double)units));
        var batch = Math.Min(specification.BatchSize, rows);
        var perRow = 6 * parameters / Speed + PerNumber * units;
        var seconds = specification.Epochs * (rows * perRow + PerBatch * rows / batch);
        var perParameter = 4.0 * (3 + specification.Optimizer.Slots) + 12.0 * (2 + specification.Optimizer.Slots);
        var bytes = perParameter * parameters + 12.0 * width * rows + 4 * units * Math.Max(batch, AutoencoderRun.JudgedAtOnce);
        return new(parameters, seconds, bytes, batch * perRow);
    }

    /// <summary>Adds a problem for what is too much, with the estimate.</summary>
    public void Check(Problems problems)
    {
        if (Bytes > MaximumBytes)
            problems.Add("encoder", $"must need less memory: {Words(Parameters)} weights and biases, with what training keeps of them and of the rows, take an estimated {Words(Bytes / 1e9)} GB, and {Words(MaximumBytes / 1e9)} GB are allowed");
        if (BatchSeconds > MaximumBatchSeconds)
            problems.Add("batchSize", $"must be smaller for {Words(Parameters)} weights and biases: one batch takes an estimated {Words(BatchSeconds)} s, and {Words(MaximumBatchSeconds)} s is allowed");
        else if (Seconds > MaximumSeconds)
            problems.Add("epochs", $"must be fewer for so many rows and {Words(Parameters)} weights and biases: the training takes an estimated {Words(Seconds / 3600)} hours, and {Words(MaximumSeconds / 3600)} are allowed");
    }

    private static double Weights(int[] widths) => Enumerable.Range(1, widths.Length - 1).Sum(i => (widths[i - 1] + 1.0) * widths[i]);

    private static string Words(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
