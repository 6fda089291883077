using System.Text.Json;
using KlCore.Formats;
using KlCore.Tests.Training.DensityFit;
using KlCore.Training;
using KlCore.Training.Autoencoder;

namespace KlCore.Tests.Training.Autoencoder;

public class AutoencoderRunTests
{
    private const string Small = """ "encoder": [ { "units": 12 } ], "latentSize": 3, "batchSize": 16, "optimizer": { "name": "adam", "learningRate": 0.01 } """;

    /// <summary>In the middle of an epoch, between epochs, while the KL grows and after early stopping has begun to count.</summary>
    [Theory]
    [InlineData("""
        "annealing": { "name": "linear", "epochs": 3 }, "earlyStopping": { "patience": 2 }
        """)]
    [InlineData("""
        "reconstruction": { "name": "gaussian" }, "annealing": { "name": "cyclical", "cycles": 2 }, "freeBits": 0.1
        """)]
    [InlineData("""
        "validationFraction": 0
        """)]
    public void Restore_AtAnyStep_ContinuesToTheLastBit(string more)
    {
        var specification = Autoencoders.Read(Autoencoders.Json(Autoencoders.Bars(90), $$"""{{Small}}, "epochs": 8, {{more}}"""));
        var undisturbed = Finish(specification.Start(Fits.NoInputs.Instance));
        foreach (var cut in new[] { 0, 1, 7, 12, 26, 39 })
        {
            using var first = specification.Start(Fits.NoInputs.Instance);
            for (var i = 0; i < cut; i++) first.Step();
            var second = specification.Start(Fits.NoInputs.Instance);
            second.Restore(first.Save());
            Assert.Equal(cut, second.CompletedSteps);
            Assert.Equal(first.Save(), second.Save());
            Assert.Equal(undisturbed, Finish(second));
        }
    }

    /// <summary>With 500 held-out rows and a network so large that they are judged in pieces, cuts between the pieces included.</summary>
    [Fact]
    public void Restore_BetweenPiecesOfTheHeldOutRows_ContinuesToTheLastBit()
    {
        var specification = Autoencoders.Read(Autoencoders.Json(Autoencoders.Bars(700), """ "encoder": [ { "units": 4000 } ], "latentSize": 20, "batchSize": 200, "validationFraction": 0.8, "epochs": 1, "samples": 1 """));
        using var whole = specification.Start(Fits.NoInputs.Instance);
        Assert.Equal(4, whole.TotalSteps);
        var undisturbed = Finish(specification.Start(Fits.NoInputs.Instance));
        using var first = specification.Start(Fits.NoInputs.Instance);
        first.Step();
        first.Step();
        var second = specification.Start(Fits.NoInputs.Instance);
        second.Restore(first.Save());
        Assert.Equal(undisturbed, Finish(second));
    }

    [Fact]
    public void Restore_OfAnotherSpecification_IsRefused()
    {
        using var run = Autoencoders.Read(Autoencoders.Json(Autoencoders.Bars(40), Small)).Start(Fits.NoInputs.Instance);
        using var other = Autoencoders.Read(Autoencoders.Json(Autoencoders.Bars(40), Small.Replace("12", "13", StringComparison.Ordinal))).Start(Fits.NoInputs.Instance);
        Assert.Throws<InvalidInputException>(() => run.Restore(other.Save()));
    }

    [Fact]
    public void Step_AtTheEndOfAnEpoch_TellsBothSides()
    {
        using var run = Autoencoders.Read(Autoencoders.Json(Autoencoders.Bars(80), $$"""{{Small}}, "epochs": 2, "beta": 2""")).Start(Fits.NoInputs.Instance);
        Assert.Equal(["loss", "beta", "gradientNorm", "learningRate"], run.Step().Select(metric => metric.Key));
        Dictionary<string, double> last = [];
        while (!last.ContainsKey("epoch")) last = run.Step().ToDictionary();
        Assert.Equal(["loss", "beta", "gradientNorm", "learningRate", "epoch", "trainingLoss", "reconstruction", "kl", "validationLoss", "validationReconstruction", "validationKl", "activeUnits"], last.Keys);
        Assert.Equal((1, 4), (last["epoch"], run.CompletedSteps));
        Assert.Equal(last["reconstruction"] + 2 * last["kl"], last["trainingLoss"], 1e-12);
        Assert.Equal(last["validationReconstruction"] + 2 * last["validationKl"], last["validationLoss"], 1e-12);
    }

    [Fact]
    public void EarlyStopping_OnDataThatIsSoonOverfitted_RestoresTheBestEpoch()
    {
        var specification = Autoencoders.Read(Autoencoders.Json(Autoencoders.Bars(40), """
            "encoder": [ { "units": 64 } ], "latentSize": 8, "batchSize": 8, "epochs": 400, "reconstruction": { "name": "gaussian" }, "earlyStopping": { "patience": 4 },
            "optimizer": { "name": "adam", "learningRate": 0.01 }
            """));
        using var run = specification.Start(Fits.NoInputs.Instance);
        List<double> losses = [];
        while (!run.IsComplete) losses.AddRange(run.Step().Where(metric => metric.Key == "validationLoss").Select(metric => metric.Value));
        var result = (AutoencoderResult)run.Finish().Result;
        Assert.True(result.StoppedEarly);
        Assert.Equal(losses.Count, result.Epochs);
        Assert.Equal(losses.IndexOf(losses.Min()) + 1, result.Epoch);
        Assert.Equal(result.Epoch + 4, result.Epochs);
        // The same rows and the same noise: what the best epoch said is what the result says.
        Assert.Equal(-losses.Min(), result.Elbo.Value, 1e-9);
    }

    [Fact]
    public void Step_WithARateThatDiverges_FailsWithItsStepAndTheLastFiniteLoss()
    {
        using var run = Autoencoders.Read(Autoencoders.Json(Autoencoders.Bars(40), """ "encoder": [ { "units": 12 } ], "batchSize": 8, "reconstruction": { "name": "gaussian" }, "optimizer": { "name": "sgd", "learningRate": 100 } """)).Start(Fits.NoInputs.Instance);
        var failure = Assert.Throws<TrainingDivergedException>(() =>
        {
            while (!run.IsComplete) run.Step();
        });
        Assert.InRange(failure.Step, 1, 40);
        Assert.True(double.IsFinite(failure.LastFiniteLoss));
    }

    /// <summary>Rectifiers that die leave a loss that is finite, and absurd.</summary>
    [Fact]
    public void Step_WithALossThatGrowsBeyondHope_FailsToo()
    {
        using var run = Autoencoders.Read(Autoencoders.Json(Autoencoders.Bars(40), """ "encoder": [ { "units": 12 } ], "batchSize": 8, "optimizer": { "name": "adam", "learningRate": 900 } """)).Start(Fits.NoInputs.Instance);
        var failure = Assert.Throws<TrainingDivergedException>(() =>
        {
            while (!run.IsComplete) run.Step();
        });
        Assert.InRange(failure.Step, 1, 200);
    }

    [Fact]
    public void Result_OnBars_IsBetterThanTheirMean()
    {
        var outcome = Autoencoders.Outcome(Autoencoders.Read(Autoencoders.Json(Autoencoders.Bars(300), $$"""{{Small}}, "epochs": 60, "reconstruction": { "name": "gaussian" }, "samples": 9""")));
        var result = (AutoencoderResult)outcome.Result;
        Assert.Equal(("validation", 60, 4), (result.JudgedOn, result.JudgedRows, result.ImageWidth!.Value));
        // One pixel in four is bright, of 0.9: the mean is off by 0.9 sqrt(3)/4 = 0.39, and the noise in each is 0.029.
        Assert.InRange(result.RootMeanSquareError, 0.02, 0.2);
        Assert.Equal((9, 16), (result.Samples.Length, result.Samples[0].Length));
        Assert.Equal(16, result.Reconstructions.Count);
        Assert.Equal(result.Kl, result.Latents.Sum(latent => latent.Kl), 1e-9);
        Assert.Equal(-result.Elbo.Value, result.Reconstruction + result.Kl, 1e-9);
        Assert.True(result.ImportanceWeightedBound.Value > result.Elbo.Value);
        Assert.Equal(result.Latents.OrderByDescending(latent => latent.Kl), result.Latents);
        Assert.Equal(["elbo", "importanceWeightedBound", "reconstruction", "kl", "rootMeanSquareError", "activeUnits"], outcome.Scores.Select(score => score.Name));
        var model = SafeTensors.Read(outcome.Artifacts.Single(artifact => artifact.Name == "model.safetensors").Content);
        Assert.Equal(["encoder.0.weights", "encoder.0.bias", "encoder.1.weights", "encoder.1.bias", "decoder.0.weights", "decoder.0.bias", "decoder.1.weights", "decoder.1.bias", "logNoise"], model.Keys);
        Assert.Equal([12, 16], model["encoder.0.weights"].Shape);
    }

    /// <summary>A held-out row beyond all that trained is as far off as it is, though the network sees it cut to the interval from 0 to 1.</summary>
    [Fact]
    public void Result_WithAHeldOutRowFarAway_TellsHowFar()
    {
        var rows = Autoencoders.Bars(20).Select(row => row[..9]).ToArray();
        var far = EpochOrder.Split(20, 0.2, 4).HeldOut[0];
        rows[far] = [.. Enumerable.Repeat(50.0, 9)];
        var result = Autoencoders.Run(Autoencoders.Read(Autoencoders.Json(rows, $$"""{{Small}}, "epochs": 1""")));
        // One of four rows is off by 49 to 50 in every column.
        Assert.InRange(result.RootMeanSquareError, 49 / 2.0, 50 / 2.0 + 1);
        Assert.Equal(50, result.Reconstructions.Single(shown => shown.Row == far).Original[0], 1e-4);
    }

    /// <summary>Latents that are not worth their price fall silent under a large beta; with free bits they need not.</summary>
    [Fact]
    public void FreeBits_UnderALargeBeta_KeepTheLatentsTalking()
    {
        AutoencoderResult With(string more) => Autoencoders.Run(Autoencoders.Read(Autoencoders.Json(Autoencoders.Bars(200), $$"""{{Small}}, "epochs": 40, "beta": 20, {{more}}""")));
        var (without, with) = (With("\"freeBits\": 0"), With("\"freeBits\": 0.3"));
        Assert.InRange(without.Kl, 0, 0.1);
        Assert.Equal(0, without.ActiveUnits);
        Assert.Contains(without.Warnings, warning => warning.Contains("3 of 3 latents", StringComparison.Ordinal));
        Assert.InRange(with.Kl, 0.5, 1.5);
    }

    private static string Finish(TrainingRun run)
    {
        while (!run.IsComplete) run.Step();
        var outcome = run.Finish();
        run.Dispose();
        return string.Join('\n', [JsonSerializer.Serialize(outcome.Result, outcome.Result.GetType(), Fits.Json), .. outcome.Artifacts.Select(artifact => $"{artifact.Name}: {Convert.ToHexString(artifact.Content.Span)}")]);
    }
}
