using KlApi.Host;
using KlCore.Policies;
using Microsoft.Extensions.Options;

namespace KlApi.Policies;

/// <summary>POST /v1/policies/mismatch</summary>
internal static class CompareRollout
{
    private const string Description =
        """
        Compares the log-probabilities that the sampling engine (`rollout`) and the trainer give the same sampled tokens: the mean and largest
        difference, KL per token in both directions (k1 and k3 with their errors; the direction from the trainer by importance ratios), the
        moments of the ratio trainer/rollout for tokens and for whole sequences with the effective sample size, the perplexity ratio, the
        share above the cap of truncated importance sampling, and what that means. A token that the trainer deems impossible: 422.
        Divergences and differences in nats unless `unit` says bits; ratios have no unit.
        Sources: Yao et al., "Your Efficient RL Framework Secretly Brings You Off-Policy RL Training" (2025); verl `rollout_corr_helper.py`.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/mismatch", Handle)
        .Describe("Rollout engine against trainer", Description, 400, 413, 415, 422)
        .Example("two sequences", """
            { "rollout": [[-0.11, -2.31, -0.72], [-1.2, -0.4]], "trainer": [[-0.1, -2.3, -0.7], [-1.25, -0.41]] }
            """);

    private static MismatchAnswer Handle(Body<RolloutMismatch> body, IOptions<Limits> limits)
    {
        TokenLimit.Check(limits.Value, body.Value.Rollout.Count());
        return body.Value.Measure();
    }
}
