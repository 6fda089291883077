using System.Text.Json.Serialization;
using KlCore.Training.Classifier;

namespace KlCore.Training.Distillation;

/// <summary>
/// Whom the student learns from: the model of an earlier job (<c>{"job": "id"}</c>), a network written out (<c>{"layers": […]}</c>), or stored logits
/// with a row for each example (<c>{"baseline": "name"}</c>). The field that is there says which.
/// </summary>
[JsonConverter(typeof(ShapeConverter<Teacher>))]
[Shape("job", typeof(JobTeacher))]
[Shape("layers", typeof(ExplicitTeacher))]
[Shape("baseline", typeof(BaselineTeacher))]
public abstract record Teacher : IChecked
{
    /// <inheritdoc/>
    public abstract void Check(Problems problems);

    /// <summary>How many weights and biases it has; null where only its answers are known.</summary>
    internal abstract long? CountParameters(ITrainingInputs inputs);

    /// <summary>Its logits for each example, a row of one for each class; null after adding why there are none.</summary>
    /// <param name="rows">The inputs of the examples, as they are in the data.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="source">The columns that the data reads, where it is a dataset.</param>
    /// <param name="inputs">Where earlier jobs and stored logits are found.</param>
    /// <param name="problems">Where failures go, seen from the teacher.</param>
    internal abstract float[][]? Logits(double[][] rows, ClassLabels labels, DatasetColumns? source, ITrainingInputs inputs, Problems problems);

    /// <summary>What a reader of the result should know about it beside this student.</summary>
    internal virtual IEnumerable<string> Cautions(DistillationSpecification student, ITrainingInputs inputs) => [];

    /// <summary>Says at submission what would keep its logits from being found.</summary>
    internal virtual void CheckInputs(ITrainingInputs inputs, int classes, long? rows, Problems problems)
    {
    }
}
