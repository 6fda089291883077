using KlCore.Training.Classifier;
using KlCore.Training.Supervised;

namespace KlCore.Training.Distillation;

/// <summary>The model of an earlier job that tells classes apart; its own scaling is applied to the inputs.</summary>
public sealed record JobTeacher : Teacher
{
    /// <summary>The id of a job of kind <c>classifier</c> or <c>distillation</c> that succeeded.</summary>
    public required string Job { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        if (Job.Length == 0) problems.Add("job", "must be the id of a job, was empty");
    }

    internal override void CheckInputs(ITrainingInputs inputs, int classes, long? rows, Problems problems) => Find(inputs, classes, problems);

    internal override IEnumerable<string> Cautions(DistillationSpecification student, ITrainingInputs inputs)
    {
        if (inputs.FindTraining(Job)?.Specification is not ClassSpecification teacher) yield break;
        var areSame = (teacher.Seed, teacher.ValidationFraction, teacher.Stratified) == (student.Seed, student.ValidationFraction, student.Stratified) && Origin(teacher) == Origin(student);
        if (!areSame)
            yield return "the teacher was trained with another seed, another validationFraction or other data: it may have learnt from examples that are held out here, and be surer of them than of others";
    }

    internal override long? CountParameters(ITrainingInputs inputs)
    {
        if (inputs.FindTraining(Job)?.Artifact(TrainedNetwork.FileName) is not { } file) return null;
        return Formats.SafeTensors.Read(file).Values.Sum(tensor => (long)tensor.Values.Length);
    }

    internal override float[][]? Logits(double[][] rows, ClassLabels labels, DatasetColumns? source, ITrainingInputs inputs, Problems problems)
    {
        if (Find(inputs, labels.Names.Count, problems) is not { } found) return null;
        try
        {
            var (logits, metadata) = PredictionInputs.Ask(rows, found.Specification.Layers, hasLinearEnd: true, found.Training);
            var names = ReportJson.Read<string[]>(metadata["classes"]);
            if (names.SequenceEqual(labels.Names)) return logits;
            problems.Add("job", $"must tell the same classes apart in the same order: {string.Join(", ", names.Take(10))} against {string.Join(", ", labels.Names.Take(10))} of the data");
        }
        catch (InvalidInputException failure)
        {
            problems.Add("job", failure.Problems.ByPointer().Values.First()[0]);
        }

        return null;
    }

    // What decides, with the seed, which examples are held out; of examples within a request it is not known.
    private static (string Dataset, string Label)? Origin(ClassSpecification specification) => specification.Data is ClassDataset data ? (data.Dataset, data.Label) : null;

    private (ClassSpecification Specification, FinishedTraining Training)? Find(ITrainingInputs inputs, int classes, Problems problems)
    {
        if (inputs.FindTraining(Job) is not { } training) problems.Add("job", "must be the id of a job that has succeeded, there is none with this id");
        else if (training.Specification is not ClassSpecification { IsBinary: false } specification)
            problems.Add("job", "must be a job of kind classifier or distillation whose last layer is a softmax over the classes");
        else if (specification.Layers[^1].Units != classes) problems.Add("job", $"must tell {classes} classes apart, as the student does; it tells {specification.Layers[^1].Units}");
        else return (specification, training);
        return null;
    }
}
