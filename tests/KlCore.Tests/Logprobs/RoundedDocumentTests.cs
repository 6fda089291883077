using System.Globalization;
using KlCore.Logprobs;
using KlCore.Logprobs.Completions;

namespace KlCore.Tests.Logprobs;

/// <summary>Documents that print few digits: the brackets hold what was meant, not only what was printed.</summary>
public sealed class RoundedDocumentTests
{
    /// <summary>Logarithms -0.69305 and -0.69315 both print as -0.6931, and 8.75e-9 of divergence is not seen.</summary>
    [Fact]
    public void Bracket_OfNumbersThatPrintAlike_HoldsWhatTheyHide()
    {
        const string Side = """[{"top":[["a",-0.6931],["b",-1.2040]]}]""";
        var comparison = CompletionComparison.Of(Documents.Read(Side), Documents.Read(Side), new BoundOptions { Vocabulary = 3 });
        double[] p = [Math.Exp(-0.69305), Math.Exp(-1.204), 1 - Math.Exp(-0.69305) - Math.Exp(-1.204)];
        double[] q = [Math.Exp(-0.69315), Math.Exp(-1.204), 1 - Math.Exp(-0.69315) - Math.Exp(-1.204)];
        AssertHolds(comparison.Positions[0].Bounds, p, q, "the example");
        Assert.InRange(comparison.Positions[0].Bounds.Forward.Upper, 8.7e-9, 1e-7);
        Assert.Equal(2, comparison.Warnings.Count(warning => warning.StartsWith("coarse-values", StringComparison.Ordinal) && warning.Contains("at most 5 digits", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("F2")]
    [InlineData("F3")]
    [InlineData("F4")]
    [InlineData("F6")]
    [InlineData("G3")]
    [InlineData("G5")]
    public void Bracket_OfPrintedDistributions_HoldsTheTruth(string format)
    {
        var random = new Random(13);
        for (var trial = 0; trial < 400; trial++)
        {
            var vocabulary = random.Next(2, 12);
            var p = Lists.Draw(random, vocabulary, 1 + trial % 3);
            var q = Lists.Draw(random, vocabulary, 2);
            if (trial % 4 != 0) q = Mixed(p, q, Math.Pow(10, -(trial % 4) - random.Next(3)));
            if (trial % 16 == 1) q = p;
            var options = new BoundOptions { Vocabulary = trial % 3 == 0 ? null : vocabulary, Floor = trial % 5 == 0 ? Math.Log(Math.Min(p.Min(), q.Min())) - 1e-9 : null };
            var (first, second) = (Printed(p, random.Next(1, vocabulary + 1), format), Printed(q, random.Next(1, vocabulary + 1), format));
            AssertHolds(CompletionComparison.Of(Documents.Read(first), Documents.Read(second), options).Positions[0].Bounds, p, q, $"{first} {second} {options}");
        }
    }

    /// <summary>What is printed with many digits has as lower bound nearly that of the exact lists.</summary>
    [Fact]
    public void Lower_OfFinelyRoundedLists_IsNearThatOfExactOnes()
    {
        var random = new Random(17);
        for (var trial = 0; trial < 200; trial++)
        {
            var (p, q) = (Lists.Draw(random, 12, 1), Lists.Draw(random, 12, 1));
            var (a, b) = (Lists.Top(p, random.Next(1, 9)), Lists.Top(q, random.Next(1, 9)));
            var options = new BoundOptions { Vocabulary = trial % 2 == 0 ? 12 : null };
            var exact = PositionBounds.Of(a, b, options);
            var rounded = PositionBounds.Of(Uncertain(a), Uncertain(b), options);
            foreach (var ((name, _, narrow), (_, _, wide)) in exact.Beside(p, q).Zip(rounded.Beside(p, q)))
                Assert.True(wide.Lower <= narrow.Lower + 1e-12 && wide.Lower >= narrow.Lower - (name == "hellinger" ? 1e-3 : 1e-6), $"{trial} {name} {narrow.Lower:R} {wide.Lower:R}");
        }
    }

    [Fact]
    public void Masses_WithinWhatTheDigitsAllow_AreAccepted()
    {
        foreach (var (logs, first) in new[] { ("-0.6931,-0.6931", 0.5), ("-0.6931,-0.6932", Math.Exp(-0.69312)), ("-0.7,-0.7", 0.5) })
        {
            double[] truth = [first, 1 - first];
            var side = Documents.Read($$"""[{"tokens":[1,2],"logprobs":[{{logs}}]}]""");
            foreach (var vocabulary in (int?[])[2, null])
                AssertHolds(CompletionComparison.Of(side, side, new BoundOptions { Vocabulary = vocabulary }).Positions[0].Bounds, truth, truth, logs);
        }

        foreach (var (code, logs) in new[] { ("mass-exceeds-one", "-0.6930,-0.6930"), ("mass-missing", "-0.6934,-0.6934") })
        {
            var side = Documents.Read($$"""[{"tokens":[1,2],"logprobs":[{{logs}}]}]""");
            var refused = Assert.Throws<NotComputableException>(() => CompletionComparison.Of(side, side, new BoundOptions { Vocabulary = 2 }));
            Assert.Equal(code, refused.Code);
            Assert.Contains("massTolerance can be raised", refused.Message, StringComparison.Ordinal);
        }
    }

    private static double[] Mixed(double[] p, double[] q, double share) => [.. p.Zip(q, (a, b) => (1 - share) * a + share * b)];

    private static string Printed(double[] distribution, int k, string format)
    {
        var top = distribution.Select((mass, token) => (token, mass)).OrderByDescending(entry => entry.mass).Take(k);
        return $"[{{\"top\":[{string.Join(',', top.Select(entry => $"[{entry.token},{Math.Log(entry.mass).ToString(format, CultureInfo.InvariantCulture)}]"))}]}}]";
    }

    private static KnownTokens Uncertain(KnownTokens list) => list with { Uncertainties = [.. list.Tokens.Select(_ => 1e-9)] };

    /// <summary>The definitions in forms that do not cancel, so that a bracket of 1e-9 can be judged.</summary>
    private static void AssertHolds(PositionBounds bounds, double[] p, double[] q, string what)
    {
        double[] middle = [.. p.Zip(q, (a, b) => (a + b) / 2)];
        foreach (var (name, value, bracket) in new[]
        {
            ("forward", Kl(p, q), bounds.Forward), ("reverse", Kl(q, p), bounds.Reverse), ("jensenShannon", (Kl(p, middle) + Kl(q, middle)) / 2, bounds.JensenShannon),
            ("totalVariation", Lists.TotalVariation(p, q), bounds.TotalVariation), ("hellinger", Math.Sqrt(p.Zip(q, (a, b) => Math.Pow(Math.Sqrt(a) - Math.Sqrt(b), 2)).Sum() / 2), bounds.Hellinger),
        })
            Assert.True(bracket.Lower >= 0 && bracket.Lower <= value + 1e-14 && value <= bracket.Upper + 1e-14, $"{name} {value:R} is not within [{bracket.Lower:R}, {bracket.Upper:R}]: {what}");
    }

    private static double Kl(double[] p, double[] q) => p.Zip(q, (a, b) => a * Math.Log(a / b) - a + b).Sum();
}
