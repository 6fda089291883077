using KlCore.Policies;

namespace KlCore.Tests.Policies;

/// <summary>What each estimator is said to estimate and to minimise, by enumeration of the vocabulary.</summary>
public class ExpectationTests
{
    private static readonly Enumeration Case = Enumeration.Typical;

    [Theory]
    [InlineData(PolicyEstimator.K1)]
    [InlineData(PolicyEstimator.K3)]
    [InlineData(PolicyEstimator.K3Plus)]
    [InlineData(PolicyEstimator.Optimal)]
    public void Value_OfAnUnbiasedEstimator_IsTheKlInExpectation(PolicyEstimator estimator)
    {
        Assert.True(EstimatorFacts.Of(estimator).Unbiased);
        Assert.Equal(Case.Kl, Mean(Case.Policy, Case.Terms(estimator).Values), 1e-14);
    }

    [Fact]
    public void Value_OfK2AndAbsolute_IsBiased()
    {
        Assert.All([PolicyEstimator.K2, PolicyEstimator.Absolute], estimator => Assert.False(EstimatorFacts.Of(estimator).Unbiased));
        Assert.True(Math.Abs(Mean(Case.Policy, Case.Terms(PolicyEstimator.K2).Values) - Case.Kl) > 1e-3);
        Assert.True(Mean(Case.Policy, Case.Terms(PolicyEstimator.Absolute).Values) > Case.Kl + 0.1);
    }

    [Fact]
    public void Value_OfImportance_IsTheKlForTokensOfTheOldPolicy() =>
        Assert.Equal(Case.Kl, Mean(Case.Old, Case.Terms(PolicyEstimator.Importance).Values), 1e-14);

    [Theory]
    [InlineData(PolicyEstimator.K1, 0, 0)]
    [InlineData(PolicyEstimator.K2, 1, 0)]
    [InlineData(PolicyEstimator.K3, 0, 1)]
    [InlineData(PolicyEstimator.K3Plus, 1, 0)]
    public void GradientInTheLoss_OfEach_IsThatOfWhatItSays(PolicyEstimator estimator, double reverse, double forward)
    {
        var expected = Enumeration.Slope(pi => (reverse * Enumeration.KlBetween(pi, Case.Reference)) + (forward * Enumeration.KlBetween(Case.Reference, pi)));
        AssertSame(expected, Case.OnLogits(Case.Policy, Case.Terms(estimator).Derivatives), 1e-11);
        Assert.Equal((reverse, forward) switch { (1, 0) => "KL(pi||ref)", (0, 1) => "KL(ref||pi)", _ => "0" }, EstimatorFacts.Of(estimator).GradientOf);
    }

    [Fact]
    public void GradientInTheLoss_OfImportance_IsThatOfTheReverseKl() =>
        AssertSame(Enumeration.Slope(pi => Enumeration.KlBetween(pi, Case.Reference)), Case.OnLogits(Case.Old, Case.Terms(PolicyEstimator.Importance).Derivatives), 1e-11);

    [Fact]
    public void GradientInTheLoss_OfAbsolute_IsThatOfTwiceTheTotalVariation() =>
        AssertSame(Enumeration.Slope(pi => pi.Zip(Case.Reference, (p, r) => Math.Abs(p - r)).Sum()), Case.OnLogits(Case.Policy, Case.Terms(PolicyEstimator.Absolute).Derivatives), 1e-11);

    [Fact]
    public void GradientInTheLoss_OfOptimal_IsLambdaTimesThatOfTheForwardKl()
    {
        var lambda = PolicyEvaluation.Of(Case.Batch(), new() { Estimators = [PolicyEstimator.Optimal] }).Results.Single().Control!.Lambda;
        AssertSame(Enumeration.Slope(pi => lambda * Enumeration.KlBetween(Case.Reference, pi)), Case.OnLogits(Case.Policy, Case.Terms(PolicyEstimator.Optimal).Derivatives), 1e-11);
    }

    [Theory]
    [InlineData(PolicyEstimator.K1, 0)]
    [InlineData(PolicyEstimator.K3, 1)]
    [InlineData(PolicyEstimator.K3Plus, 1)]
    public void GradientInTheReward_OfEach_IsThatOfWhatItSays(PolicyEstimator estimator, double forward)
    {
        var expected = Enumeration.Slope(pi => Enumeration.KlBetween(pi, Case.Reference) - (forward * Enumeration.KlBetween(Case.Reference, pi)));
        AssertSame(expected, Case.OnLogits(Case.Policy, Case.Terms(estimator).Values), 1e-11);
        Assert.Equal(forward == 0 ? "KL(pi||ref)" : "KL(pi||ref) - KL(ref||pi)", EstimatorFacts.Of(estimator).GradientOfReward);
    }

    [Fact]
    public void GradientInTheReward_OfK2_IsThatOfItsMeanLessTheKl()
    {
        var expected = Enumeration.Slope(pi => pi.Zip(Case.Reference, (p, r) => p * Math.Log(p / r) * Math.Log(p / r) / 2).Sum() - Enumeration.KlBetween(pi, Case.Reference));
        AssertSame(expected, Case.OnLogits(Case.Policy, Case.Terms(PolicyEstimator.K2).Values), 1e-11);
    }

    [Fact]
    public void Facts_OfEach_AreInAscii() =>
        Assert.All(Enum.GetValues<PolicyEstimator>(), estimator => Assert.True(EstimatorFacts.Of(estimator).ToString().All(char.IsAscii)));

    private static double Mean(double[] weights, double[] values) => weights.Zip(values, (weight, value) => weight * value).Sum();

    private static void AssertSame(double[] expected, double[] actual, double tolerance) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
}
