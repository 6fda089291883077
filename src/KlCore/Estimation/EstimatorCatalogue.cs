using System.Reflection;
using System.Text.Json.Serialization;
using KlCore.Divergences;

namespace KlCore.Estimation;

/// <summary>Every estimator there is, as the attribute lines of a base list them.</summary>
public static class EstimatorCatalogue
{
    /// <summary>Those of one base: <see cref="Estimator"/>, <see cref="Entropies.EntropyEstimator"/> or <see cref="Dependence.MutualInformationEstimator"/>.</summary>
    /// <typeparam name="TEstimator">The base.</typeparam>
    /// <typeparam name="TSample">What it looks at.</typeparam>
    public static IReadOnlyList<EstimatorEntry> Of<TEstimator, TSample>() where TEstimator : SampleEstimator<TSample> =>
    [
        .. from listed in typeof(TEstimator).GetCustomAttributes<JsonDerivedTypeAttribute>()
           let plain = (TEstimator)Activator.CreateInstance(listed.DerivedType)!
           select new EstimatorEntry((string)listed.TypeDiscriminator!, listed.DerivedType, plain.Describe(), [.. Parameter.Of(plain)]),
    ];
}

/// <summary>One estimator of the catalogue.</summary>
/// <param name="Name">Its discriminator.</param>
/// <param name="Type">Its record.</param>
/// <param name="Description">What is to be known about it.</param>
/// <param name="Parameters">What can be set.</param>
public sealed record EstimatorEntry(string Name, Type Type, EstimatorDescription Description, IReadOnlyList<Parameter> Parameters);
