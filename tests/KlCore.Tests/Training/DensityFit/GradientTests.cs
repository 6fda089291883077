using KlCore.Distributions;
using KlCore.Numerics;
using KlCore.Training.DensityFit;

namespace KlCore.Tests.Training.DensityFit;

/// <summary>Every gradient against differences of what it is the gradient of, or against another way to find it.</summary>
public class GradientTests
{
    [Fact]
    public void Panels_OfSamplesOverManyOrdersOfMagnitude_AreBounded()
    {
        var random = new RandomStream(1, 0, "lognormal samples");
        var samples = new Points(Enumerable.Range(0, 200_000).Select(_ => Math.Exp(5 * random.NextNormal())));
        var density = StandardTarget.Of(samples).Density;
        var (breaks, mass) = (new List<Break>(), 0.0);
        density.AddBreaks(breaks);
        Assert.InRange(breaks.Count, 100, 2500);
        var ends = new List<double>();
        Break.Merge(breaks, ends);
        // The panels still hold the whole of the density.
        for (var i = 1; i < ends.Count; i++) mass += MathNet.Numerics.Integration.GaussLegendreRule.Integrate(x => Math.Exp(density.LogDensity(x)), ends[i - 1], ends[i], 12);
        Assert.Equal(1, mass, 1e-6);
    }

    private static readonly GaussianMixture Target = new() { Weights = [0.3, 0.7], Means = new Points([-1.2, 0.6]), StandardDeviations = [0.4, 0.7] };

    private static readonly GaussianMixture Plane = new()
    {
        Weights = [0.3, 0.7],
        Means = new Points([[-1.0, 0.2], [0.8, -0.1]]),
        Covariances = [[[0.5, 0.2], [0.2, 0.6]], [[0.9, -0.3], [-0.3, 0.4]]],
    };

    private static readonly Dictionary<string, Objective> Objectives = new()
    {
        ["forward-kl"] = new ForwardKl(),
        ["reverse-kl"] = new ReverseKl(),
        ["jeffreys"] = new Jeffreys(),
        ["jensen-shannon"] = new JensenShannon { Weight = 0.3 },
        ["renyi"] = new Renyi { Order = 0.7 },
        ["renyi above 1"] = new Renyi { Order = 1.5 },
        ["alpha"] = new Amari { Alpha = 0.3 },
    };

    public static TheoryData<string> Names => [.. Objectives.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Quadrature_MatchesDifferencesOfItsLoss(string name)
    {
        var estimate = new QuadratureGradient(MixtureDensity.Of(Target), Objectives[name]);
        AssertGradient(estimate, 1, 1, [0.3, -0.2], 1e-6);
        AssertGradient(estimate, 2, 1, [0.3, -0.2, -0.8, 0.1, 0.4, -0.3], 1e-6);
    }

    [Fact]
    public void Likelihood_MatchesDifferencesOfItsLoss()
    {
        var samples = MixtureDensity.Of(Plane).Sample(40, new RandomStream(1, 0, "test"), plain: false);
        var estimate = new LikelihoodGradient(StandardTarget.Of(samples), 40, seed: 1);
        AssertGradient(estimate, 2, 2, [0.3, -0.2, 0.1, -0.4, 0.5, -0.8, 0.1, -0.1, 0.2, -0.3, 0.2, -0.5], 1e-7);
    }

    // The mean over many steps lies within five of its standard errors of the quadrature's gradient, in every parameter.
    [Theory]
    [MemberData(nameof(Names))]
    public void Sampling_OnAverage_IsTheGradientByQuadrature(string name)
    {
        const int steps = 400;
        var model = new MixtureDensity(2, 1);
        double[] parameters = [0.4, -0.1, -0.7, -0.2, 0.3, -0.1];
        MixtureParameters.Load(parameters, model);
        var exact = new double[parameters.Length];
        var loss = new QuadratureGradient(MixtureDensity.Of(Target), Objectives[name]).Evaluate(0, model, exact);
        var sampling = new SamplingGradient(MixtureDensity.Of(Target), Objectives[name], draws: 500, seed: 3);
        var (sums, squares, gradient) = (new double[7], new double[7], new double[6]);
        for (var step = 0; step < steps; step++)
        {
            var value = sampling.Evaluate(step, model, gradient);
            double[] all = [.. gradient, value];
            for (var i = 0; i < all.Length; i++) (sums[i], squares[i]) = (sums[i] + all[i], squares[i] + all[i] * all[i]);
        }

        double[] expected = [.. exact, loss];
        for (var i = 0; i < expected.Length; i++)
        {
            var mean = sums[i] / steps;
            var error = Math.Sqrt((squares[i] / steps - mean * mean) / steps);
            // Renyi's logarithm of a mean is biased by about half its relative variance, which is far below the margin here.
            Assert.InRange(mean, expected[i] - 5 * error - 1e-4, expected[i] + 5 * error + 1e-4);
            Assert.InRange(error, 0, 0.02);
        }
    }

    [Fact]
    public void Sampling_WhereTheModelIsTheTarget_HasNoNoise()
    {
        var target = MixtureDensity.Of(Plane);
        var gradient = new double[MixtureParameters.Count(2, 2)];
        foreach (var objective in Objectives.Values)
        {
            var loss = new SamplingGradient(target, objective, draws: 50, seed: 1).Evaluate(7, MixtureDensity.Of(Plane), gradient);
            Assert.Equal(0, loss, 1e-12);
            Assert.All(gradient, element => Assert.Equal(0, element, 1e-12));
        }
    }

    [Fact]
    public void Densities_HaveTheGradientsOfTheirLogarithms()
    {
        var points = MixtureDensity.Of(Plane).Sample(30, new RandomStream(2, 0, "test"), plain: false);
        var line = new Points(MixtureDensity.Of(Target).Sample(30, new RandomStream(2, 0, "test"), plain: true).Coordinates.ToArray());
        AssertSpatialGradient(MixtureDensity.Of(Plane), [0.4, -0.7]);
        AssertSpatialGradient(KernelDensity.Estimate(points), [0.4, -0.7]);
        AssertSpatialGradient(KernelDensity.Estimate(line), [0.37]);
    }

    private static void AssertSpatialGradient(Density density, double[] x)
    {
        var gradient = new double[x.Length];
        Assert.Equal(density.LogDensity(x), density.LogDensity(x, gradient), 1e-12);
        for (var i = 0; i < x.Length; i++)
        {
            const double h = 1e-5;
            double[] up = [.. x], down = [.. x];
            (up[i], down[i]) = (up[i] + h, down[i] - h);
            Assert.Equal((density.LogDensity(up) - density.LogDensity(down)) / (2 * h), gradient[i], 1e-6);
        }
    }

    private static void AssertGradient(GradientEstimate estimate, int components, int dimension, double[] parameters, double tolerance)
    {
        var model = new MixtureDensity(components, dimension);
        Assert.Equal(MixtureParameters.Count(components, dimension), parameters.Length);
        var (gradient, unused) = (new double[parameters.Length], new double[parameters.Length]);
        MixtureParameters.Load(parameters, model);
        estimate.Evaluate(0, model, gradient);
        for (var i = 0; i < parameters.Length; i++)
        {
            const double h = 1e-5;
            double Loss(double shift)
            {
                double[] moved = [.. parameters];
                moved[i] += shift;
                MixtureParameters.Load(moved, model);
                return estimate.Evaluate(0, model, unused);
            }

            Assert.Equal((Loss(h) - Loss(-h)) / (2 * h), gradient[i], tolerance);
        }
    }
}
