using KlCore.Distributions;
using KlCore.Training.DensityFit;

namespace KlCore.Tests.Training.DensityFit;

/// <summary>The divergences that a result reports, against closed forms and sums.</summary>
public class EvaluationTests
{
    // KL(N(m, s) ‖ N(n, t)) = ln(t/s) + (s² + (m−n)²)/(2t²) − ½.
    [Theory]
    [InlineData(0, 1, 0.5, 2)]
    [InlineData(0, 1, 30, 1)]
    [InlineData(0, 1, 0, 1e-3)]
    [InlineData(0, 1, 1e-9, 1)]
    [InlineData(0, 1e-4, 0, 1)]
    public void Quadrature_OfTwoNormals_IsTheClosedFormWithinItsBound(double m, double s, double n, double t)
    {
        var result = Unfitted(new Normal { Mean = m, StandardDeviation = s }, new NormalModel { Initial = new Normal { Mean = n, StandardDeviation = t } });
        AssertHolds(Closed(m, s, n, t), result.Forward);
        AssertHolds(Closed(n, t, m, s), result.Reverse);
    }

    [Fact]
    public void Quadrature_OfTwoModes_IsTheSumOnAFineGrid()
    {
        var (p, q) = (new double[400_001], new double[400_001]);
        const double h = 1e-4;
        for (var i = 0; i < p.Length; i++)
        {
            var x = -20 + i * h;
            p[i] = 0.5 * (Density(x, -3, 1) + Density(x, 3, 1));
            q[i] = Density(x, 0.5, 2);
        }

        var target = new GaussianMixture { Weights = [0.5, 0.5], Means = new Points([-3.0, 3]), StandardDeviations = [1, 1] };
        var result = Unfitted(target, new NormalModel { Initial = new Normal { Mean = 0.5, StandardDeviation = 2 } });
        Assert.Equal(h * p.Zip(q, (a, b) => a == 0 ? 0 : a * Math.Log(a / b)).Sum(), result.Forward.Value, 1e-10);
        Assert.Equal(h * p.Zip(q, (a, b) => b == 0 ? 0 : b * Math.Log(b / a)).Sum(), result.Reverse.Value, 1e-10);
    }

    // KL of N(0, I) and N((1, 0), I/4) in the plane: ½(tr + quadratic form − 2 + ln det ratio).
    [Fact]
    public void MonteCarlo_InThePlane_IsTheClosedFormWithinFiveErrors()
    {
        var result = Unfitted(
            new MultivariateNormal { Mean = [0, 0], Covariance = [[1, 0], [0, 1]] },
            new MultivariateNormalModel { Initial = new MultivariateNormal { Mean = [1, 0], Covariance = [[0.25, 0], [0, 0.25]] } });
        Assert.Equal(0.5 * (8 + 4 - 2 + 2 * Math.Log(0.25)), result.Forward.Value, 5 * result.Forward.StandardError ?? 1e-12);
        Assert.Equal(0.5 * (0.5 + 1 - 2 - 2 * Math.Log(0.25)), result.Reverse.Value, 5 * result.Reverse.StandardError ?? 1e-12);
        Assert.InRange(result.Forward.StandardError ?? 0, 0, 0.05);
    }

    [Fact]
    public void Curves_AreTheDensitiesInTheOriginalCoordinates()
    {
        var target = new Normal { Mean = 500, StandardDeviation = 100 };
        var curves = Unfitted(target, new NormalModel { Initial = new Normal { Mean = 520, StandardDeviation = 10 } }).Curves;
        for (var i = 0; i < curves.X.Length; i++)
        {
            Assert.Equal(Density(curves.X[i], 500, 100), curves.P[i], 1e-12);
            Assert.Equal(Density(curves.X[i], 520, 10), curves.Q[i], 1e-12);
            if (i > 0) Assert.True(curves.X[i] > curves.X[i - 1]);
        }

        Assert.InRange(curves.X[0], 0, 100);
        Assert.InRange(curves.X[^1], 900, 1000);
    }

    // A rate of 1e-300 leaves the model where it started, so that what is reported is known.
    private static DensityFitResult Unfitted(Distribution target, DensityModel model)
    {
        var specification = new DensityFitSpecification
        {
            Target = new FamilyTarget(target),
            Model = model,
            Optimizer = new KlCore.Training.Optimization.StochasticGradient { LearningRate = 1e-300 },
            Steps = 1,
        };
        return Fits.Run(specification);
    }

    private static void AssertHolds(double exact, Measurement measured)
    {
        Assert.Equal(Method.Quadrature, measured.Method);
        Assert.Equal(exact, measured.Value, measured.ErrorBound!.Value + 1e-14 * exact);
        Assert.InRange(measured.ErrorBound.Value, 0, 1e-4 * exact);
    }

    // In the form that does not cancel for nearly equal normals.
    private static double Closed(double m, double s, double n, double t)
    {
        var (r, z) = ((s - t) * (s + t) / (t * t), (m - n) / t);
        return 0.5 * (z * z + r - (Math.Abs(r) < 1e-8 ? r - r * r / 2 : 2 * Math.Log(s / t)));
    }

    private static double Density(double x, double mean, double deviation) =>
        Math.Exp(-0.5 * (x - mean) * (x - mean) / (deviation * deviation)) / (deviation * Math.Sqrt(2 * Math.PI));
}
