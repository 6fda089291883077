using KlCore.Training.Supervised;

namespace KlCore.Training.Regression;

/// <summary>Judges a trained regression, and writes its result and files.</summary>
internal static class RegressionReport
{
    private const int MaximumPoints = 400;

    public static TrainingOutcome Write(RegressionSpecification specification, TrainedNetwork trained, double[][] targets, ColumnScaling scaling)
    {
        var judged = trained.Examples.Judged;
        var outputs = Array.ConvertAll(trained.Answers(judged), row => Array.ConvertAll(row, value => (float)value));
        var answers = Array.ConvertAll(outputs, row => ValuePrediction.Mean(scaling, row));
        var actual = Array.ConvertAll(judged, example => targets[example]);
        var history = trained.History.ToDictionary();
        TargetScore[] scores = [.. specification.Data.TargetNames().Select((name, target) => Score(name, target, specification, actual, answers, outputs, scaling))];
        var shown = Math.Min(MaximumPoints, judged.Length);
        var losses = history[trained.Examples.HeldOut.Length > 0 ? "validationLoss" : "loss"];
        var result = new RegressionResult
        {
            Examples = new ExampleCounts(trained.Examples.Training.Length, trained.Examples.HeldOut.Length),
            JudgedOn = trained.JudgedOn,
            Parameters = trained.Network.Parameters.Count,
            Epochs = trained.Epochs,
            BestEpoch = trained.BestEpoch,
            RestoredBest = trained.IsRestored,
            StoppedEarly = trained.IsStoppedEarly,
            History = history,
            Warnings = [.. TrainingWarnings.Of(trained)],
            Loss = losses[trained.IsRestored ? trained.BestEpoch - 1 : ^1],
            Targets = scores,
            Points = new ForetoldPoints([.. actual[..shown].Select(row => row[0])], [.. answers[..shown].Select(row => row[0])]),
        };
        return new TrainingOutcome(result, [trained.ToFile(specification.Layers, ("targetScaling", scaling.ToJson()), ("targets", ReportJson.Text(specification.Data.TargetNames()))), ReportJson.Report(result)])
        {
            Scores = [new("loss", result.Loss), .. ScoresOf(scores)],
        };
    }

    private static IEnumerable<Score> ScoresOf(TargetScore[] targets)
    {
        yield return new("rootMeanSquaredError", targets.Average(target => target.RootMeanSquaredError.Value));
        yield return new("meanAbsoluteError", targets.Average(target => target.MeanAbsoluteError.Value));
        if (targets.All(target => target.RSquared is not null)) yield return new("rSquared", targets.Average(target => target.RSquared!.Value), true);
    }

    private static TargetScore Score(
        string name, int target, RegressionSpecification specification, double[][] actual, double[][] answers, float[][] outputs, ColumnScaling scaling)
    {
        double[] errors = [.. actual.Zip(answers, (t, y) => y[target] - t[target])];
        var mean = actual.Average(row => row[target]);
        var spread = actual.Sum(row => (row[target] - mean) * (row[target] - mean));
        var square = Measurement.MeanOf(Array.ConvertAll(errors, error => error * error));
        var root = Math.Sqrt(square.Value);
        // By the derivative of the root: half the error of the mean square over the root.
        var rootError = root > 0 ? square.StandardError / (2 * root) : square.StandardError;
        var score = new TargetScore(
            name, new Measurement(root, Method.Estimate, StandardError: rootError), Measurement.MeanOf(Array.ConvertAll(errors, Math.Abs)), Measurement.MeanOf(errors),
            spread > 0 ? 1 - square.Value * errors.Length / spread : null);
        if (!specification.HasVariance) return score;
        double[] deviations = [.. outputs.Select(row => ValuePrediction.Deviation(scaling, row)[target])];
        double[] standardised = [.. errors.Zip(deviations, (error, deviation) => error / deviation)];
        return score with
        {
            NegativeLogLikelihood = Measurement.MeanOf([.. standardised.Zip(deviations, (z, deviation) => 0.5 * Math.Log(2 * Math.PI) + Math.Log(deviation) + z * z / 2)]),
            Coverage95 = standardised.Count(z => Math.Abs(z) <= 1.959963984540054) / (double)errors.Length,
        };
    }
}
