using KlApi.Host;
using KlCore.Distributions;
using KlCore.Divergences;

namespace KlApi.Distributions;

/// <summary>What there is to measure between.</summary>
/// <param name="Data">Every family.</param>
/// <param name="HasMore">False: the list is whole.</param>
/// <param name="Pairs">Every ordered pair of families that can be over one space.</param>
public sealed record DistributionList(IReadOnlyList<ListedFamily> Data, bool HasMore, IReadOnlyList<ListedPair> Pairs);

/// <summary>One family: what it is and what must be given.</summary>
/// <param name="Name">How a request names it, in the field <c>family</c>.</param>
/// <param name="Density">The density, or the probability of a value, in the parameters' names.</param>
/// <param name="Support">The points it may give.</param>
/// <param name="Discrete">Whether it gives probabilities to single points.</param>
/// <param name="Parameters">What must be given, with bounds.</param>
/// <param name="Summary">What it describes.</param>
public sealed record ListedFamily(string Name, string Density, string Support, bool Discrete, IReadOnlyList<Parameter> Parameters, string Summary);

/// <summary>GET /v1/distributions</summary>
internal static class ListDistributions
{
    private static readonly DistributionList All = new([.. FamilyCatalogue.All.Select(Listed)], HasMore: false, PairCatalogue.All);

    public static void Map(RouteGroupBuilder group) => group.MapGet("", () => All)
        .Describe("The families", """
            Every family of distributions: its density, support, parameters with their bounds; and for every ordered pair of families that may be over one
            space how KL(p‖q) is found: by a closed form (its formula, p's parameters without and q's with a prime, and the condition under which it
            holds), else by quadrature or summation with an error bound, else by Monte Carlo with a standard error. Read from the code that computes them.
            """);

    private static ListedFamily Listed(FamilyEntry entry) =>
        new(entry.Name, entry.Description.Density, entry.Description.Support, entry.Description.IsDiscrete, entry.Parameters, entry.Description.Summary);
}
