using System.Text.Json.Serialization;

namespace KlCore.Training.Autoencoder;

/// <summary>
/// How the weight of the KL grows to beta over the training, so that the decoder learns to listen to the latents before they have to be cheap: one sealed
/// record for each way, listed here by one attribute line.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(NoAnnealing), "none")]
[JsonDerivedType(typeof(LinearAnnealing), "linear")]
[JsonDerivedType(typeof(CyclicalAnnealing), "cyclical")]
public abstract record KlAnnealing : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>What beta is multiplied with: from 0 to 1.</summary>
    /// <param name="step">The batch about to train, from 0.</param>
    /// <param name="perEpoch">Batches of an epoch.</param>
    /// <param name="total">Batches of the whole run.</param>
    internal abstract double Share(long step, long perEpoch, long total);
}

/// <summary>The whole weight from the first step on.</summary>
public sealed record NoAnnealing : KlAnnealing
{
    internal override double Share(long step, long perEpoch, long total) => 1;
}
