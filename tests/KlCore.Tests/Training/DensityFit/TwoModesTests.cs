using KlCore.Distributions;
using KlCore.Training.DensityFit;

namespace KlCore.Tests.Training.DensityFit;

/// <summary>The classic picture: one normal fitted to two modes.</summary>
public class TwoModesTests
{
    [Fact]
    public void ForwardKl_OnTwoModes_IsTheMomentMatchedNormal()
    {
        var result = Fits.Run(Fits.Read(Fits.Example));
        var model = Assert.IsType<Normal>(result.Model);
        Assert.Equal(0, model.Mean, 1e-3);
        Assert.Equal(Math.Sqrt(10), model.StandardDeviation, 1e-3);
        Assert.Equal(Behaviour.Covering, result.Behaviour);
    }

    [Fact]
    public void ForwardKl_OnTwoModes_FromTenSeeds_CoversBoth()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var model = (Normal)Fits.Run(Fits.Read(Fits.TwoModes, """{ "family": "normal" }""", """{ "name": "forward-kl" }""", seed)).Model;
            Assert.Equal(0, model.Mean, 1e-3);
            Assert.Equal(Math.Sqrt(10), model.StandardDeviation, 1e-3);
        }
    }

    [Theory]
    [InlineData("""{ "name": "renyi", "order": 2 }""")]
    [InlineData("""{ "name": "renyi", "order": 10 }""")]
    [InlineData("""{ "name": "alpha", "alpha": -3 }""")]
    [InlineData("""{ "name": "alpha", "alpha": -10 }""")]
    public void CoveringObjectives_OnTwoModes_AreFiniteFromTheStartAndCover(string objective)
    {
        for (var seed = 0; seed < 3; seed++)
        {
            var result = Fits.Run(Fits.Read(Fits.TwoModes, """{ "family": "normal" }""", objective, seed));
            var model = (Normal)result.Model;
            Assert.Equal(0, model.Mean, 1e-2);
            Assert.InRange(model.StandardDeviation, 2.5, 4.5);
            Assert.Equal(Behaviour.Covering, result.Behaviour);
        }
    }

    [Fact]
    public void ReverseKl_OnTwoModes_FromTenSeeds_SettlesOnOne()
    {
        var sides = new HashSet<int>();
        for (var seed = 0; seed < 10; seed++)
        {
            var result = Fits.Run(Fits.Read(Fits.TwoModes, """{ "family": "normal" }""", """{ "name": "reverse-kl" }""", seed));
            var model = (Normal)result.Model;
            Assert.Equal(3, Math.Abs(model.Mean), 0.05);
            Assert.Equal(1, model.StandardDeviation, 0.05);
            Assert.Equal(Behaviour.Seeking, result.Behaviour);
            // All of q on one of two equal modes costs ln 2, less what little the modes overlap.
            Assert.InRange(result.Reverse.Value, 0.6, Math.Log(2));
            sides.Add(Math.Sign(model.Mean));
        }

        Assert.Equal(2, sides.Count);
    }
}
