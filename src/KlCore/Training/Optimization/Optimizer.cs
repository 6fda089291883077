using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace KlCore.Training.Optimization;

/// <summary>
/// A rule that turns a gradient into a step: one sealed record for each, listed here by one attribute line. It keeps nothing itself;
/// what it remembers between steps lies in an <see cref="OptimizerState"/>, which is saved with the run.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(StochasticGradient), "sgd")]
[JsonDerivedType(typeof(HeavyBall), "momentum")]
[JsonDerivedType(typeof(Adam), "adam")]
public abstract record Optimizer : IChecked
{
    /// <summary>The length of a step at its longest; the schedule shortens it.</summary>
    [Range(0, 1000, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 0.05;

    /// <summary>How the rate changes over the run; what null means is said by the kind of training.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Schedule? Schedule { get; init; }

    /// <inheritdoc/>
    public virtual void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        Schedule?.Check(problems.At("schedule"));
    }

    /// <summary>How many numbers it remembers for each parameter.</summary>
    internal abstract int Slots { get; }

    /// <summary>Changes the parameters by one step against the gradient.</summary>
    /// <param name="rate">The length of this step.</param>
    /// <param name="gradient">∂loss/∂parameters.</param>
    /// <param name="parameters">Changed in place.</param>
    /// <param name="state">What earlier steps left; changed in place.</param>
    internal abstract void Update(double rate, ReadOnlySpan<double> gradient, Span<double> parameters, OptimizerState state);
}
