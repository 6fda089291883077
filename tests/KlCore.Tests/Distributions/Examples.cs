using KlCore.Distributions;

namespace KlCore.Tests.Distributions;

/// <summary>
/// Instances of every univariate family, over which the laws of <see cref="UnivariateLawTests"/> run. A new family adds two lines or more: typical parameters, for
/// which integrals are compared, and the most extreme ones that are legal, which must not give NaN.
/// </summary>
internal static class Examples
{
    public static IEnumerable<Univariate> Typical => [.. TypicalOnTheLine, .. TypicalPositive, .. TypicalOfIntegers];

    public static IEnumerable<Univariate> Extreme => [.. ExtremeOnTheLine, .. ExtremePositive, .. ExtremeOfIntegers];

    private static IEnumerable<Univariate> TypicalOnTheLine =>
    [
        new Normal { Mean = -1.5, StandardDeviation = 0.2 },
    ];

    private static IEnumerable<Univariate> ExtremeOnTheLine =>
    [
        new Normal { Mean = 1e300, StandardDeviation = 1e-200 },
        new Normal { Mean = 0, StandardDeviation = 1e200 },
    ];

    private static IEnumerable<Univariate> TypicalPositive =>
    [
        new Exponential { Rate = 0.4 },
        new Gamma { Shape = 0.3, Rate = 2 },
        new Gamma { Shape = 7.5, Rate = 0.1 },
        new Gamma { Shape = 400, Rate = 1 },
        new InverseGamma { Shape = 3.5, Scale = 2 },
        new ChiSquared { DegreesOfFreedom = 5 },
        new Chi { DegreesOfFreedom = 1.5 },
        new Maxwell { Scale = 3 },
        new Rayleigh { Scale = 0.7 },
        new HalfNormal { Scale = 2 },
        new Nakagami { Shape = 0.6, Spread = 3 },
        new Nakagami { Shape = 20, Spread = 0.5 },
        new Weibull { Shape = 0.7, Scale = 2 },
        new Weibull { Shape = 3.6, Scale = 10 },
        new Frechet { Shape = 2.5, Scale = 1.5 },
        new Levy { Scale = 0.8 },
        new LogNormal { Location = -0.5, Scale = 0.9 },
        new InverseGaussian { Mean = 2, Shape = 0.6 },
        new InverseGaussian { Mean = 1, Shape = 30 },
        new Lindley { Parameter = 0.2 },
        new Lindley { Parameter = 9 },
        new LogLogistic { Shape = 2.6, Scale = 3 },
        new LogLogistic { Shape = 0.8, Scale = 1 },
        new Lomax { Shape = 2.5, Scale = 4 },
        new Pareto { Scale = 1.5, Shape = 2.2 },
        new Gompertz { Shape = 0.02, Rate = 0.3 },
        new Gompertz { Shape = 5, Rate = 2 },
        new HalfCauchy { Scale = 1.7 },
        new LogUniform { Lower = 0.01, Upper = 50 },
    ];

    private static IEnumerable<Univariate> ExtremePositive =>
    [
        new Exponential { Rate = 1e-200 },
        new Exponential { Rate = double.MaxValue },
        new Gamma { Shape = 1e-8, Rate = 1 },
        new Gamma { Shape = 1e10, Rate = 1e200 },
        new Gamma { Shape = 1e300, Rate = 1e-200 },
        new Gamma { Shape = double.Epsilon, Rate = double.Epsilon },
        new InverseGamma { Shape = 1e-8, Scale = 1e-200 },
        new InverseGamma { Shape = 1e10, Scale = 1 },
        new ChiSquared { DegreesOfFreedom = 1e-8 },
        new ChiSquared { DegreesOfFreedom = 1e10 },
        new Chi { DegreesOfFreedom = 1e-8 },
        new Chi { DegreesOfFreedom = 1e10 },
        new Maxwell { Scale = 1e200 },
        new Rayleigh { Scale = 1e-200 },
        new HalfNormal { Scale = double.MaxValue },
        new Nakagami { Shape = 1e-8, Spread = 1e200 },
        new Nakagami { Shape = 1e10, Spread = 1e-200 },
        new Weibull { Shape = 1e-8, Scale = 1 },
        new Weibull { Shape = 1e10, Scale = 1e200 },
        new Frechet { Shape = 1e-8, Scale = 1 },
        new Frechet { Shape = 1e10, Scale = 1e-200 },
        new Levy { Scale = 1e200 },
        new Levy { Scale = double.Epsilon },
        new LogNormal { Location = 1e300, Scale = 1e-200 },
        new LogNormal { Location = -1e300, Scale = 1e200 },
        new LogNormal { Location = 0, Scale = 1e-8 },
        new InverseGaussian { Mean = 1e-200, Shape = 1e200 },
        new InverseGaussian { Mean = 1e200, Shape = 1e-200 },
        new InverseGaussian { Mean = 1, Shape = 1e10 },
        new InverseGaussian { Mean = 1, Shape = 1e-8 },
        new Lindley { Parameter = 1e-200 },
        new Lindley { Parameter = 1e200 },
        new LogLogistic { Shape = 1e-8, Scale = 1e200 },
        new LogLogistic { Shape = 1e10, Scale = 1e-200 },
        new Lomax { Shape = 1e-8, Scale = 1 },
        new Lomax { Shape = 1e10, Scale = 1e200 },
        new Pareto { Scale = 1e-200, Shape = 1e-8 },
        new Pareto { Scale = 1e200, Shape = 1e10 },
        new Gompertz { Shape = 1e-8, Rate = 1e-200 },
        new Gompertz { Shape = 1e10, Rate = 1e200 },
        new HalfCauchy { Scale = 1e-200 },
        new HalfCauchy { Scale = 1e200 },
        new LogUniform { Lower = double.Epsilon, Upper = double.MaxValue },
        new LogUniform { Lower = 1, Upper = 1 + 1e-15 },
    ];

    private static IEnumerable<Univariate> TypicalOfIntegers =>
    [
        new Bernoulli { Probability = 0.3 },
        new Binomial { Trials = 30, Probability = 0.35 },
        new Geometric { Probability = 0.2 },
        new NegativeBinomial { Successes = 2.5, Probability = 0.3 },
        new Poisson { Rate = 6.5 },
        new Categorical { Probabilities = [0.2, 0, 0.5, 0.3] },
        new DiscreteUniform { Lower = -3, Upper = 12 },
        new BetaBinomial { Trials = 25, Alpha = 0.6, Beta = 3 },
        new Hypergeometric { Population = 60, Successes = 25, Draws = 18 },
        new Zeta { Exponent = 9 },
        new Logarithmic { Probability = 0.7 },
    ];

    private static IEnumerable<Univariate> ExtremeOfIntegers =>
    [
        new Bernoulli { Probability = 0 },
        new Bernoulli { Probability = 1e-300 },
        new Bernoulli { Probability = 1 },
        new Binomial { Trials = 0, Probability = 0.5 },
        new Binomial { Trials = 10, Probability = 0 },
        new Binomial { Trials = 10, Probability = 1 },
        new Binomial { Trials = 1_000_000_000, Probability = 0.3 },
        new Binomial { Trials = (1L << 53) - 1, Probability = 1e-300 },
        new Binomial { Trials = (1L << 53) - 1, Probability = 0.5 },
        new Geometric { Probability = 1e-8 },
        new Geometric { Probability = 1e-300 },
        new Geometric { Probability = 1 },
        new NegativeBinomial { Successes = 1e-8, Probability = 0.5 },
        new NegativeBinomial { Successes = 1e-8, Probability = 1e-9 },
        new NegativeBinomial { Successes = 1e10, Probability = 0.999 },
        new NegativeBinomial { Successes = 3, Probability = 1 },
        new Poisson { Rate = 0 },
        new Poisson { Rate = 1e-300 },
        new Poisson { Rate = 1e10 },
        new Poisson { Rate = 1e15 },
        new Categorical { Probabilities = [1] },
        new Categorical { Probabilities = [1e-300, 1, 0] },
        new DiscreteUniform { Lower = 5, Upper = 5 },
        new DiscreteUniform { Lower = -(1L << 53) + 1, Upper = (1L << 53) - 1 },
        new BetaBinomial { Trials = 0, Alpha = 1, Beta = 1 },
        new BetaBinomial { Trials = 100, Alpha = 1e-8, Beta = 1e-8 },
        new BetaBinomial { Trials = 100, Alpha = 1e300, Beta = 1e300 },
        new Hypergeometric { Population = 0, Successes = 0, Draws = 0 },
        new Hypergeometric { Population = 10, Successes = 10, Draws = 4 },
        new Hypergeometric { Population = 1_000_000_000, Successes = 5, Draws = 999_999_999 },
        new Zeta { Exponent = 1.1 },
        new Zeta { Exponent = 300 },
        new Zeta { Exponent = 1e300 },
        new Logarithmic { Probability = 1e-300 },
        new Logarithmic { Probability = 1 - 1e-16 },
    ];
}
