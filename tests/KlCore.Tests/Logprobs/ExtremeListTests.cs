using KlCore.Logprobs;

namespace KlCore.Tests.Logprobs;

/// <summary>Lists at the end of the doubles, and lists that no distribution has.</summary>
public sealed class ExtremeListTests
{
    [Theory]
    [InlineData(-700.0, -1.0)]
    [InlineData(-744.0, -745.0)]
    [InlineData(-1e6, -1e-9)]
    [InlineData(-1e300, -1.0)]
    [InlineData(0.0, -700.0)]
    [InlineData(-1e-17, -40.0)]
    public void Bounds_OfLogarithmsFarApart_AreOrderedNumbers(double first, double second)
    {
        foreach (var options in new BoundOptions[] { new(), new() { Vocabulary = 3 }, new() { Vocabulary = 151_936 } })
        {
            var (p, q) = (Scored((0, first)), Scored((0, second)));
            var bounds = PositionBounds.Of(p, q, options);
            foreach (var (_, _, bracket) in bounds.Beside([1], [1]))
            {
                Assert.False(double.IsNaN(bracket.Lower) || double.IsNaN(bracket.Upper));
                Assert.True(bracket.Lower >= 0 && bracket.Lower <= bracket.Upper);
            }
        }
    }

    /// <summary>p is sure of what q holds for e^-700: KL(p || q) = 700, although the mass is no normal double when squared.</summary>
    [Fact]
    public void Forward_WhereQIsTiny_IsItsLogarithm()
    {
        var bounds = PositionBounds.Of(Lists.OfLogs((0, 0)), Scored((0, -700)), new BoundOptions());
        Assert.Equal(700, bounds.Forward.Lower, 1e-9);
        Assert.Equal(700, bounds.Forward.Upper, 1e-9);
        Assert.Equal(2000, PositionBounds.Of(Lists.OfLogs((0, 0)), Scored((0, -2000)), new BoundOptions()).Forward.Lower, 1e-9);
    }

    [Fact]
    public void Forward_WhereQIsImpossible_IsInfinite()
    {
        var bounds = PositionBounds.Of(Lists.Of((0, 0.5)), Scored((0, double.NegativeInfinity)), new BoundOptions { Vocabulary = 100 });
        Assert.Equal(double.PositiveInfinity, bounds.Forward.Lower);
        Assert.True(bounds.Reverse.Upper > bounds.Reverse.Lower);
        Assert.Equal(0.5, bounds.TotalVariation.Lower, 1e-15);
    }

    /// <summary>A whole vocabulary whose sum is off by an ulp must not give a bound of infinity.</summary>
    [Fact]
    public void Bounds_OfAWholeVocabularyOffByRounding_AreFinite()
    {
        double[] p = [0.1, 0.2, 0.3, 0.4 - 1e-16];
        double[] q = [0.25, 0.25, 0.25, 0.25];
        foreach (var options in new BoundOptions[] { new() { Vocabulary = 4 }, new() })
        {
            var bounds = PositionBounds.Of(Lists.Top(p, 4), Lists.Top(q, 4), options);
            Assert.Equal(Lists.Kl(p, q), bounds.Forward.Upper, 1e-14);
            Assert.Equal(Lists.Kl(q, p), bounds.Reverse.Upper, 1e-14);
        }
    }

    [Fact]
    public void Bounds_WithATinyResidual_AreStillOrdered()
    {
        var bounds = PositionBounds.Of(Lists.OfLogs((0, Math.Log(1 - 1e-12))), Lists.Of((1, 0.9999)), new BoundOptions { Vocabulary = 32_000, Floor = -60 });
        // q leaves 1e-4 to what p is sure of.
        Assert.InRange(bounds.Forward.Lower, 9.2, 9.3);
        Assert.True(double.IsFinite(bounds.Forward.Upper));
        Assert.InRange(bounds.Forward.Upper, 59, 61);
    }

    /// <summary>Six printed digits: the true distributions are in the bracket although their own logarithms were not sent.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    public void Bounds_OfRoundedLists_HoldTheUnroundedValues(int digits)
    {
        var random = new Random(7);
        for (var trial = 0; trial < 150; trial++)
        {
            var vocabulary = random.Next(2, 12);
            var p = Lists.Draw(random, vocabulary, 2);
            var q = Lists.Draw(random, vocabulary, 2);
            if (trial % 2 == 0) q = [.. p.Zip(q, (a, b) => (1 - 1e-5) * a + 1e-5 * b)];
            var options = new BoundOptions { Vocabulary = trial % 3 == 0 ? null : vocabulary, MassTolerance = 1e-3 };
            var (k, l) = (random.Next(1, vocabulary + 1), random.Next(1, vocabulary + 1));
            Lists.AssertHolds(PositionBounds.Of(Rounded(Lists.Top(p, k), digits), Rounded(Lists.Top(q, l), digits), options), p, q, 1e-12);
        }
    }

    [Fact]
    public void Bounds_OfAListThatSumsToMoreThanOne_AreRefused() =>
        Refused("mass-exceeds-one", Lists.Of((0, 0.7), (1, 0.4)), Lists.Of((0, 0.5)), new BoundOptions());

    [Fact]
    public void Bounds_OfAWholeVocabularyWithMassMissing_AreRefused() =>
        Refused("mass-missing", Lists.Of((0, 0.7), (1, 0.2)), Lists.Of((0, 0.5)), new BoundOptions { Vocabulary = 2 });

    [Fact]
    public void Bounds_WhereTheRestDoesNotFitUnderTheCap_AreRefused() =>
        Refused("mass-does-not-fit", Lists.Of((0, 0.5), (1, 0.01)), Lists.Of((0, 0.5)), new BoundOptions { Vocabulary = 4 });

    [Theory]
    [InlineData(-0.5)]
    [InlineData(-5.0)]
    public void Bounds_WithAFloorThatCannotBe_AreRefused(double floor) =>
        Refused("floor-too-high", Lists.Of((0, 0.5), (1, 0.3)), Lists.Of((0, 0.5), (1, 0.3)), new BoundOptions { Vocabulary = 1000, Floor = floor });

    [Fact]
    public void Bounds_WithAScoredTokenAboveTheCap_AreRefused()
    {
        var list = Lists.Of((0, 0.5), (1, 0.1), (2, 0.3)) with { Ranked = [true, true, false] };
        Refused("cap-violation", list, Lists.Of((0, 0.5)), new BoundOptions());
    }

    [Fact]
    public void Bounds_OfMoreTokensThanTheVocabularyHas_AreInvalid()
    {
        var refused = Assert.Throws<InvalidInputException>(() => PositionBounds.Of(Lists.Of((0, 0.5), (1, 0.1)), Lists.Of((2, 0.5)), new BoundOptions { Vocabulary = 2 }));
        Assert.Contains("/vocabulary", refused.Problems.ByPointer().Keys);
    }

    private static KnownTokens Scored(params (int Token, double Log)[] tokens) => Lists.OfLogs(tokens) with { Ranked = new bool[tokens.Length] };

    private static KnownTokens Rounded(KnownTokens list, int digits) => list with
    {
        LogProbabilities = [.. list.LogProbabilities.Select(log => Math.Round(log, digits))],
        Uncertainties = [.. list.LogProbabilities.Select(_ => 0.5 * Math.Pow(10, -digits))],
    };

    private static void Refused(string code, KnownTokens p, KnownTokens q, BoundOptions options) =>
        Assert.Equal(code, Assert.Throws<NotComputableException>(() => PositionBounds.Of(p, q, options)).Code);
}
