using System.Text.Json.Serialization;

namespace KlCore.Estimation.Dependence;

/// <summary>
/// A way to find the mutual information KL(p(x, y) || p(x) p(y)) from pairs: row i of x belongs to row i of y. Each is a sealed record that one attribute line below lists.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(NearestNeighbourInformation), "nearest-neighbour")]
[JsonDerivedType(typeof(HistogramInformation), "histogram")]
[JsonDerivedType(typeof(GaussianInformation), "gaussian")]
public abstract record MutualInformationEstimator : SampleEstimator<PairedSample>;
