using System.Text.Json.Serialization;
using KlCore.Networks;

namespace KlCore.Training.Autoencoder;

/// <summary>
/// p(x | z): what the decoder's outputs say of the scaled columns, and so what a reconstruction costs. One sealed record for each, listed here by one
/// attribute line.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(BernoulliReconstruction), "bernoulli")]
[JsonDerivedType(typeof(GaussianReconstruction), "gaussian")]
public abstract record ReconstructionLoss : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>Whether the width of the noise is learnt.</summary>
    internal abstract bool LearnsNoise { get; }

    /// <summary>Whether scaled columns must lie from 0 to 1.</summary>
    internal abstract bool NeedsUnitInterval { get; }

    /// <summary>How columns are scaled unless told otherwise.</summary>
    internal abstract Scaling UsualScaling(bool isPicture);

    /// <summary>The logarithm of the noise's standard deviation with which training begins.</summary>
    internal abstract double InitialLogNoise { get; }

    /// <summary>The mean over the rows of -ln p(x | z), and its derivatives.</summary>
    /// <param name="outputs">What the decoder says.</param>
    /// <param name="targets">The scaled columns.</param>
    /// <param name="gradient">Receives the derivative with respect to the outputs, if it is not empty.</param>
    /// <param name="logNoise">ln of the noise's standard deviation.</param>
    /// <param name="noiseGradient">Receives the derivative with respect to that.</param>
    internal abstract double Evaluate(Batch outputs, Batch targets, Batch gradient, double logNoise, out double noiseGradient);

    /// <summary>Turns outputs into the mean of x, in place.</summary>
    internal abstract void ToMeans(Span<float> outputs);
}
