using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Text.Json.Serialization;

namespace KlCore.Training.Optimization;

/// <summary>
/// A rule that turns a gradient into a step: one sealed record for each, listed here by one attribute line. It keeps nothing itself;
/// what it remembers between steps lies in an <see cref="OptimizerState{T}"/>, which is saved with the run.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(StochasticGradient), "sgd")]
[JsonDerivedType(typeof(HeavyBall), "momentum")]
[JsonDerivedType(typeof(Nesterov), "nesterov")]
[JsonDerivedType(typeof(RootMeanSquare), "rmsprop")]
[JsonDerivedType(typeof(Adam), "adam")]
[JsonDerivedType(typeof(AdamW), "adamw")]
public abstract record Optimizer : IChecked
{
    /// <summary>The length of a step at its longest; the schedule shortens it. Without it 0.05 in a <c>density-fit</c>, and for networks 0.01, under rmsprop, adam and adamw 0.001.</summary>
    [Range(0, 1000, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LearningRate { get; init; }

    /// <summary>How the rate changes over the run; what null means is said by the kind of training.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Schedule? Schedule { get; init; }

    /// <inheritdoc/>
    public virtual void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        Schedule?.Check(problems.At("schedule"));
    }

    /// <summary>The rate that networks are usually trained with under this rule: what Keras takes.</summary>
    internal abstract double UsualRate { get; }

    /// <summary>How many numbers it remembers for each parameter.</summary>
    internal abstract int Slots { get; }

    /// <summary>Changes the parameters by one step against the gradient.</summary>
    /// <param name="rate">The length of this step.</param>
    /// <param name="gradient">The derivative of the loss with respect to each parameter.</param>
    /// <param name="parameters">Changed in place.</param>
    /// <param name="state">What is remembered; changed in place.</param>
    internal abstract void Update<T>(double rate, ReadOnlySpan<T> gradient, Span<T> parameters, OptimizerState<T> state)
        where T : unmanaged, IFloatingPointIeee754<T>;
}
