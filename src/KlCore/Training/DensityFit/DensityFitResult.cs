using System.Text.Json.Serialization;
using KlCore.Distributions;

namespace KlCore.Training.DensityFit;

/// <summary>What a density fit found.</summary>
/// <param name="Model">q: the fitted member of the family.</param>
/// <param name="Forward">
/// KL(p‖q) in nats. For a family in one dimension by quadrature, with an error bound; in more by Monte Carlo, with a standard error; for samples an
/// estimate that takes their kernel density for p, with the standard error that their number leaves.
/// </param>
/// <param name="Reverse">KL(q‖p) in nats, likewise.</param>
/// <param name="Curves">The densities of p and q; in more than one dimension those of their first coordinates.</param>
/// <param name="Behaviour">Whether q covers p's modes, settles on some, or neither.</param>
/// <param name="Advice">What was seen, in numbers, and when to choose which direction.</param>
/// <param name="Modes">p's modes and how much of q's mass is where each has its own: what <paramref name="Behaviour"/> is decided from.</param>
/// <param name="Points">In two dimensions: some points of p, for a picture.</param>
public sealed record DensityFitResult(
    Distribution Model,
    Measurement Forward,
    Measurement Reverse,
    DensityCurves Curves,
    Behaviour Behaviour,
    string Advice,
    IReadOnlyList<ModeCoverage> Modes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Points? Points = null);

/// <summary>Two densities at the same abscissae, ascending.</summary>
/// <param name="X">The abscissae.</param>
/// <param name="P">The target's density at each; of samples, the kernel estimate.</param>
/// <param name="Q">The model's.</param>
public sealed record DensityCurves(double[] X, double[] P, double[] Q);

/// <summary>What a fit did with the modes of its target.</summary>
public enum Behaviour
{
    /// <summary>q has mass at each of several modes.</summary>
    Covering,

    /// <summary>q sits on some modes and leaves others without mass.</summary>
    Seeking,

    /// <summary>p has one mode, or q sits on none.</summary>
    Neither,
}

/// <summary>A mode of p and its region: where p is densest around it, so far out that the region holds 90 % of the mode's mass.</summary>
/// <param name="Location">Where p is largest.</param>
/// <param name="TargetMass">p's mass in the region.</param>
/// <param name="ModelMass">q's mass in it.</param>
public sealed record ModeCoverage(double[] Location, double TargetMass, double ModelMass)
{
    /// <summary>q's mass in the region as a share of p's.</summary>
    internal double Share => ModelMass / TargetMass;
}
