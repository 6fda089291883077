using KlCore.Policies;

namespace KlCore.Tests.Policies;

public class TokenTermTests
{
    /// <summary>e^-delta - 1 + delta to 20 digits by mpmath; the deltas are exact in doubles.</summary>
    [Theory]
    [InlineData(0.25, 0.028800783071404868245)]
    [InlineData(0.5, 0.1065306597126334236)]
    [InlineData(-0.5, 0.14872127070012814685)]
    [InlineData(0.75, 0.22236655274101470714)]
    [InlineData(-0.75, 0.36700001661267466855)]
    [InlineData(10, 9.0000453999297624849)]
    [InlineData(-10, 22015.465794806716517)]
    [InlineData(700, 699.0)]
    [InlineData(-700, 1.0142320547350045095e304)]
    [InlineData(9.5367431640625e-07, 4.5474720632620892008e-13)]
    [InlineData(-9.5367431640625e-07, 4.5474749544678824956e-13)]
    [InlineData(9.094947017729282e-13, 4.1359030627638845137e-25)]
    [InlineData(-9.094947017729282e-13, 4.135903062766392235e-25)]
    public void K3_AtAnyDelta_KeepsItsDigits(double delta, double expected) => Assert.Equal(1, TokenTerm.K3(delta) / expected, 1e-14);

    [Fact]
    public void K3_OfNearlyEqualPolicies_IsNeverNegative()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var delta = (random.NextDouble() - 0.5) * Math.Pow(10, -random.Next(0, 320));
            Assert.True(TokenTerm.K3(delta) >= 0);
        }
    }

    [Fact]
    public void K3_AtInfinity_IsInfinite() => Assert.Equal(double.PositiveInfinity, TokenTerm.K3(double.PositiveInfinity));

    /// <summary>What verl's kl_penalty_forward and torch's clamp give for it.</summary>
    [Theory]
    [InlineData(-2, 4.38905609893065, false)]
    [InlineData(-2.6, 9.863738035001691, false)]
    [InlineData(-2.7, 10, true)]
    [InlineData(-30, 10, true)]
    [InlineData(9, 8.00012340980409, false)]
    [InlineData(12, 10, true)]
    [InlineData(30, 10, true)]
    public void Verl_ClampsK3(double delta, double value, bool clamped)
    {
        var term = TokenTerm.Of(PolicyEstimator.K3, PolicyClamp.Verl, delta, 0);
        Assert.Equal(value, term.Value, 1e-12);
        Assert.Equal(clamped, term.Clamped);
        Assert.Equal(clamped ? 0 : 1 - Math.Exp(-delta), term.Derivative, 1e-12);
        Assert.Equal((delta, false), (TokenTerm.Of(PolicyEstimator.K1, PolicyClamp.Verl, delta, 0).Value, TokenTerm.Of(PolicyEstimator.K1, PolicyClamp.Verl, delta, 0).Clamped));
        Assert.Equal(delta * delta / 2, TokenTerm.Of(PolicyEstimator.K2, PolicyClamp.Verl, delta, 0).Value);
        Assert.Equal((term.Value, delta), (TokenTerm.Of(PolicyEstimator.K3Plus, PolicyClamp.Verl, delta, 0).Value, TokenTerm.Of(PolicyEstimator.K3Plus, PolicyClamp.Verl, delta, 0).Derivative));
    }

    [Theory]
    [InlineData(PolicyEstimator.K1, -11, -10)]
    [InlineData(PolicyEstimator.K1, 11, 10)]
    [InlineData(PolicyEstimator.K2, 5, 10)]
    [InlineData(PolicyEstimator.K3, -3, 10)]
    [InlineData(PolicyEstimator.Absolute, -12, 10)]
    public void OpenRlhf_ClampsEveryValue(PolicyEstimator estimator, double delta, double value) =>
        Assert.Equal(new TokenTerm(value, 0, true), TokenTerm.Of(estimator, PolicyClamp.Openrlhf, delta, 0));

    [Fact]
    public void Importance_FarFromTheOldPolicy_NeitherOverflowsNorTurnsNaN()
    {
        // w k3 = e^-800 (e^790 - 1 - 790): both factors are beyond a double, the product is e^-10.
        Assert.Equal(1, TokenTerm.Of(PolicyEstimator.Importance, PolicyClamp.None, -790, -800).Value / Math.Exp(-10), 1e-12);
        Assert.Equal(0, TokenTerm.Of(PolicyEstimator.Importance, PolicyClamp.None, 0, 800).Value);
        Assert.Equal(double.PositiveInfinity, TokenTerm.Of(PolicyEstimator.Importance, PolicyClamp.None, double.PositiveInfinity, -800).Value);
        foreach (var delta in (double[])[-1e4, -1, 0, 1, 1e4, double.PositiveInfinity])
            foreach (var weight in (double[])[-1e4, -1, 0, 1, 1e4])
            {
                var term = TokenTerm.Of(PolicyEstimator.Importance, PolicyClamp.None, delta, weight);
                Assert.False(double.IsNaN(term.Value) || double.IsNaN(term.Derivative), $"{delta} {weight}");
                Assert.True(term.Value >= 0);
            }
    }
}
