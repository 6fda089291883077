using System.Text.Json.Serialization;
using KlCore.Distributions.ClosedForms;

namespace KlCore.Distributions;

/// <summary>How the divergence of every ordered pair of families is found.</summary>
public static class PairCatalogue
{
    /// <summary>All pairs of families that may be over one space, in the order of the families.</summary>
    public static IReadOnlyList<ListedPair> All { get; } =
        [.. from p in FamilyCatalogue.All from q in FamilyCatalogue.All where MayShareSpace(p, q) select Listed(p, q)];

    // Integers and reals share none; of vectors each kind has its own, but for those that can be of one dimension.
    private static bool MayShareSpace(FamilyEntry p, FamilyEntry q) =>
        Registry.Find(p.Type, q.Type) is not null || p.Type == q.Type || (p.Description.IsDiscrete == q.Description.IsDiscrete && IsOnTheLine(p) && IsOnTheLine(q))
        || (IsGaussian(p) && IsGaussian(q));

    private static bool IsOnTheLine(FamilyEntry family) => family.IsUnivariate || IsGaussian(family);

    private static bool IsGaussian(FamilyEntry family) => family.Type == typeof(MultivariateNormal) || family.Type == typeof(GaussianMixture);

    private static ListedPair Listed(FamilyEntry p, FamilyEntry q)
    {
        var general = !IsOnTheLine(p) || !IsOnTheLine(q) ? Method.MonteCarlo : p.Description.IsDiscrete ? Method.Summation : Method.Quadrature;
        if (Registry.Find(p.Type, q.Type) is not { } form) return new ListedPair(p.Name, q.Name, general, null, null, null);
        return new ListedPair(p.Name, q.Name, Method.ClosedForm, form.Formula, form.Condition, form.Condition is null ? null : general);
    }
}

/// <summary>How the divergence of an ordered pair of families is found.</summary>
/// <param name="P">The family of the reference.</param>
/// <param name="Q">The family of the model.</param>
/// <param name="Method">How KL(p || q) is found, where it is not told to be infinite by the supports or the tails.</param>
/// <param name="Formula">The closed form, p's parameters without and q's with a prime.</param>
/// <param name="Condition">For which parameters it holds, where not for all.</param>
/// <param name="Otherwise">How it is found for the other parameters. Several dimensions always take Monte Carlo there, but for mixtures in two.</param>
public sealed record ListedPair(
    string P,
    string Q,
    Method Method,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Formula,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Condition,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Method? Otherwise);
