using KlApi.Host;
using KlCore;
using KlCore.Policies;
using Microsoft.Extensions.Options;

namespace KlApi.Policies;

/// <summary>What the coefficient of the penalty becomes.</summary>
/// <param name="Beta">After the last observation; pass it on as <c>beta</c> with the next.</param>
/// <param name="Method">How it was found.</param>
/// <param name="Trace">What each observation did.</param>
public sealed record ControllerAnswer(double Beta, Method Method, IReadOnlyList<ControllerStep> Trace);

/// <summary>POST /v1/policies/controller</summary>
internal static class StepController
{
    private const string Description =
        """
        Follows the coefficient β of a KL penalty: after each observed KL, β becomes β·(1 + e·batchSize/horizon) with e = KL/target − 1 clipped
        to ±0.2 (`clip`). The service keeps nothing: send the last `beta` with the next observations. `fixed` leaves β as it is. The KL, its
        unit and its aggregation are yours: Ziegler and PPO control the sum over a sequence, verl a mean, and a target belongs to one of them.
        Source: Ziegler et al., "Fine-Tuning Language Models from Human Preferences" (2019), 2.2; the same in TRL, verl and OpenRLHF.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/controller", Handle)
        .Describe("The adaptive coefficient of a KL penalty", Description, 400, 413, 415)
        .Example("three batches of 256", """
            { "beta": 0.1, "target": 6, "horizon": 10000, "observed": [4.2, 6.1, 9.5], "batchSize": 256 }
            """);

    private static ControllerAnswer Handle(Body<BetaController> body, IOptions<Limits> limits)
    {
        TokenLimit.Check(limits.Value, body.Value.Observed.Length);
        var trace = body.Value.Trace();
        return new(trace.Count == 0 ? body.Value.Beta : trace[^1].Beta, Method.Exact, trace);
    }
}
