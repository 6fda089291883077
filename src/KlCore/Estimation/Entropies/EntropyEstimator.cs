using System.Text.Json.Serialization;

namespace KlCore.Estimation.Entropies;

/// <summary>
/// A way to find the entropy of a distribution from a sample: -E ln p, in nats, differential where p is a density (then it may be negative and depends on the unit of the coordinates).
/// Each is a sealed record that one attribute line below lists.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(NearestNeighbourEntropy), "nearest-neighbour")]
[JsonDerivedType(typeof(HistogramEntropy), "histogram")]
[JsonDerivedType(typeof(KernelEntropy), "kernel-density")]
[JsonDerivedType(typeof(GaussianEntropy), "gaussian")]
[JsonDerivedType(typeof(SpacingEntropy), "vasicek")]
public abstract record EntropyEstimator : SampleEstimator<PooledSample>;
