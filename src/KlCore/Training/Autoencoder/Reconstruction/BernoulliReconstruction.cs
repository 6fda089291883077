using KlCore.Networks;
using KlCore.Networks.Objectives;

namespace KlCore.Training.Autoencoder;

/// <summary>
/// Each column is the probability of a yes: -ln p = -sum x ln s(y) + (1 - x) ln(1 - s(y)) with s(y) = 1 / (1 + e^-y), the binary cross-entropy. The usual
/// choice for pixels; of columns strictly between 0 and 1 it is a pseudo-likelihood, no density.
/// </summary>
/// <remarks>Kingma and Welling, Auto-encoding variational Bayes, ICLR 2014, appendix C.</remarks>
public sealed record BernoulliReconstruction : ReconstructionLoss
{
    internal override bool LearnsNoise => false;

    internal override bool NeedsUnitInterval => true;

    internal override double InitialLogNoise => 0;

    internal override Scaling UsualScaling(bool isPicture) => isPicture ? Scaling.CommonRange : Scaling.MinimumMaximum;

    internal override double Evaluate(Batch outputs, Batch targets, Batch gradient, double logNoise, out double noiseGradient)
    {
        noiseGradient = 0;
        return BinaryCrossEntropy.Evaluate(outputs, targets, gradient);
    }

    internal override void ToMeans(Span<float> outputs)
    {
        foreach (ref var output in outputs) output = (float)ActivationFunctions.Value(Activation.Sigmoid, output);
    }
}
