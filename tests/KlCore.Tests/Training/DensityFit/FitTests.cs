using KlCore.Distributions;
using KlCore.Numerics;
using KlCore.Training;
using KlCore.Training.DensityFit;

namespace KlCore.Tests.Training.DensityFit;

/// <summary>What fits find, where it is known what they should.</summary>
public class FitTests
{
    private const string Plane = """
        { "family": "gaussian-mixture", "weights": [0.3, 0.7], "means": [[-3, 0], [3, 1]], "covariances": [[[1, 0.3], [0.3, 1]], [[1, -0.5], [-0.5, 2]]] }
        """;

    private const string Normal = """{ "family": "normal" }""";

    [Theory]
    [InlineData("""{ "name": "forward-kl" }""")]
    [InlineData("""{ "name": "jeffreys" }""")]
    [InlineData("""{ "name": "jensen-shannon", "weight": 0.3 }""")]
    [InlineData("""{ "name": "renyi", "order": 0.5 }""")]
    [InlineData("""{ "name": "alpha", "alpha": -0.5 }""")]
    public void Mixture_FittedToAMixture_FindsIt(string objective)
    {
        var result = Fits.Run(Fits.Read(
            """{ "family": "gaussian-mixture", "weights": [0.3, 0.7], "means": [-3, 3], "standardDeviations": [1, 0.5] }""",
            """{ "family": "gaussian-mixture", "components": 2 }""", objective));
        var mixture = Assert.IsType<GaussianMixture>(result.Model);
        var left = mixture.Means.Coordinates[0] < 0 ? 0 : 1;
        Assert.Equal(0.3, mixture.Weights[left], 1e-4);
        Assert.Equal(-3, mixture.Means[left][0], 1e-3);
        Assert.Equal(3, mixture.Means[1 - left][0], 1e-3);
        Assert.Equal(1, mixture.StandardDeviations![left], 1e-3);
        Assert.Equal(0.5, mixture.StandardDeviations[1 - left], 1e-3);
        Assert.InRange(result.Forward.Value, 0, 1e-7);
    }

    [Theory]
    [InlineData("forward-kl")]
    [InlineData("reverse-kl")]
    [InlineData("jeffreys")]
    public void Normal_FittedToANormalOnAnyScale_FindsIt(string objective)
    {
        foreach (var (mean, deviation) in new[] { (0.0, 1.0), (1e6, 1e-3), (-5e-8, 1e-9), (3.0, 1e8) })
        {
            var target = $$"""{ "family": "normal", "mean": {{mean:R}}, "standardDeviation": {{deviation:R}} }""";
            var model = (Normal)Fits.Run(Fits.Read(target, Normal, $$"""{ "name": "{{objective}}" }""")).Model;
            Assert.Equal(mean, model.Mean, 1e-6 * deviation);
            Assert.Equal(1, model.StandardDeviation / deviation, 1e-6);
        }
    }

    [Theory]
    [InlineData("""{ "name": "sgd" }""")]
    [InlineData("""{ "name": "momentum", "learningRate": 0.01 }""")]
    [InlineData("""{ "name": "adam", "schedule": { "name": "exponential" } }""")]
    public void ForwardKl_ByEveryOptimizer_MatchesMoments(string optimizer)
    {
        var result = Fits.Run(Fits.Read(Fits.TwoModes, Normal, """{ "name": "forward-kl" }""", more: $$"""  "optimizer": {{optimizer}} """));
        Assert.Equal(0, ((Normal)result.Model).Mean, 1e-3);
        Assert.Equal(Math.Sqrt(10), ((Normal)result.Model).StandardDeviation, 1e-3);
    }

    // Moments of the mixture: mean (1.2, 0.7), covariance of the components 1, −0.26, 1.7 and of their means 0.21·(36, 6, 1).
    [Fact]
    public void ForwardKl_InThePlane_MatchesMoments()
    {
        var result = Fits.Run(Fits.Read(Plane, """{ "family": "multivariate-normal" }""", """{ "name": "forward-kl" }"""));
        var model = Assert.IsType<MultivariateNormal>(result.Model);
        Assert.Equal(1.2, model.Mean[0], 0.05);
        Assert.Equal(0.7, model.Mean[1], 0.05);
        Assert.Equal(1 + 0.21 * 36, model.Covariance[0][0], 0.3);
        Assert.Equal(-0.26 + 0.21 * 6, model.Covariance[1][0], 0.15);
        Assert.Equal(1.7 + 0.21, model.Covariance[1][1], 0.1);
        Assert.Equal(Behaviour.Covering, result.Behaviour);
        Assert.Equal(Method.MonteCarlo, result.Forward.Method);
        Assert.InRange(result.Forward.StandardError!.Value, 1e-5, 0.01);
    }

    [Fact]
    public void ReverseKl_InThePlane_SettlesOnAMode()
    {
        for (var seed = 1; seed <= 4; seed++)
        {
            var result = Fits.Run(Fits.Read(Plane, """{ "family": "multivariate-normal" }""", """{ "name": "reverse-kl" }""", seed));
            var mean = ((MultivariateNormal)result.Model).Mean;
            Assert.Equal(3, Math.Abs(mean[0]), 0.2);
            Assert.Equal(mean[0] > 0 ? 1 : 0, mean[1], 0.2);
            Assert.Equal(Behaviour.Seeking, result.Behaviour);
            // ln(1/weight) of the mode that it took, within five standard errors.
            Assert.Equal(-Math.Log(mean[0] > 0 ? 0.7 : 0.3), result.Reverse.Value, 0.01 + 5 * result.Reverse.StandardError!.Value);
        }
    }

    [Fact]
    public void Mixture_FittedInThePlane_FindsIt()
    {
        var result = Fits.Run(Fits.Read(Plane, """{ "family": "gaussian-mixture", "components": 2 }""", """{ "name": "forward-kl" }""", seed: 2));
        var mixture = (GaussianMixture)result.Model;
        var left = mixture.Means[0][0] < 0 ? 0 : 1;
        Assert.Equal(0.3, mixture.Weights[left], 1e-3);
        Assert.Equal(-0.5, mixture.Covariances![1 - left][1][0], 1e-2);
        Assert.InRange(result.Reverse.Value, 0, 1e-6);
    }

    // Maximum likelihood of a normal is the samples' mean and (divided by n) standard deviation, whatever their scale.
    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1e-6)]
    public void ForwardKl_ToSamples_IsMaximumLikelihood(double scale)
    {
        double[] samples = [.. new[] { 1.5, 2.5, 2.25, 7, 8.5, 3, 9, 2, 2, 4.5, 8, 8.25 }.Select(value => value * scale)];
        var mean = samples.Average();
        var deviation = Math.Sqrt(samples.Average(value => (value - mean) * (value - mean)));
        var text = string.Join(", ", samples.Select(value => value.ToString("R")));
        var result = Fits.Run(Fits.Read($$"""{ "samples": [{{text}}] }""", Normal, """{ "name": "forward-kl" }"""));
        var model = (Normal)result.Model;
        Assert.Equal(mean, model.Mean, 1e-6 * scale);
        Assert.Equal(deviation, model.StandardDeviation, 1e-6 * scale);
        Assert.Equal(Method.Estimate, result.Forward.Method);
        Assert.InRange(result.Forward.StandardError!.Value, 0.01, 1);
        Assert.InRange(result.Forward.Value, 0, 1);
    }

    [Fact]
    public void ReverseKl_ToSamplesOfTwoModes_SettlesOnOne()
    {
        var samples = MixtureDensity.Of(new GaussianMixture { Weights = [0.5, 0.5], Means = new Points([-300.0, 300]), StandardDeviations = [50, 50] })
            .Sample(400, new RandomStream(4, 0, "test"), plain: true);
        var target = new SampleTarget { Samples = samples };
        var result = Fits.Run(new DensityFitSpecification { Target = target, Model = new NormalModel(), Objective = new ReverseKl() });
        Assert.Equal(300, Math.Abs(((Normal)result.Model).Mean), 20.0);
        Assert.Equal(Behaviour.Seeking, result.Behaviour);
        Assert.Equal(2, result.Modes.Count);
    }

    [Fact]
    public void Dataset_IsReadByItsColumns()
    {
        var specification = Fits.Read("""{ "dataset": "d1", "columns": ["b"] }""", Normal, """{ "name": "forward-kl" }""");
        var needed = Assert.Single(specification.Datasets());
        Assert.Equal("d1", needed.Dataset);
        Assert.Equal(["b"], needed.Columns);
        var result = Fits.Run(specification, new Rows([[280.0], [1680], [700], [740]]));
        Assert.Equal(850, ((Normal)result.Model).Mean, 1e-3);
    }

    [Fact]
    public void Dataset_WhoseColumnIsConstant_IsRefused() =>
        Assert.Throws<InvalidInputException>(() => Fits.Read("""{ "dataset": "d1" }""", Normal, """{ "name": "forward-kl" }""").Start(new Rows([[1.0], [1], [1]])));

    [Fact]
    public void Initial_IsWhereTheFitStarts()
    {
        foreach (var side in new[] { -1, 1 })
        {
            var model = $$"""{ "family": "normal", "initial": { "mean": {{2 * side}}, "standardDeviation": 1 } }""";
            var fitted = (Normal)Fits.Run(Fits.Read(Fits.TwoModes, model, """{ "name": "reverse-kl" }""")).Model;
            Assert.Equal(3 * side, fitted.Mean, 0.05);
        }
    }

    [Fact]
    public void Step_WhoseNumbersRunAway_StopsTheRun()
    {
        var run = Fits.Read(Fits.TwoModes, Normal, """{ "name": "forward-kl" }""", more: """ "optimizer": { "name": "sgd", "learningRate": 900 }, "maximumGradientNorm": 1e300 """)
            .Start(Fits.NoInputs.Instance);
        var failure = Assert.Throws<TrainingDivergedException>(() =>
        {
            while (!run.IsComplete) run.Step();
        });
        Assert.InRange(failure.Step, 1, 100);
        Assert.True(double.IsFinite(failure.LastFiniteLoss));
    }

    private sealed class Rows(double[][] rows) : ITrainingInputs
    {
        double[][] ITrainingInputs.Rows(DatasetColumns columns) => rows;
    }
}
