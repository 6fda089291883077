using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Training.DensityFit;

/// <summary>
/// From samples: the mean of −ln q over them, or over a batch of them drawn anew at each step. The loss is that of the original
/// coordinates, in nats for each sample.
/// </summary>
internal sealed class LikelihoodGradient(StandardTarget target, int batchSize, long seed) : GradientEstimate
{
    private readonly Points _samples = target.Samples!;
    private readonly double _logDeterminant = target.Coordinates.LogDeterminant();

    public override double Evaluate(long step, MixtureDensity model, Span<double> gradient)
    {
        gradient.Clear();
        var random = batchSize < _samples.Count ? new RandomStream(seed, step, "batch") : null;
        var count = Math.Min(batchSize, _samples.Count);
        var loss = 0.0;
        for (var i = 0; i < count; i++)
        {
            var logDensity = model.LogDensity(_samples[random?.NextIndex(_samples.Count) ?? i]);
            model.AddParameterGradient(logDensity, -1.0 / count, gradient);
            loss -= logDensity / count;
        }

        return loss + _logDeterminant;
    }
}
