using KlApi.Host;
using KlCore.Divergences;
using KlCore.Losses;

namespace KlApi.Losses;

/// <summary>What there is to distil with.</summary>
/// <param name="Data">Every loss.</param>
/// <param name="HasMore">False: the list is whole.</param>
public sealed record LossList(IReadOnlyList<ListedLoss> Data, bool HasMore);

/// <summary>One loss: what it is and what can be set.</summary>
/// <param name="Name">How a request names it.</param>
/// <param name="Formula">The value at one position in ASCII, p the teacher and q the student.</param>
/// <param name="Gradient">Its derivative with respect to the student's logit z_j, at temperature 1.</param>
/// <param name="Parameters">What can be set, with bounds and defaults.</param>
/// <param name="Range">The values it takes, in nats where it follows the unit.</param>
/// <param name="NeedsLabels">Whether each position needs the token that follows.</param>
/// <param name="FollowsUnit">Whether it is answered in nats or bits.</param>
/// <param name="UsesTemperature">Whether the temperature enters it.</param>
/// <param name="Summary">What it teaches, and when it is infinite.</param>
/// <param name="Conventions">What frameworks call it, and where what they call so is something else.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record ListedLoss(
    string Name, string Formula, string Gradient, IReadOnlyList<Parameter> Parameters, string Range, bool NeedsLabels, bool FollowsUnit, bool UsesTemperature,
    string Summary, IReadOnlyList<string> Conventions, string Source);

/// <summary>GET /v1/losses</summary>
internal static class ListLosses
{
    private static readonly LossList All = new([.. LossCatalogue.All.Select(Listed)], HasMore: false);

    public static void Map(RouteGroupBuilder group) => group.MapGet("", () => All)
        .Describe("The losses", "Every loss that /v1/losses knows: name, formula, gradient, parameters with bounds and defaults, range, and what frameworks call it. Read from the code that computes them.");

    private static ListedLoss Listed(LossEntry entry) => new(
        entry.Name, entry.Description.Formula, entry.Description.Gradient, entry.Parameters, entry.Description.Range, entry.Description.NeedsLabels,
        entry.Description.FollowsUnit, entry.Description.UsesTemperature, entry.Description.Summary, entry.Description.Conventions, entry.Description.Source);
}
