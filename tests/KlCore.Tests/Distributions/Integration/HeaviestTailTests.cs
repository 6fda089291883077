using KlCore.Distributions;
using KlCore.Divergences;

namespace KlCore.Tests.Distributions.Integration;

/// <summary>Tails that reach beyond all doubles: what lies there counts, and the bound knows how much.</summary>
public class HeaviestTailTests
{
    private static readonly MeasureOptions Quadrature = new() { Method = Approach.Quadrature };

    // ln(((s + t)^2 + (m - n)^2) / (4 s t)).
    [Theory]
    [InlineData(0.7, 2, -3, 0.5)]
    [InlineData(0.7, 0.5, 0.7, 2)]
    [InlineData(0, 1e-3, 5, 1)]
    [InlineData(0, 1, 0, 1e100)]
    public void Quadrature_OfTwoCauchys_IsTheirClosedForm(double m, double s, double n, double t)
    {
        var pair = Pair(new Cauchy { Location = m, Scale = s }, new Cauchy { Location = n, Scale = t });
        var found = pair.Measure(new KullbackLeibler(), Quadrature);
        Assert.Equal(Method.Quadrature, found.Method);
        var expected = Math.Log((s + t) * (s + t) + (m - n) * (m - n)) - Math.Log(4 * s) - Math.Log(t);
        Assert.Equal(expected, found.Value, found.ErrorBound!.Value);
        Assert.InRange(found.ErrorBound.Value, 0, 1e-9 * expected);
    }

    [Fact]
    public void Quadrature_OfAStudentThatIsCauchy_IsCauchys()
    {
        var pair = Pair(new StudentT { DegreesOfFreedom = 1, Location = 0, Scale = 1 }, new Cauchy { Location = 3, Scale = 0.5 });
        var found = pair.Measure(new KullbackLeibler(), new MeasureOptions());
        Assert.Equal(Math.Log((2.25 + 9) / 2), found.Value, 1e-9);
    }

    private static DistributionPair Pair(Distribution p, Distribution q)
    {
        var problems = new Problems();
        return DistributionPair.TryFrom(p, q, problems) ?? throw new InvalidInputException(problems);
    }
}
