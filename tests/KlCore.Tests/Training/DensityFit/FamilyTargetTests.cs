using KlCore.Distributions;
using KlCore.Training.DensityFit;

namespace KlCore.Tests.Training.DensityFit;

/// <summary>Fits to distributions that are no mixtures of Gaussians.</summary>
public class FamilyTargetTests
{
    public static TheoryData<Continuous> Targets =>
    [
        new Gamma { Shape = 3, Rate = 0.01 },
        new Gamma { Shape = 0.3, Rate = 2 },
        new LogNormal { Location = 1, Scale = 0.5 },
        new Lomax { Shape = 5, Scale = 3 },
        new Weibull { Shape = 5, Scale = 1e-6 },
    ];

    // The forward KL is least for the normal with the target's moments.
    [Theory]
    [MemberData(nameof(Targets))]
    public void ForwardKl_FindsTheMoments(Continuous target)
    {
        var result = Fit(target, new ForwardKl(), 600);
        var fitted = Assert.IsType<Normal>(result.Model);
        var deviation = Math.Sqrt(target.Variance()!.Value);
        Assert.Equal(target.Expectation()!.Value, fitted.Mean, 1e-3 * deviation);
        Assert.Equal(deviation, fitted.StandardDeviation, 1e-3 * deviation);
        Assert.Contains(result.Forward.Method, new[] { Method.ClosedForm, Method.Quadrature });
        // Of the normal with the moments: ln(sd sqrt(2 pi e)) less the entropy.
        if (target.EntropyByFormula() is { } entropy) Assert.Equal(0.5 + 0.91893853320467274178 + Math.Log(deviation) - entropy, result.Forward.Value, 1e-5);
        Assert.Equal(double.PositiveInfinity, result.Reverse.Value);
        Assert.DoesNotContain(result.Curves.P, double.IsNaN);
    }

    [Fact]
    public void JensenShannon_OfAHalfLine_IsFinite()
    {
        var result = Fit(new Exponential { Rate = 2 }, new JensenShannon(), 300);
        Assert.InRange(((Normal)result.Model).Mean, 0.1, 0.6);
    }

    [Fact]
    public void WhatHasNoNormal_IsRefused()
    {
        Assert.Contains("finite mean and variance", Refusal(new Lomax { Shape = 1.5, Scale = 1 }, new ForwardKl()), StringComparison.Ordinal);
        Assert.Contains("finite mean and variance", Refusal(new HalfCauchy { Scale = 1 }, new ForwardKl()), StringComparison.Ordinal);
        Assert.Contains("density", Refusal(new Poisson { Rate = 1 }, new ForwardKl()), StringComparison.Ordinal);
        Assert.Contains("infinite", Refusal(new Exponential { Rate = 1 }, new ReverseKl()), StringComparison.Ordinal);
        Assert.Contains("tails", Refusal(new LogNormal { Location = 0, Scale = 1 }, new Renyi { Order = 2 }), StringComparison.Ordinal);
        Assert.Equal("", Refusal(new Exponential { Rate = 1 }, new Renyi { Order = 0.5 }));
    }

    private static string Refusal(Distribution target, Objective objective)
    {
        var problems = new Problems();
        Specification(target, objective, 10).Check(problems);
        return string.Join(" ", problems.ByPointer().SelectMany(entry => entry.Value));
    }

    private static DensityFitResult Fit(Distribution target, Objective objective, int steps) => Fits.Run(Specification(target, objective, steps));

    private static DensityFitSpecification Specification(Distribution target, Objective objective, int steps) =>
        new() { Target = new FamilyTarget(target), Model = new NormalModel(), Objective = objective, Steps = steps };
}
