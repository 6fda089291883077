using System.Globalization;
using System.Text.Json;
using KlCore.Networks;
using KlCore.Numerics;
using KlCore.Tests.Training.DensityFit;
using KlCore.Training;
using KlCore.Training.Regression;

namespace KlCore.Tests.Training.Supervised;

public class RegressionTests
{
    private const string Layers = """[ { "units": 24, "activation": "tanh" }, { "units": 1 } ]""";

    [Theory]
    [InlineData("mean-squared-error")]
    [InlineData("mean-absolute-error")]
    [InlineData("huber")]
    public void Regression_OnASmoothCurve_FollowsIt(string loss)
    {
        var result = Run(Job(loss, Layers, 0.05));
        // Noise of standard deviation 0.05 * 100 cannot be foretold; the curve has an amplitude of 100.
        Assert.InRange(result.Targets[0].RootMeanSquaredError.Value, 3, 12);
        Assert.True(result.Targets[0].RSquared > 0.97, $"{result.Targets[0]}");
        Assert.Equal(result.History["validationMeanAbsoluteError"][^1], result.Targets[0].MeanAbsoluteError.Value, 3);
    }

    [Fact]
    public void GaussianLikelihood_LearnsHowFarOffItIs()
    {
        var json = Job("gaussian-negative-log-likelihood", """[ { "units": 24, "activation": "tanh" }, { "units": 2 } ]""", 0.2);
        var (specification, outcome) = Finish(json);
        var target = ((RegressionResult)outcome.Result).Targets[0];
        Assert.InRange(target.Coverage95!.Value, 0.85, 1);
        // ln(20 sqrt(2 pi e)) = 4.41 is what a normal of the true deviation 20 costs.
        Assert.InRange(target.NegativeLogLikelihood!.Value, 4.2, 4.8);
        var answer = Ask(specification, outcome, """{ "inputs": [0.5, 2] }""");
        Assert.Equal(2, answer.StandardDeviations!.Count);
        Assert.InRange(answer.StandardDeviations.Coordinates[0], 10, 30);
    }

    [Fact]
    public void Predict_OfOneTarget_IsPlainNumbersInItsUnits()
    {
        var (specification, outcome) = Finish(Job("mean-squared-error", Layers, 0));
        var answer = Ask(specification, outcome, """{ "inputs": [0.5, 2] }""");
        Assert.True(answer.Values.IsPlain);
        Assert.Equal(1000 + 100 * Math.Sin(0.5), answer.Values.Coordinates[0], 15.0);
        Assert.Equal(1000 + 100 * Math.Sin(2), answer.Values.Coordinates[1], 15.0);
    }

    [Theory]
    [InlineData(RegressionLoss.MeanSquaredError)]
    [InlineData(RegressionLoss.MeanAbsoluteError)]
    [InlineData(RegressionLoss.Huber)]
    [InlineData(RegressionLoss.GaussianNegativeLogLikelihood)]
    public void Gradient_OfTheLoss_IsThatOfDifferences(RegressionLoss loss)
    {
        var specification = (RegressionSpecification)Fits.Read(Job("huber", Layers, 0)) with { Loss = loss, HuberDelta = 0.7 };
        var target = new ValueLoss(specification, [[1, 2], [3, -1]], new ColumnScaling(Scaling.None, [0, 0], [1, 1]));
        float[] outputs = loss == RegressionLoss.GaussianNegativeLogLikelihood ? [0.5f, 1, 0.3f, -0.2f, 2, 0.1f, 0.4f, 0.8f] : [0.5f, 1, 2.8f, 0.1f];
        var width = outputs.Length / 2;
        var gradient = new float[outputs.Length];
        double measure = 0;
        target.Evaluate([0, 1], new Batch(outputs, 2, width), new Batch(gradient, 2, width), ref measure);
        for (var i = 0; i < outputs.Length; i++)
        {
            double At(float step)
            {
                var moved = outputs.ToArray();
                moved[i] += step;
                double ignored = 0;
                return target.Evaluate([0, 1], new Batch(moved, 2, width), default, ref ignored);
            }

            Assert.Equal((At(0.005f) - At(-0.005f)) / 0.01, gradient[i], 2e-3);
        }
    }

    [Fact]
    public void Restore_InTheMiddle_ContinuesToTheLastBit()
    {
        var json = Job("huber", Layers, 0.1).Replace("\"epochs\": 150", "\"epochs\": 3", StringComparison.Ordinal);
        var undisturbed = Blobs.Everything(Fits.Read(json).Start(Fits.NoInputs.Instance));
        foreach (var cut in new[] { 1, 12, 20 })
        {
            var first = Fits.Read(json).Start(Fits.NoInputs.Instance);
            for (var i = 0; i < cut; i++) first.Step();
            var second = Fits.Read(json).Start(Fits.NoInputs.Instance);
            second.Restore(first.Save());
            Assert.Equal(undisturbed, Blobs.Everything(second));
        }
    }

    [Fact]
    public void LearningRate_FarTooLarge_Diverges() =>
        Assert.Throws<TrainingDivergedException>(() => Run(Job("mean-squared-error", Layers, 0).Replace("\"adam\", \"learningRate\": 0.01", "\"sgd\", \"learningRate\": 500", StringComparison.Ordinal)));

    /// <summary>A batch of one may begin with an example that is right by chance; that the others cost more is no divergence.</summary>
    [Fact]
    public void Step_AfterALuckyFirstBatch_GoesOn()
    {
        var json = Job("mean-squared-error", """[ { "units": 1 } ]""", 0.3)
            .Replace("\"adam\", \"learningRate\": 0.01", "\"sgd\", \"learningRate\": 1e-9", StringComparison.Ordinal)
            .Replace("\"epochs\": 150, \"batchSize\": 16", "\"epochs\": 1, \"batchSize\": 1", StringComparison.Ordinal);
        for (var seed = 0; seed < 30; seed++) Assert.Equal(1, Run(json.Replace("\"seed\": 4", $"\"seed\": {seed}", StringComparison.Ordinal)).Epochs);
    }

    [Theory]
    [InlineData("\"units\": 1 }", "\"units\": 2 }", "/layers/1/units")]
    [InlineData("\"huber\"", "\"gaussian-negative-log-likelihood\"", "/layers/1/units")]
    [InlineData("\"targets\": [", "\"targets\": [1, ", "/data/targets")]
    [InlineData("\"huber\"", "\"huber\", \"huberDelta\": 0", "/huberDelta")]
    public void Specification_ThatCannotBeRun_SaysWhere(string right, string wrong, string pointer)
    {
        var json = Job("huber", Layers, 0);
        Assert.Contains(right, json, StringComparison.Ordinal);
        Assert.Contains(pointer, Fits.Problems(json.Replace(right, wrong, StringComparison.Ordinal)));
    }

    // 1000 + 100 (sin x + noise) for x from 0 to 4.
    private static string Job(string loss, string layers, double noise)
    {
        var stream = new RandomStream(9, 0, "curve");
        double[] x = [.. Enumerable.Range(0, 240).Select(i => i / 60.0)];
        double[] t = [.. x.Select(value => 1000 + 100 * (Math.Sin(value) + noise * stream.NextNormal()))];
        return string.Create(CultureInfo.InvariantCulture, $$"""
            { "kind": "regression", "seed": 4, "data": { "inputs": {{JsonSerializer.Serialize(x)}}, "targets": {{JsonSerializer.Serialize(t)}} }, "layers": {{layers}},
              "loss": "{{loss}}", "optimizer": { "name": "adam", "learningRate": 0.01 }, "epochs": 150, "batchSize": 16, "validationFraction": 0.25 }
            """);
    }

    private static RegressionResult Run(string json) => (RegressionResult)Finish(json).Outcome.Result;

    private static (RegressionSpecification Specification, TrainingOutcome Outcome) Finish(string json)
    {
        var specification = (RegressionSpecification)Fits.Read(json);
        return (specification, Blobs.Finish(specification.Start(Fits.NoInputs.Instance)));
    }

    private static ValuePrediction Ask(RegressionSpecification specification, TrainingOutcome outcome, string request) => (ValuePrediction)specification.Predict(
        JsonSerializer.Deserialize<PredictionRequest>(request, Fits.Json)!,
        new FinishedTraining(specification, default, name => outcome.Artifacts.First(artifact => artifact.Name == name).Content), Fits.NoInputs.Instance);
}
