using KlCore.Distributions;

namespace KlCore.Tests.Distributions.Integration;

/// <summary>Entropies by integral against those by formula, and what a picture of two distributions shows.</summary>
public class EntropyAndDrawingTests
{
    [Fact]
    public void Entropy_ByIntegral_IsThatByFormula_ForEveryFamilyWithOne()
    {
        foreach (var distribution in Examples.Typical)
        {
            if (distribution.EntropyByFormula() is not { } formula) continue;
            var measured = distribution.Entropy(new MeasureOptions { Method = Approach.Quadrature });
            Assert.True(Math.Abs(measured.Value - formula) <= measured.ErrorBound + 1e-12 * (1 + Math.Abs(formula)), $"{distribution}: {measured.Value:R} within {measured.ErrorBound:G3}, {formula:R} by formula");
        }
    }

    [Fact]
    public void Entropy_OfTwoDistantComponents_IsThatOfOneAndABit()
    {
        var mixture = new GaussianMixture { Weights = [0.5, 0.5], Means = new Points([[-100.0, 0], [100, 0]]), StandardDeviations = [1, 1] };
        var measured = mixture.Entropy(new MeasureOptions(), Unit.Bits);
        Assert.Equal(1 + Math.Log2(2 * Math.PI * Math.E), measured.Value, 1e-9);
        Assert.Equal(Method.Quadrature, measured.Method);
        var drawn = mixture.Entropy(new MeasureOptions { Method = Approach.MonteCarlo });
        Assert.InRange(drawn.Value, (1 + Math.Log2(2 * Math.PI * Math.E)) * Math.Log(2) - 5 * drawn.StandardError!.Value, (1 + Math.Log2(2 * Math.PI * Math.E)) * Math.Log(2) + 5 * drawn.StandardError.Value);
    }

    [Fact]
    public void Drawing_ShowsBothAndWhereTheDivergenceComesFrom()
    {
        var reals = DensityDrawing.Draw(Pair(new Gamma { Shape = 0.5, Rate = 1 }, new Normal { Mean = 0, StandardDeviation = 3 }), Unit.Bits);
        Assert.Equal(3, reals.Series.Count);
        Assert.All(reals.Series, series => Assert.DoesNotContain(series.Y, double.IsNaN));
        Assert.Contains("bits", reals.Description, StringComparison.Ordinal);
        var integers = DensityDrawing.Draw(Pair(new Poisson { Rate = 4 }, new Geometric { Probability = 0.2 }), Unit.Nats);
        Assert.Equal(0, integers.Series[0].X[0]);
        Assert.Equal(Math.Exp(-4), integers.Series[0].Y[0], 1e-12);
        Assert.InRange(DensityDrawing.Draw(Pair(new Poisson { Rate = 1e12 }, new Poisson { Rate = 2e12 }), Unit.Nats).Series[0].X.Count, 100, 500);
        var plane = new MultivariateNormal { Mean = [0, 0], Covariance = [[1, 0], [0, 1]] };
        Assert.Equal("no-picture", Assert.Throws<NotComputableException>(() => DensityDrawing.Draw(Pair(plane, plane), Unit.Nats)).Code);
    }

    private static DistributionPair Pair(Distribution p, Distribution q) => DistributionPair.TryFrom(p, q, new Problems())!;
}
