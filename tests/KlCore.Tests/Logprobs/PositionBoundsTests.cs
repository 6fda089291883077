using KlCore.Logprobs;

namespace KlCore.Tests.Logprobs;

public sealed class PositionBoundsTests
{
    /// <summary>
    /// The bucket sees two tails and says nothing; that neither list can lie in the other's tail is worth 0.6 ln 4. The completion that attains
    /// it is written out here.
    /// </summary>
    [Fact]
    public void Lower_OfDisjointLists_IsAttainedByAnExplicitCompletion()
    {
        var bounds = PositionBounds.Of(Lists.Of((0, 0.5), (1, 0.3)), Lists.Of((2, 0.6), (3, 0.2)), new BoundOptions { Vocabulary = 10 });
        double[] p = [0.5, 0.3, 0.15, 0.05];
        double[] q = [0.125, 0.075, 0.6, 0.2];
        Assert.Equal(0, bounds.ForwardBucket, 1e-15);
        Assert.Equal(0.6 * Math.Log(4), bounds.Forward.Lower, 1e-12);
        foreach (var (_, value, bracket) in bounds.Beside(p, q)) Assert.Equal(value, bracket.Lower, 1e-9);
        Assert.Equal(double.PositiveInfinity, bounds.Forward.Upper);
    }

    /// <summary>A cap that binds: q's rest would go to p's 0.9 in proportion, but a token that is not listed has at most 0.15.</summary>
    [Fact]
    public void Lower_WhereTheCapBinds_IsAttainedAtTheCap()
    {
        var bounds = PositionBounds.Of(Lists.Of((0, 0.9), (1, 0.1)), Lists.Of((2, 0.4), (3, 0.3), (4, 0.15)), new BoundOptions { Vocabulary = 1000 });
        // q leaves 0.15, of which 0.135 would go to token 0: no cap binds there. With 0.05 as least listed, two tokens cannot take 0.15.
        Assert.Equal(Lists.Kl([0.9, 0.1, 0, 0, 0], [0.135, 0.015, 0.4, 0.3, 0.15]), bounds.Forward.Lower, 1e-12);
        var capped = PositionBounds.Of(Lists.Of((0, 0.9), (1, 0.1)), Lists.Of((2, 0.4), (3, 0.4), (4, 0.05)), new BoundOptions { Vocabulary = 1000 });
        Assert.Equal(Lists.Kl([0.9, 0.1, 0, 0, 0, 0], [0.05, 0.05, 0.4, 0.4, 0.05, 0.05]), capped.Forward.Lower, 1e-12);
        Assert.True(capped.Forward.Lower > capped.ForwardBucket + 1);
    }

    [Fact]
    public void Bounds_OfCompleteLists_AreTheDivergencesThemselves()
    {
        var random = new Random(1);
        foreach (var vocabulary in new int?[] { 7, null })
            for (var trial = 0; trial < 50; trial++)
            {
                var (p, q) = (Lists.Draw(random, 7, 2), Lists.Draw(random, 7, 2));
                var bounds = PositionBounds.Of(Lists.Top(p, 7), Lists.Top(q, 7), new BoundOptions { Vocabulary = vocabulary });
                foreach (var (name, value, bracket) in bounds.Beside(p, q))
                {
                    Assert.True(Math.Abs(bracket.Lower - value) < 1e-13, $"{name} {bracket} {value:R}");
                    Assert.True(Math.Abs(bracket.Upper - value) < 1e-13, $"{name} {bracket} {value:R}");
                }
            }
    }

    [Fact]
    public void Bounds_OfEqualLists_StartAtExactlyZero()
    {
        var list = Lists.Of((4, 0.5), (5, 0.25), (6, 0.01));
        var bounds = PositionBounds.Of(list, list, new BoundOptions { Vocabulary = 151_936, Floor = -30 });
        Assert.Equal(0, bounds.Forward.Lower);
        Assert.Equal(0, bounds.JensenShannon.Lower);
        Assert.Equal(0.24, bounds.TotalVariation.Upper, 1e-7);
        Assert.Equal(Math.Sqrt(0.24), bounds.Hellinger.Upper, 1e-3);
    }

    /// <summary>A list of top k beside the distribution that it was cut from: what nobody would notice to be wrong on average, every draw would.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Bounds_OfListsCutFromDistributions_HoldTheTrueValues(double sharpness)
    {
        var random = new Random(2);
        for (var trial = 0; trial < 200; trial++)
        {
            var vocabulary = random.Next(2, 40);
            var p = Lists.Draw(random, vocabulary, sharpness);
            var q = Lists.Draw(random, vocabulary, sharpness);
            if (trial % 2 == 0) q = [.. p.Zip(q, (a, b) => 0.9 * a + 0.1 * b)];
            var floor = Math.Log(Math.Min(p.Min(), q.Min()));
            var (a, b) = (Lists.Top(p, random.Next(1, vocabulary + 1)), Lists.Top(q, random.Next(1, vocabulary + 1)));
            foreach (var options in new BoundOptions[] { new(), new() { Vocabulary = vocabulary }, new() { Floor = floor }, new() { Vocabulary = vocabulary, Floor = floor } })
                Lists.AssertHolds(PositionBounds.Of(a, b, options), p, q);
        }
    }

    /// <summary>Completions at the corners of what the lists allow: the rest poured into tokens in random order, each to the brim.</summary>
    [Fact]
    public void Bounds_OfExtremeCompletions_HoldTheirValues()
    {
        var random = new Random(5);
        for (var trial = 0; trial < 60; trial++)
        {
            var (p, q) = (Lists.Draw(random, 12, 2), Lists.Draw(random, 12, 2));
            var (a, b) = (Lists.Top(p, random.Next(1, 12)), Lists.Top(q, random.Next(1, 12)));
            var bounds = PositionBounds.Of(a, b, new BoundOptions { Vocabulary = 12 });
            for (var completion = 0; completion < 100; completion++) Lists.AssertHolds(bounds, Poured(a, random), Poured(b, random));
        }
    }

    /// <summary>More knowledge never widens a bracket.</summary>
    [Fact]
    public void Bounds_WithMoreKnown_AreNotWider()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 200; trial++)
        {
            var (p, q) = (Lists.Draw(random, 12, 2), Lists.Draw(random, 12, 2));
            var floor = Math.Log(Math.Min(p.Min(), q.Min()));
            var shorter = PositionBounds.Of(Lists.Top(p, 4), Lists.Top(q, 4), new BoundOptions());
            var sized = PositionBounds.Of(Lists.Top(p, 4), Lists.Top(q, 4), new BoundOptions { Vocabulary = 12 });
            var floored = PositionBounds.Of(Lists.Top(p, 4), Lists.Top(q, 4), new BoundOptions { Vocabulary = 12, Floor = floor });
            var longer = PositionBounds.Of(Lists.Top(p, 8), Lists.Top(q, 8), new BoundOptions { Vocabulary = 12, Floor = floor });
            foreach (var (wide, narrow) in new[] { (shorter, sized), (sized, floored), (floored, longer) })
                foreach (var ((name, _, outer), (_, _, inner)) in wide.Beside(p, q).Zip(narrow.Beside(p, q)))
                    Assert.True(inner.Lower >= outer.Lower - 1e-9 && inner.Upper <= outer.Upper + 1e-9, $"{name}: {inner} is not within {outer}");
        }
    }

    [Fact]
    public void Lower_Always_IsAtLeastTheBucket()
    {
        var random = new Random(4);
        for (var trial = 0; trial < 300; trial++)
        {
            var (p, q) = (Lists.Draw(random, 20, 3), Lists.Draw(random, 20, 3));
            var bounds = PositionBounds.Of(Lists.Top(p, random.Next(1, 10)), Lists.Top(q, random.Next(1, 10)), new BoundOptions { Vocabulary = trial % 2 == 0 ? 20 : null });
            Assert.True(bounds.Forward.Lower >= bounds.ForwardBucket - 1e-12, $"{bounds.Forward.Lower:R} {bounds.ForwardBucket:R}");
            Assert.True(bounds.Reverse.Lower >= bounds.ReverseBucket - 1e-12);
        }
    }

    /// <summary>p = (0.9, 0.1), q = (0.6, 0.4), one token listed: the truncated sum is negative, the bracket holds 0.311 of it.</summary>
    [Fact]
    public void Bounds_WhereTheTruncatedSumIsNegative_HoldTheTruth()
    {
        double[] p = [0.6, 0.4];
        double[] q = [0.9, 0.1];
        var bounds = PositionBounds.Of(Lists.Top(p, 1), Lists.Top(q, 1), new BoundOptions { Vocabulary = 2 });
        Assert.True(0.6 * Math.Log(0.6 / 0.9) < -0.24);
        Assert.Equal(Lists.Kl(p, q), bounds.Forward.Lower, 1e-12);
        Assert.Equal(Lists.Kl(p, q), bounds.Forward.Upper, 1e-12);
    }

    /// <summary>With a floor and many tokens: sum over A of p ln(p/q), plus r ln(cap/floor).</summary>
    [Fact]
    public void Upper_WithAFloor_IsTheFormula()
    {
        const double Floor = -40;
        var p = Lists.Of((0, 0.4), (1, 0.3), (2, 0.01));
        var q = Lists.Of((0, 0.5), (3, 0.2), (4, 0.02));
        var bounds = PositionBounds.Of(p, q, new BoundOptions { Vocabulary = 100_000, Floor = Floor });
        var formula = 0.4 * Math.Log(0.8) + 0.3 * (Math.Log(0.3) - Floor) + 0.01 * (Math.Log(0.01) - Floor) + 0.29 * (Math.Log(0.01) - Floor);
        Assert.Equal(formula, bounds.Forward.Upper, 1e-9);
        Assert.True(bounds.Forward.Upper <= formula + 1e-12);
    }

    private static double[] Poured(KnownTokens list, Random random)
    {
        var mass = new double[12];
        for (var i = 0; i < list.Tokens.Length; i++) mass[list.Tokens[i]] = Math.Exp(list.LogProbabilities[i]);
        var (rest, cap) = (1 - mass.Sum(), list.LogProbabilities.Select(Math.Exp).Min());
        int[] others = [.. Enumerable.Range(0, 12).Except(list.Tokens)];
        random.Shuffle(others);
        foreach (var token in others) rest -= mass[token] = Math.Clamp(rest, 0, cap);
        return mass;
    }

    [Fact]
    public void Upper_OfBoundedMeasures_IsThatOfDisjointRests()
    {
        var bounds = PositionBounds.Of(Lists.Of((0, 0.9)), Lists.Of((0, 0.8)), new BoundOptions { Vocabulary = 50_000 });
        // The rests of 0.1 and 0.2 on tokens of their own.
        Assert.Equal(0.2, bounds.TotalVariation.Upper, 1e-12);
        Assert.Equal(Lists.JensenShannon([0.9, 0.1, 0], [0.8, 0, 0.2]), bounds.JensenShannon.Upper, 1e-12);
        Assert.Equal(Lists.Hellinger([0.9, 0.1, 0], [0.8, 0, 0.2]), bounds.Hellinger.Upper, 1e-12);
        Assert.Equal(Lists.JensenShannon([0.9, 0.1], [0.8, 0.2]), bounds.JensenShannon.Lower, 1e-12);
    }
}
