using System.Text.Json.Serialization;
using KlCore.Estimation.Classification;
using KlCore.Estimation.Distances;
using KlCore.Estimation.Histograms;
using KlCore.Estimation.Kernels;
using KlCore.Estimation.Neighbours;

namespace KlCore.Estimation;

/// <summary>
/// A way to find a divergence of two distributions, or a distance between them, from samples of both: x of p and y of q. Each is a sealed
/// record: its properties are its parameters, and one attribute line below lists it.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(NearestNeighbour), "nearest-neighbour")]
[JsonDerivedType(typeof(Histogram), "histogram")]
[JsonDerivedType(typeof(KernelDensity), "kernel-density")]
[JsonDerivedType(typeof(GaussianPlugIn), "gaussian")]
[JsonDerivedType(typeof(ClassifierRatio), "classifier")]
[JsonDerivedType(typeof(MonteCarlo), "monte-carlo")]
[JsonDerivedType(typeof(Wasserstein), "wasserstein")]
[JsonDerivedType(typeof(SlicedWasserstein), "sliced-wasserstein")]
[JsonDerivedType(typeof(Sinkhorn), "sinkhorn")]
[JsonDerivedType(typeof(EnergyDistance), "energy-distance")]
[JsonDerivedType(typeof(MaximumMeanDiscrepancy), "maximum-mean-discrepancy")]
[JsonDerivedType(typeof(KolmogorovSmirnov), "kolmogorov-smirnov")]
[JsonDerivedType(typeof(CramerVonMises), "cramer-von-mises")]
[JsonDerivedType(typeof(PopulationStability), "population-stability")]
public abstract record Estimator : SampleEstimator<PooledSample>
{
    /// <summary>What must be known of q.</summary>
    internal virtual SampleNeeds Needs => SampleNeeds.Sample;
}

/// <summary>What an estimator must know of q.</summary>
internal enum SampleNeeds
{
    /// <summary>Points drawn from it.</summary>
    Sample,

    /// <summary>Points drawn from it, or its density.</summary>
    SampleOrDensity,

    /// <summary>Its density, if the estimator does not name one itself.</summary>
    Density,
}

/// <summary>How a standard error is found by evaluating a statistic on selections of the sample.</summary>
public enum ErrorMethod
{
    /// <summary>On parts of n^(2/3) points, drawn without repetition; right also where repeated points break the statistic.</summary>
    Subsampling,

    /// <summary>On as many points, drawn with repetition.</summary>
    Bootstrap,

    /// <summary>On all points but a group, one group after the other.</summary>
    Jackknife,
}

/// <summary>What is to be known about an estimator before using it.</summary>
/// <param name="Estimates">What it is an estimate of: "KL(p || q)", "W_k(p, q)".</param>
/// <param name="Formula">The estimate in ASCII.</param>
/// <param name="Summary">How it behaves: bias, variance, for which samples it is meant.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record EstimatorDescription(string Estimates, string Formula, string Summary, string Source)
{
    /// <summary>Whether it is a logarithm and so is answered in nats or bits.</summary>
    public bool FollowsUnit { get; init; }

    /// <summary>Whether the same value for equal distributions is expected whatever they are, so that exchanging points between the samples tests whether they differ.</summary>
    public bool HasPermutationTest { get; init; } = true;

    /// <summary>Whether what it estimates is never negative although an estimate may be.</summary>
    public bool WarnsOfNegative { get; init; }

    /// <summary>Whether no sample gives a negative value, so that no interval reaches below 0.</summary>
    public bool IsNeverNegative { get; init; }
}
