using KlCore.Training.DensityFit;

namespace KlCore.Tests.Training.DensityFit;

/// <summary>What a fit says of itself to those who compare fits.</summary>
public class ScoreTests
{
    [Theory]
    [InlineData("forward-kl", "forward", "covering")]
    [InlineData("reverse-kl", "reverse", "seeking")]
    [InlineData("jeffreys", "forward", "covering")]
    public void Scores_AreBothDirections_TheOneThatWasMadeSmallFirst(string objective, string first, string behaviour)
    {
        var run = Fits.Read(Fits.TwoModes, """{ "family": "normal" }""", $$"""{ "name": "{{objective}}" }""", more: "\"steps\": 300").Start(Fits.NoInputs.Instance);
        while (!run.IsComplete) run.Step();
        var outcome = run.Finish();
        var result = (DensityFitResult)outcome.Result;
        Assert.Equal(first, outcome.Scores[0].Name);
        Assert.Equal(result.Forward.Value, outcome.Scores.Single(score => score.Name == "forward").Value);
        Assert.Equal(result.Reverse.Value, outcome.Scores.Single(score => score.Name == "reverse").Value);
        Assert.Equal(behaviour, Assert.Single(outcome.Traits).Value);
        Assert.Equal(result.Curves.P, Assert.Single(outcome.Overlay!.Ground.Series).Y);
        Assert.Equal(result.Curves.Q, Assert.Single(outcome.Overlay.Own).Y);
    }
}
