using System.Text.Json;
using KlCore.Training;

namespace KlCore.Tests.Training.DensityFit;

/// <summary>A run that is saved, thrown away and restored gives what the undisturbed one gives, to the last bit.</summary>
public class ResumeTests
{
    private const string Plane = """
        { "family": "gaussian-mixture", "weights": [0.4, 0.6], "means": [[-2, 0], [2, 1]], "covariances": [[[1, 0.3], [0.3, 1]], [[0.5, 0], [0, 2]]] }
        """;

    private const string Samples = """{ "samples": [1.5, 2.5, 2.25, 7, 8.5, 3, 9, 2, 2, 4.5, 8, 8.25] }""";

    [Theory]
    [InlineData(Fits.TwoModes, """{ "family": "normal" }""", """{ "name": "reverse-kl" }""", """{ "name": "adam" }""")]
    [InlineData(Fits.TwoModes, """{ "family": "gaussian-mixture", "components": 3 }""", """{ "name": "jeffreys" }""", """{ "name": "momentum", "learningRate": 0.01 }""")]
    [InlineData(Plane, """{ "family": "multivariate-normal" }""", """{ "name": "jensen-shannon" }""", """{ "name": "adam", "schedule": { "name": "warm-up", "steps": 10 } }""")]
    [InlineData(Plane, """{ "family": "gaussian-mixture", "components": 2 }""", """{ "name": "forward-kl" }""", """{ "name": "sgd" }""")]
    [InlineData(Samples, """{ "family": "gaussian-mixture", "components": 2 }""", """{ "name": "forward-kl" }""", """{ "name": "adam" }""")]
    [InlineData(Samples, """{ "family": "normal" }""", """{ "name": "renyi", "order": 0.5 }""", """{ "name": "adam" }""")]
    public void Restore_AtAnyStep_ContinuesToTheLastBit(string target, string model, string objective, string optimizer)
    {
        var json = $$"""{ "kind": "density-fit", "seed": 5, "target": {{target}}, "model": {{model}}, "objective": {{objective}}, "optimizer": {{optimizer}}, "steps": 60, "batchSize": 9 }""";
        var undisturbed = Finish(Start(json));
        foreach (var cut in new[] { 0, 1, 17, 59, 60 })
        {
            var first = Start(json);
            for (var i = 0; i < cut; i++) first.Step();
            var second = Start(json);
            second.Restore(first.Save());
            Assert.Equal(cut, second.CompletedSteps);
            Assert.Equal(first.Save(), second.Save());
            Assert.Equal(undisturbed, Finish(second));
        }
    }

    [Fact]
    public void Restore_OfAnotherSpecification_IsRefused()
    {
        var run = Start(Fits.Example);
        var other = Start(Fits.Example.Replace("\"normal\"", "\"gaussian-mixture\", \"components\": 2", StringComparison.Ordinal));
        Assert.Throws<InvalidInputException>(() => run.Restore(other.Save()));
    }

    private static TrainingRun Start(string json) => Fits.Read(json).Start(Fits.NoInputs.Instance);

    // The result as JSON and all files.
    private static string Finish(TrainingRun run)
    {
        while (!run.IsComplete) run.Step();
        var outcome = run.Finish();
        var files = outcome.Artifacts.Select(artifact => $"{artifact.Name}: {Convert.ToHexString(artifact.Content.Span)}");
        return string.Join('\n', [JsonSerializer.Serialize(outcome.Result, outcome.Result.GetType(), Fits.Json), .. files]);
    }
}
