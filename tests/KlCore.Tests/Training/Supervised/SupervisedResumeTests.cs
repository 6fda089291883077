namespace KlCore.Tests.Training.Supervised;

/// <summary>A run that is saved, thrown away and restored gives what the undisturbed one gives, to the last bit, also in the middle of an epoch.</summary>
public class SupervisedResumeTests
{
    [Theory]
    [InlineData("\"epochs\": 4")]
    [InlineData("\"epochs\": 4, \"validationFraction\": 0, \"scaling\": \"none\"")]
    [InlineData("\"epochs\": 30, \"earlyStopping\": { \"patience\": 2 }")]
    public void Restore_AtAnyStep_ContinuesToTheLastBit(string more)
    {
        var inputs = new Blobs(60, spread: 2);
        foreach (var optimizer in new[] { "\"adam\"", "\"momentum\"" })
        {
            var json = Blobs.Job(more).Replace("\"adam\"", optimizer, StringComparison.Ordinal);
            var undisturbed = Blobs.Everything(inputs.Start(json));
            foreach (var cut in new[] { 0, 1, 4, 5, 6, 7, 13 })
            {
                var first = inputs.Start(json);
                for (var i = 0; i < cut && !first.IsComplete; i++) first.Step();
                var second = inputs.Start(json);
                second.Restore(first.Save());
                Assert.Equal(first.CompletedSteps, second.CompletedSteps);
                Assert.Equal(first.Save(), second.Save());
                Assert.Equal(undisturbed, Blobs.Everything(second));
            }
        }
    }

    [Fact]
    public void Restore_OfAnotherSpecification_IsRefused()
    {
        var inputs = new Blobs();
        var other = inputs.Start(Blobs.Job(layers: """[ { "units": 3, "activation": "softmax" } ]"""));
        Assert.Throws<InvalidInputException>(() => inputs.Start(Blobs.Job()).Restore(other.Save()));
    }
}
