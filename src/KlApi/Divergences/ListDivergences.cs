using KlApi.Host;
using KlCore.Divergences;

namespace KlApi.Divergences;

/// <summary>What there is to measure with.</summary>
/// <param name="Data">Every measure.</param>
/// <param name="HasMore">False: the list is whole.</param>
public sealed record DivergenceList(IReadOnlyList<ListedDivergence> Data, bool HasMore);

/// <summary>One measure: what it is and what can be set.</summary>
/// <param name="Name">How a request names it.</param>
/// <param name="Symbol">As it is written.</param>
/// <param name="Formula">The definition in ASCII.</param>
/// <param name="Parameters">What can be set, with bounds and defaults.</param>
/// <param name="Range">The values it takes, in nats where it follows the unit.</param>
/// <param name="Symmetric">Whether exchanging p and q changes nothing, for the default parameters.</param>
/// <param name="Metric">Whether it obeys the triangle inequality as well, for the default parameters.</param>
/// <param name="FollowsUnit">Whether it is answered in nats or bits; the others have no unit.</param>
/// <param name="UsesPositions">Whether it depends on where the categories lie.</param>
/// <param name="Summary">What it says and when it is infinite.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record ListedDivergence(
    string Name, string Symbol, string Formula, IReadOnlyList<Parameter> Parameters, string Range, bool Symmetric, bool Metric, bool FollowsUnit,
    bool UsesPositions, string Summary, string Source);

/// <summary>GET /v1/divergences</summary>
internal static class ListDivergences
{
    private static readonly DivergenceList All = new([.. Catalogue.All.Select(Listed)], HasMore: false);

    public static void Map(RouteGroupBuilder group) => group.MapGet("", () => All)
        .Describe("The measures", "Every measure that /v1/divergences knows: name, symbol, formula, parameters with bounds and defaults, range, whether it is symmetric and whether it is a metric. Read from the code that computes them.");

    private static ListedDivergence Listed(CatalogueEntry entry) => new(
        entry.Name, entry.Description.Symbol, entry.Description.Formula, entry.Parameters, entry.Description.Range, entry.Description.IsSymmetric,
        entry.Description.IsMetric, entry.Description.FollowsUnit, entry.Description.UsesPositions, entry.Description.Summary, entry.Description.Source);
}
