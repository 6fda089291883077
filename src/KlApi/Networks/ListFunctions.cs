using KlApi.Host;
using KlCore.Networks;
using KlCore.Networks.Explicit;

namespace KlApi.Networks;

/// <summary>What networks are made of.</summary>
/// <param name="Activations">Every activation with formula and derivative.</param>
/// <param name="Losses">Every loss, and which last activations it can read.</param>
public sealed record FunctionList(IReadOnlyList<ActivationDescription> Activations, IReadOnlyList<ListedNetworkLoss> Losses);

/// <summary>A loss of written-out networks.</summary>
/// <param name="Loss">How a request names it.</param>
/// <param name="Formula">L for one row in ASCII, y the outputs as a distribution or as they are, t the targets.</param>
/// <param name="LastActivations">How it reads each last activation that it can read; any other it reads as numbers, if at all.</param>
public sealed record ListedNetworkLoss(NetworkLoss Loss, string Formula, IReadOnlyDictionary<string, string> LastActivations);

/// <summary>GET /v1/networks</summary>
internal static class ListFunctions
{
    private static readonly FunctionList All = new(ActivationDescription.All, [.. Enum.GetValues<NetworkLoss>().Select(Listed)]);

    public static void Map(RouteGroupBuilder group) => group.MapGet("", () => All)
        .Describe("The activations and losses", "Every activation of a written-out network with its formula, derivative and range, and every loss with the last activations that it can read and what then makes one number of many.");

    private static ListedNetworkLoss Listed(NetworkLoss loss) => new(
        loss,
        NetworkLosses.Formula(loss),
        Enum.GetValues<Activation>().Where(last => NetworkLosses.Reading(loss, last) is not null)
            .ToDictionary(last => Names.Of(last.ToString()), last => NetworkLosses.Reduction(NetworkLosses.Reading(loss, last)!.Value)));
}
