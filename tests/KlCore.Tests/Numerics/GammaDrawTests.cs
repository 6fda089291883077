using KlCore.Numerics;

namespace KlCore.Tests.Numerics;

/// <summary>Gamma variates against their distribution function, in logarithms where they are below the least double.</summary>
public class GammaDrawTests
{
    // Kolmogorov's statistic of 20000 draws exceeds 1.95/sqrt(n) once in a thousand times; the seed is fixed.
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.7)]
    [InlineData(1)]
    [InlineData(3.5)]
    [InlineData(2000)]
    [InlineData(1e10)]
    public void Of_AnyShape_FollowsItsDistribution(double shape)
    {
        var random = new RandomStream(1, 0, "gamma");
        var draws = Enumerable.Range(0, 20_000).Select(_ => IncompleteGamma.Lower(shape, GammaDraw.Of(shape, random))).Order().ToArray();
        Assert.InRange(Farthest(draws), 0, 1.95 / Math.Sqrt(draws.Length));
    }

    // For a tiny shape P(a, x) is x^a / Gamma(1 + a) wherever the variate is small: a ln G is minus an exponential variate.
    [Fact]
    public void LogOf_ShapeBelowEveryDouble_IsFiniteAndExponential()
    {
        const double shape = 1e-8;
        var random = new RandomStream(1, 0, "gamma");
        var draws = Enumerable.Range(0, 20_000).Select(_ => Math.Exp(shape * GammaDraw.LogOf(shape, random))).Order().ToArray();
        Assert.InRange(Farthest(draws), 0, 1.95 / Math.Sqrt(draws.Length));
    }

    private static double Farthest(double[] uniforms) =>
        uniforms.Select((u, i) => Math.Max(Math.Abs(u - (double)i / uniforms.Length), Math.Abs(u - (i + 1.0) / uniforms.Length))).Max();
}
