using KlCore.Divergences;
using KlCore.Logits.Reports;
using KlCore.Training.Classifier;
using KlCore.Training.Supervised;

namespace KlCore.Training.Distillation;

/// <summary>Sets a student beside its teacher, and writes the result and files.</summary>
internal static class DistillationReport
{
    private static readonly Interpretation Logits = new() { Input = InputKind.Logits };

    public static TrainingOutcome Write(DistillationSpecification specification, TrainedNetwork trained, ClassLabels labels, float[][] teacher, long? teacherParameters, IReadOnlyList<string> cautions)
    {
        var judged = trained.Examples.Judged;
        int[] actual = [.. judged.Select(example => labels.Labels[example])];
        var students = trained.Answers(judged);
        var teachers = Array.ConvertAll(judged, example => Array.ConvertAll(teacher[example], logit => (double)logit));
        var (p, q) = (Array.ConvertAll(teachers, ClassPrediction.Softmax), Array.ConvertAll(students, ClassPrediction.Softmax));
        Pair[] pairs = [.. teachers.Zip(students, (t, s) => Pair.From(t, s, Logits))];
        double Share(Func<int, bool> isSo) => (double)Enumerable.Range(0, judged.Length).Count(isSo) / judged.Length;
        Measurement Mean(Func<Pair, double> measure) => Measurement.MeanOf(Array.ConvertAll(pairs, pair => measure(pair)));
        var accuracy = Share(i => ClassifierReport.Likeliest(q[i]) == actual[i]);
        var agreement = Share(i => ClassifierReport.Likeliest(q[i]) == ClassifierReport.Likeliest(p[i]));
        var result = new DistillationResult
        {
            Examples = new ExampleCounts(trained.Examples.Training.Length, trained.Examples.HeldOut.Length),
            JudgedOn = trained.JudgedOn,
            Parameters = trained.Network.Parameters.Count,
            Epochs = trained.Epochs,
            BestEpoch = trained.BestEpoch,
            RestoredBest = trained.IsRestored,
            StoppedEarly = trained.IsStoppedEarly,
            History = trained.History.ToDictionary(),
            Warnings = [.. cautions, .. TrainingWarnings.Of(trained)],
            Classes = [.. labels.Names.Index().Select(name => ClassLabels.NameOf(labels.Names, labels.AreNumbers, name.Index))],
            Accuracy = accuracy,
            AccuracyInterval = Confidence.Wilson(accuracy, judged.Length),
            TeacherAccuracy = Share(i => ClassifierReport.Likeliest(p[i]) == actual[i]),
            Agreement = agreement,
            AgreementInterval = Confidence.Wilson(agreement, judged.Length),
            Forward = Mean(pair => pair.Sweep.Forward),
            Reverse = Mean(pair => pair.Sweep.Reverse),
            JensenShannon = Mean(pair => Divergences.JensenShannon.Sum(pair, 0.5)),
            CrossEntropy = ClassifierReport.CrossEntropyOf(actual, students),
            Entropy = new EntropyPair(Measurement.MeanOf(Array.ConvertAll(p, EntropyOf)), Measurement.MeanOf(Array.ConvertAll(q, EntropyOf))),
            ConfusionMatrix = ClassifierReport.Confusion(actual, q, labels.Names.Count),
            TeacherParameters = teacherParameters,
            Compression = teacherParameters / (double)trained.Network.Parameters.Count,
        };
        return new TrainingOutcome(result,
        [
            trained.ToFile(specification.Layers, ("classes", ReportJson.Text(labels.Names)), ("labels", labels.AreNumbers ? "numbers" : "names")),
            ReportJson.Report(result),
        ])
        {
            Scores =
            [
                new("forward", result.Forward.Value), new("reverse", result.Reverse.Value), new("jensenShannon", result.JensenShannon.Value), new("accuracy", accuracy, true),
                new("agreement", agreement, true), new("crossEntropy", result.CrossEntropy.Value),
            ],
        };
    }

    private static double EntropyOf(double[] row) => -row.Sum(share => share == 0 ? 0 : share * Math.Log(share)) + 0.0;
}
