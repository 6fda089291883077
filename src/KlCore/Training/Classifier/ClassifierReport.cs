using KlCore.Divergences;
using KlCore.Logits.Reports;
using KlCore.Training.Supervised;

namespace KlCore.Training.Classifier;

/// <summary>Judges a trained classifier, and writes its result and files.</summary>
internal static class ClassifierReport
{
    private const int Bins = 10;

    public static TrainingOutcome Write(ClassifierSpecification specification, TrainedNetwork trained, ClassLabels labels)
    {
        var judged = trained.Examples.Judged;
        int[] actual = [.. judged.Select(example => labels.Labels[example])];
        var logits = trained.Answers(judged);
        var probabilities = Array.ConvertAll(logits, ClassPrediction.Softmax);
        var crossEntropy = CrossEntropyOf(actual, logits);
        var matrix = Confusion(actual, probabilities, labels.Names.Count);
        var accuracy = (double)matrix.Select((row, index) => row[index]).Sum() / judged.Length;
        object[] classes = [.. labels.Names.Index().Select(name => ClassLabels.NameOf(labels.Names, labels.AreNumbers, name.Index))];
        ClassScore[] perClass = [.. classes.Select((name, index) => Score(name, matrix, index))];
        var result = new ClassifierResult
        {
            Examples = new ExampleCounts(trained.Examples.Training.Length, trained.Examples.HeldOut.Length),
            JudgedOn = trained.JudgedOn,
            Parameters = trained.Network.Parameters.Count,
            Epochs = trained.Epochs,
            BestEpoch = trained.BestEpoch,
            RestoredBest = trained.IsRestored,
            StoppedEarly = trained.IsStoppedEarly,
            History = trained.History.ToDictionary(),
            Warnings = [.. TrainingWarnings.Of(trained), .. WarningsOf(crossEntropy, classes.Length)],
            Classes = classes,
            Accuracy = accuracy,
            AccuracyInterval = Confidence.Wilson(accuracy, judged.Length),
            CrossEntropy = crossEntropy,
            Balance = BalanceOf(actual, probabilities, classes.Length),
            ConfusionMatrix = matrix,
            PerClass = perClass,
            MacroF1 = perClass.Where(score => score.Examples > 0).Average(score => score.F1 ?? 0),
            Calibration = CalibrationOf(actual, probabilities),
        };
        return new TrainingOutcome(result,
        [
            trained.ToFile(specification.Layers, ("classes", ReportJson.Text(labels.Names)), ("labels", labels.AreNumbers ? "numbers" : "names")),
            ReportJson.Report(result),
        ])
        {
            Scores = [new("crossEntropy", result.CrossEntropy.Value), new("accuracy", accuracy, true), new("macroF1", result.MacroF1, true), new("expectedCalibrationError", result.Calibration.ExpectedCalibrationError)],
        };
    }

    /// <summary>The mean of ln sum e^z - z_label, which no certainty overflows, with its standard error.</summary>
    internal static Measurement CrossEntropyOf(int[] actual, double[][] logits)
    {
        var losses = new double[actual.Length];
        for (var i = 0; i < losses.Length; i++)
        {
            double[] row = logits[i].Length == 1 ? [0, logits[i][0]] : logits[i];
            var largest = row.Max();
            losses[i] = Math.Log(row.Sum(logit => Math.Exp(logit - largest))) + largest - row[actual[i]];
        }

        return Measurement.MeanOf(losses);
    }

    private static IEnumerable<string> WarningsOf(Measurement crossEntropy, int classes)
    {
        if (crossEntropy.Value > Math.Log(classes)) yield return $"the cross-entropy is {crossEntropy.Value:G4}, above the {Math.Log(classes):G4} of giving every class the same probability";
    }

    internal static int[][] Confusion(int[] actual, double[][] probabilities, int classes)
    {
        var matrix = new int[classes][];
        for (var i = 0; i < classes; i++) matrix[i] = new int[classes];
        for (var i = 0; i < actual.Length; i++) matrix[actual[i]][Likeliest(probabilities[i])]++;
        return matrix;
    }

    internal static int Likeliest(double[] probabilities) => Array.IndexOf(probabilities, probabilities.Max());

    private static ClassScore Score(object name, int[][] matrix, int index)
    {
        var (right, taken, examples) = (matrix[index][index], matrix.Sum(row => row[index]), matrix[index].Sum());
        return new ClassScore(
            name, examples, taken == 0 ? null : (double)right / taken, examples == 0 ? null : (double)right / examples, taken + examples == 0 ? null : 2.0 * right / (taken + examples));
    }

    private static ClassBalance BalanceOf(int[] actual, double[][] probabilities, int classes)
    {
        var (p, q) = (new double[classes], new double[classes]);
        foreach (var label in actual) p[label] += 1.0 / actual.Length;
        for (var i = 0; i < classes; i++) q[i] = probabilities.Average(row => row[i]);
        var pair = Pair.From(p, q);
        return new ClassBalance(p, q, new Measurement(pair.Sweep.Forward, Method.Exact), new Measurement(pair.Sweep.Reverse, Method.Exact));
    }

    private static CalibrationResult CalibrationOf(int[] actual, double[][] probabilities)
    {
        var bins = new (int Count, double Confidence, int Right)[Bins];
        double brier = 0;
        for (var i = 0; i < actual.Length; i++)
        {
            var row = probabilities[i];
            var best = Likeliest(row);
            ref var bin = ref bins[Math.Min(Bins - 1, (int)(row[best] * Bins))];
            bin = (bin.Count + 1, bin.Confidence + row[best], bin.Right + (best == actual[i] ? 1 : 0));
            for (var j = 0; j < row.Length; j++) brier += Math.Pow(row[j] - (j == actual[i] ? 1 : 0), 2);
        }

        var error = bins.Sum(bin => Math.Abs(bin.Confidence - bin.Right)) / actual.Length;
        return new CalibrationResult(error, brier / actual.Length,
            [.. bins.Index().Where(bin => bin.Item.Count > 0).Select(bin => new CalibrationBin(
                (double)bin.Index / Bins, (bin.Index + 1.0) / Bins, bin.Item.Count, bin.Item.Confidence / bin.Item.Count, (double)bin.Item.Right / bin.Item.Count))]);
    }
}
