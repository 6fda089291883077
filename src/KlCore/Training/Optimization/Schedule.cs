using System.Text.Json.Serialization;

namespace KlCore.Training.Optimization;

/// <summary>How the learning rate changes over a run: one sealed record for each way, listed here by one attribute line.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(ConstantSchedule), "constant")]
[JsonDerivedType(typeof(StepSchedule), "step")]
[JsonDerivedType(typeof(ExponentialSchedule), "exponential")]
[JsonDerivedType(typeof(CosineSchedule), "cosine")]
[JsonDerivedType(typeof(WarmUpSchedule), "warm-up")]
public abstract record Schedule : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>What the learning rate is multiplied with: from 0 to 1.</summary>
    /// <param name="step">The step about to be taken, from 0.</param>
    /// <param name="total">How many there are in all.</param>
    public abstract double Multiplier(long step, long total);
}
