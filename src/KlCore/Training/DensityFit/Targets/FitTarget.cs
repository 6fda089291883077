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

    /// <summary>Roughly how many multiplications one evaluation of its density takes; 0 while that is not known.</summary>
    internal abstract double Work();

    /// <summary>What the coordinates are called, if they have names.</summary>
    internal virtual IReadOnlyList<string>? CoordinateNames() => null;

    /// <summary>The dataset that must be there.</summary>
    internal virtual DatasetColumns? Source() => null;

    /// <summary>Adds a problem if the objective has no finite value for such a target.</summary>
    internal virtual void CheckObjective(Objective objective, Problems problems)
    {
    }

    /// <summary>Makes the target ready to be fitted to.</summary>
    internal abstract StandardTarget Prepare(ITrainingInputs inputs);

    /// <summary>Adds a problem if there are no coordinates in which the target has mean 0 and covariance 1.</summary>
    private protected static void CheckCoordinates(Func<Moments> moments, Problems problems)
    {
        try
        {
            Coordinates.Of(moments(), "");
        }
        catch (InvalidInputException failure)
        {
            problems.Add(failure.Problems.ByPointer().Values.First()[0]);
        }
    }
}
