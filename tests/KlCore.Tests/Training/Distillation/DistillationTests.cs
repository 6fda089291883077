using System.Text.Json;
using KlCore.Tests.Training.DensityFit;
using KlCore.Tests.Training.Supervised;
using KlCore.Training;
using KlCore.Training.Distillation;
using KlCore.Training.Supervised;

namespace KlCore.Tests.Training.Distillation;

public class DistillationTests
{
    private const string Student = """[ { "units": 4, "activation": "relu" }, { "units": 3, "activation": "softmax" } ]""";

    // The log-odds of the centres under equal spherical classes, up to a factor.
    private const string Teacher = """{ "layers": [ { "weights": [[0, 0, 0], [3, 0, 0], [0, 3, 0]], "bias": [0, -304.5, -304.5], "activation": "softmax" } ] }""";

    [Theory]
    [InlineData("forward-kl")]
    [InlineData("reverse-kl")]
    [InlineData("jensen-shannon")]
    [InlineData("skew-forward")]
    [InlineData("skew-reverse")]
    [InlineData("mean-squared-error")]
    public void Student_OfAWrittenTeacher_AnswersAsItDoes(string loss)
    {
        var result = new Blobs().Run<DistillationResult>(Job(loss));
        Assert.True(result.Agreement > 0.9, $"{result.Agreement}");
        Assert.True(result.JensenShannon.Value < 0.1, $"{result.JensenShannon}");
        Assert.True(result.Forward.Value >= 0 && result.Forward.StandardError > 0 && result.Reverse.Value >= 0);
        Assert.Equal((12, 31), (result.TeacherParameters, result.Parameters));
        Assert.Equal(12.0 / 31, result.Compression!.Value, 12);
        Assert.InRange(result.Accuracy, result.AccuracyInterval[0], result.AccuracyInterval[1]);
    }

    [Fact]
    public void Student_OfAClassifierJob_ReadsItsModelAndScaling()
    {
        var blobs = new Blobs();
        var inputs = new WithJob(blobs, blobs.Start(Blobs.Job()));
        var json = Job("forward-kl", """{ "job": "teacher" }""");
        var result = (DistillationResult)Blobs.Finish(Fits.Read(json).Start(inputs)).Result;
        Assert.True(result.TeacherAccuracy > 0.9 && result.Agreement > 0.9, $"{result.TeacherAccuracy} {result.Agreement}");
        Assert.Equal(3 * 16 + 16 + 16 * 3 + 3, result.TeacherParameters);
    }

    /// <summary>Only where data and division are the same has the teacher not seen what is held out from the student.</summary>
    [Theory]
    [InlineData("\"seed\": 3", "\"seed\": 3", false)]
    [InlineData("\"seed\": 3", "\"seed\": 4", true)]
    [InlineData("\"blobs\"", "\"others\"", true)]
    [InlineData("\"epochs\": 12", "\"epochs\": 12, \"validationFraction\": 0.3", true)]
    public void Cautions_UnlessTheTeacherHeldOutTheSame_SaySo(string same, string other, bool areThere)
    {
        var student = (DistillationSpecification)Fits.Read(Job("forward-kl", """{ "job": "teacher" }""").Replace("\"seed\": 2", "\"seed\": 3", StringComparison.Ordinal));
        var teacher = Fits.Read(Blobs.Job().Replace(same, other, StringComparison.Ordinal));
        Assert.Equal(areThere, student.Teacher.Cautions(student, new Known(new FinishedTraining(teacher, default, _ => null))).Any());
    }

    [Theory]
    [InlineData("forward-kl")]
    [InlineData("top-k\", \"k\": 2, \"tail\": \"bucket")]
    public void Restore_AtAnyStep_ContinuesToTheLastBit(string loss)
    {
        var inputs = new Blobs(60);
        var json = Job(loss).Replace("\"epochs\": 40", "\"epochs\": 3, \"labelWeight\": 0.2", StringComparison.Ordinal);
        var undisturbed = Blobs.Everything(inputs.Start(json));
        foreach (var cut in new[] { 1, 5, 7 })
        {
            var first = inputs.Start(json);
            for (var i = 0; i < cut; i++) first.Step();
            var second = inputs.Start(json);
            second.Restore(first.Save());
            Assert.Equal(undisturbed, Blobs.Everything(second));
        }
    }

    [Theory]
    [InlineData("forward-kl")]
    [InlineData("reverse-kl")]
    [InlineData("jensen-shannon")]
    [InlineData("skew-forward")]
    [InlineData("skew-reverse")]
    public void Batches_OfAFastLoss_AllocateNothing(string loss)
    {
        var run = (SupervisedRun)new Blobs().Start(Job(loss).Replace("\"epochs\": 40", "\"labelWeight\": 0.5, \"clipNorm\": 1, \"l2\": 0.001", StringComparison.Ordinal));
        int[] chosen = [0, 3, 5, 7, 8, 13, 14, 20];
        double measure = 0;
        for (var i = 0; i < 50; i++) run.TrainBatch(chosen, ref measure);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) run.TrainBatch(chosen, ref measure);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void LearningRate_FarTooLarge_Diverges()
    {
        var run = new Blobs().Start(Job("mean-squared-error").Replace("0.02", "900", StringComparison.Ordinal).Replace("\"adam\"", "\"sgd\"", StringComparison.Ordinal));
        Assert.Throws<TrainingDivergedException>(() => Blobs.Finish(run));
    }

    [Theory]
    [InlineData(Teacher, """{ "layers": [] }""", "/teacher/layers")]
    [InlineData("[0, 3, 0]]", "[0, 3, 0], [0, 0, 0]]", "/teacher/layers/0/bias")]
    [InlineData("\"softmax\" } ] }", "\"relu\" } ] }", "/teacher/layers/0/activation")]
    [InlineData(Teacher, """{ "layers": [ { "weights": [[0, 0, 0], [3, 0, 0]] } ] }""", "/teacher/layers/0/weights")]
    [InlineData(Teacher, """{ "layers": [ { "weights": [[0, 0], [3, 0], [0, 3]] } ] }""", "/teacher/layers/0/weights")]
    [InlineData(Teacher, """{ "job": "none" }""", "/teacher/job")]
    [InlineData(Teacher, """{ "job": "" }""", "/teacher/job")]
    [InlineData(Teacher, """{ "baseline": "none" }""", "/teacher/baseline")]
    [InlineData("\"temperature\": 1", "\"temperature\": 0", "/temperature")]
    [InlineData("\"temperature\": 1", "\"labelWeight\": 2", "/labelWeight")]
    [InlineData("\"name\": \"forward-kl\"", "\"name\": \"skew-forward\", \"lambda\": 2", "/loss/lambda")]
    public void Specification_ThatCannotBeRun_SaysWhere(string right, string wrong, string pointer)
    {
        var json = Job("forward-kl");
        Assert.Contains(right, json, StringComparison.Ordinal);
        var problems = new Problems();
        var specification = JsonSerializer.Deserialize<TrainingSpecification>(json.Replace(right, wrong, StringComparison.Ordinal), Fits.Json)!;
        specification.Check(problems);
        if (!problems.Any) specification.CheckInputs(new Blobs(), problems);
        Assert.Contains(pointer, problems.ByPointer().Keys);
    }

    private static string Job(string loss, string teacher = Teacher) => $$"""
        { "kind": "distillation", "seed": 2, "data": { "dataset": "blobs", "label": "label" }, "teacher": {{teacher}}, "layers": {{Student}},
          "loss": { "name": "{{loss}}" }, "temperature": 1, "optimizer": { "name": "adam", "learningRate": 0.02 }, "epochs": 40, "batchSize": 10 }
        """;

    private sealed class Known(FinishedTraining training) : ITrainingInputs
    {
        public double[][] Rows(DatasetColumns columns) => throw new InvalidInputException("dataset", "There are no datasets.");

        public FinishedTraining? FindTraining(string job) => training;
    }

    private sealed class WithJob(Blobs blobs, TrainingRun teacher) : ITrainingInputs
    {
        private readonly TrainingOutcome _outcome = Blobs.Finish(teacher);

        public double[][] Rows(DatasetColumns columns) => blobs.Rows(columns);

        public DatasetFacts? FindDataset(string id) => blobs.FindDataset(id);

        public FinishedTraining? FindTraining(string job) =>
            new(Fits.Read(Blobs.Job()), default, name => _outcome.Artifacts.First(artifact => artifact.Name == name).Content);
    }
}
