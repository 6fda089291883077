using System.Text.Json.Serialization;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// A probability distribution of a named family: one sealed record for each family, its properties are its parameters with their
/// bounds. Listed here by one attribute line; JSON, validation and documentation pick it up from there.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "family")]
[JsonDerivedType(typeof(Bernoulli), "bernoulli")]
[JsonDerivedType(typeof(Binomial), "binomial")]
[JsonDerivedType(typeof(Geometric), "geometric")]
[JsonDerivedType(typeof(NegativeBinomial), "negative-binomial")]
[JsonDerivedType(typeof(Poisson), "poisson")]
[JsonDerivedType(typeof(Categorical), "categorical")]
[JsonDerivedType(typeof(Multinomial), "multinomial")]
[JsonDerivedType(typeof(DiscreteUniform), "discrete-uniform")]
[JsonDerivedType(typeof(Normal), "normal")]
[JsonDerivedType(typeof(MultivariateNormal), "multivariate-normal")]
[JsonDerivedType(typeof(LogNormal), "log-normal")]
[JsonDerivedType(typeof(Exponential), "exponential")]
[JsonDerivedType(typeof(Gamma), "gamma")]
[JsonDerivedType(typeof(InverseGamma), "inverse-gamma")]
[JsonDerivedType(typeof(ChiSquared), "chi-squared")]
[JsonDerivedType(typeof(BetaDistribution), "beta")]
[JsonDerivedType(typeof(Dirichlet), "dirichlet")]
[JsonDerivedType(typeof(Laplace), "laplace")]
[JsonDerivedType(typeof(Uniform), "uniform")]
[JsonDerivedType(typeof(Gumbel), "gumbel")]
[JsonDerivedType(typeof(Logistic), "logistic")]
[JsonDerivedType(typeof(Cauchy), "cauchy")]
[JsonDerivedType(typeof(StudentT), "student-t")]
[JsonDerivedType(typeof(Pareto), "pareto")]
[JsonDerivedType(typeof(Weibull), "weibull")]
[JsonDerivedType(typeof(Rayleigh), "rayleigh")]
[JsonDerivedType(typeof(HalfNormal), "half-normal")]
[JsonDerivedType(typeof(HalfCauchy), "half-cauchy")]
[JsonDerivedType(typeof(InverseGaussian), "inverse-gaussian")]
[JsonDerivedType(typeof(Kumaraswamy), "kumaraswamy")]
[JsonDerivedType(typeof(VonMises), "von-mises")]
[JsonDerivedType(typeof(Chi), "chi")]
[JsonDerivedType(typeof(Maxwell), "maxwell")]
[JsonDerivedType(typeof(Moyal), "moyal")]
[JsonDerivedType(typeof(Levy), "levy")]
[JsonDerivedType(typeof(Frechet), "frechet")]
[JsonDerivedType(typeof(LogLogistic), "log-logistic")]
[JsonDerivedType(typeof(Lomax), "lomax")]
[JsonDerivedType(typeof(Nakagami), "nakagami")]
[JsonDerivedType(typeof(Gompertz), "gompertz")]
[JsonDerivedType(typeof(GeneralizedNormal), "generalized-normal")]
[JsonDerivedType(typeof(LogUniform), "log-uniform")]
[JsonDerivedType(typeof(LogitNormal), "logit-normal")]
[JsonDerivedType(typeof(Triangular), "triangular")]
[JsonDerivedType(typeof(TruncatedNormal), "truncated-normal")]
[JsonDerivedType(typeof(ContinuousBernoulli), "continuous-bernoulli")]
[JsonDerivedType(typeof(Lindley), "lindley")]
[JsonDerivedType(typeof(BetaBinomial), "beta-binomial")]
[JsonDerivedType(typeof(Hypergeometric), "hypergeometric")]
[JsonDerivedType(typeof(Zeta), "zeta")]
[JsonDerivedType(typeof(Logarithmic), "logarithmic")]
[JsonDerivedType(typeof(Wishart), "wishart")]
[JsonDerivedType(typeof(GaussianMixture), "gaussian-mixture")]
public abstract record Distribution : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>What is to be known of the family; does not look at the parameters.</summary>
    public abstract Family Describe();

    /// <summary>How many coordinates a point has.</summary>
    public abstract int Dimension();

    /// <summary>ln p(x) of every point, in nats; minus infinity outside the support.</summary>
    public abstract double[] LogDensities(Points points);

    /// <summary>Independent draws.</summary>
    /// <param name="count">How many.</param>
    /// <param name="random">Where the randomness comes from.</param>
    public abstract Points Sample(int count, RandomStream random);

    /// <summary>Mean and covariance, or null where they do not exist or are infinite.</summary>
    public abstract Moments? Moments();

    /// <summary>-E ln p(x) in nats by a formula (differential for densities), or null if there is none.</summary>
    public virtual double? EntropyByFormula() => null;

    /// <summary>The same distribution written as a mixture of Gaussians, or null if it is none.</summary>
    public virtual GaussianMixture? ToGaussianMixture() => null;

    /// <summary>The same distribution as one of a single number, or null if a point is more than that.</summary>
    internal virtual Univariate? OnTheLine() => this as Univariate;
}

/// <summary>The first two moments.</summary>
/// <param name="Mean">E[x].</param>
/// <param name="Covariance">E[(x − mean)(x − mean)ᵀ], row by row.</param>
public sealed record Moments(double[] Mean, double[][] Covariance);

/// <summary>What is to be known about a family before using it.</summary>
/// <param name="Density">The density, or the probability of a value, in ASCII and in the parameters' own names.</param>
/// <param name="Support">The points it may give, in words: "x &gt; 0".</param>
/// <param name="Summary">What it describes, in one sentence.</param>
public sealed record Family(string Density, string Support, string Summary)
{
    /// <summary>Whether it gives probabilities to single points; otherwise it has a density.</summary>
    public bool IsDiscrete { get; init; }
}
