using KlCore.Divergences;

namespace KlCore.Tests.Divergences;

public class PairFactsTests
{
    private static readonly Pair Textbook = Pair.From([0.1, 0.9], [0.9, 0.1]);
    private static readonly Pair Disjoint = Pair.From([0.25, 0.75, 0], [0, 0.5, 0.5]);

    [Fact]
    public void Entropies_TextbookPair_AreThoseOfTheFormula()
    {
        var own = -(0.1 * Math.Log(0.1) + 0.9 * Math.Log(0.9));
        var cross = -(0.1 * Math.Log(0.9) + 0.9 * Math.Log(0.1));
        var entropies = Entropies.Of(Textbook);
        Assert.Equal(own, entropies.P, 1e-15);
        Assert.Equal(own, entropies.Q, 1e-15);
        Assert.Equal(cross, entropies.CrossForward, 1e-15);
        Assert.Equal(cross, entropies.CrossReverse, 1e-15);
    }

    [Fact]
    public void Entropies_NearlyCertain_KeepWhatIsMissingFromOne()
    {
        const double Rare = 1e-30;
        var expected = Rare * (1 - Math.Log(Rare));
        Assert.Equal(1, Entropies.Of(Pair.From([1, Rare], [1, Rare])).P / expected, 1e-14);
    }

    [Fact]
    public void Support_Disjoint_IsTheMassOutside() => Assert.Equal(new Support(0.25, 0.5), Support.Of(Disjoint));

    [Fact]
    public void Contributions_TextbookPair_AreTheTermsOfTheSum() =>
        Assert.Equal([0.1 * Math.Log(1.0 / 9), 0.9 * Math.Log(9)], Contributions.Of(Textbook).Select(x => Math.Round(x, 15)), (a, b) => Math.Abs(a - b) < 2e-15);

    [Fact]
    public void Contributions_OutsideTheSupport_AreInfinite() =>
        Assert.Equal([double.PositiveInfinity, 0.75 * Math.Log(1.5), 0], Contributions.Of(Disjoint), (a, b) => a == b || Math.Abs(a - b) < 1e-15);

    [Fact]
    public void Warnings_OrdinaryPair_AreNone() => Assert.Empty(Warnings.Of(Textbook));

    [Fact]
    public void Warnings_Disjoint_SayWhichCategories()
    {
        Assert.Equal(
            ["q is 0 where p is positive in category 0: KL(p || q) is infinite", "p is 0 where q is positive in category 2: KL(q || p) is infinite"],
            Warnings.Of(Disjoint));
    }

    [Fact]
    public void Warnings_OfOverflow_NameTheMeasureAndNotATrueInfinity()
    {
        var far = Pair.From([1000, 0], [0, 1000], new() { Input = InputKind.Logits });
        Divergence measure = new ChiSquared();
        var value = measure.Between(far).Value;
        Assert.Equal(double.PositiveInfinity, value);
        Assert.StartsWith("chi-squared is finite but exceeds", Assert.Single(Warnings.OfOverflow(far, [(measure, value), (new Renyi { Order = 2 }, 1000)])));
        Assert.Empty(Warnings.OfOverflow(Disjoint, [(measure, double.PositiveInfinity)]));
    }

    [Fact]
    public void Warnings_SumWithinTolerance_SayWhatItWas() =>
        Assert.Equal(["p summed to 1.0000005 and was divided by that"], Warnings.Of(Pair.From([0.5, 0.5000005], [0.5, 0.5])));
}
