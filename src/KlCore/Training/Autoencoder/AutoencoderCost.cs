using KlCore.Training.Supervised;

namespace KlCore.Training.Autoencoder;

/// <summary>What the training of an autoencoder would take, estimated before it begins.</summary>
internal static class AutoencoderCost
{
    private const double PerBatch = 2e-5, PerNumber = 3e-9;

    /// <summary>Forward and backward pass take 2 and 4 operations for each parameter and row.</summary>
    public static TrainingCost Of(AutoencoderSpecification specification, int width, long rows)
    {
        int[] widths = [width, .. specification.Encoder.Select(layer => layer.Units), 2 * specification.LatentSize];
        int[] back = [specification.LatentSize, .. specification.DecoderLayers.Select(layer => layer.Units), width];
        var parameters = Weights(widths) + Weights(back);
        var units = 3.0 * (widths.Sum(units => (double)units) + back.Sum(units => (double)units));
        var batch = Math.Min(specification.BatchSize, rows);
        var perRow = 6.0 * parameters / TrainingCost.Speed + PerNumber * units;
        var seconds = specification.Epochs * (rows * perRow + PerBatch * rows / batch);
        var bytes = TrainingCost.BytesPerParameter(specification.Optimizer) * parameters + 12.0 * width * rows + 4 * units * Math.Max(batch, AutoencoderRun.JudgedAtOnce);
        return new(parameters, seconds, bytes, batch * perRow);
    }

    private static long Weights(int[] widths) => Enumerable.Range(1, widths.Length - 1).Sum(i => (widths[i - 1] + 1L) * widths[i]);
}
