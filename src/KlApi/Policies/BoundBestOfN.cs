using KlApi.Host;
using KlCore.Policies;
using Microsoft.Extensions.Options;

namespace KlApi.Policies;

/// <summary>POST /v1/policies/best-of-n</summary>
internal static class BoundBestOfN
{
    private const string Description =
        """
        The policy that draws n answers from the reference and keeps one of the largest reward: the bound ln n − (n−1)/n that its KL to the
        reference never exceeds, and, where `reference` and `rewards` of a finite choice are given, its exact probabilities, KL and expected
        reward, and by how much the bound is too large (answers of equal reward, or of large probability, make it so). Equal rewards share in
        proportion to the reference. In nats unless `unit` says bits.
        Source: Beirami et al., "Theoretical guarantees on the best-of-n alignment policy" (2024), theorem 1.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/best-of-n", Handle)
        .Describe("What best-of-n costs in KL", Description, 400, 413, 415)
        .Example("the bound", """{ "n": 16 }""")
        .Example("exact, with ties", """{ "n": 4, "reference": [0.5, 0.3, 0.15, 0.05], "rewards": [0, 1, 1, 3] }""");

    private static BestOfNAnswer Handle(Body<BestOfN> body, IOptions<Limits> limits)
    {
        ChoiceLimit.Check(limits.Value, body.Value.Reference?.Length ?? 0);
        return body.Value.Evaluate();
    }
}
