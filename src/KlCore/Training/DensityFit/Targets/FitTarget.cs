using System.Text.Json.Serialization;
using KlCore.Distributions;

namespace KlCore.Training.DensityFit;

/// <summary>
/// What the model is fitted to: a distribution (<c>{"family": …}</c>), points (<c>{"samples": […]}</c>), or columns of a stored dataset
/// (<c>{"dataset": "id", "columns": ["…"]}</c>). The field that is there says which.
/// </summary>
[JsonConverter(typeof(FitTargetConverter))]
[Shape("family", typeof(Distribution))]
[Shape("samples", typeof(SampleTarget))]
[Shape("dataset", typeof(DatasetTarget))]
public abstract record FitTarget : IChecked
{
    /// <inheritdoc/>
    public abstract void Check(Problems problems);

    /// <summary>How many coordinates a point has, or null while that is not known.</summary>
    internal abstract int? Dimension();

    /// <summary>The dataset that must be there.</summary>
    internal virtual DatasetColumns? Source() => null;

    /// <summary>Makes the target ready to be fitted to.</summary>
    internal abstract StandardTarget Prepare(ITrainingInputs inputs);
}
