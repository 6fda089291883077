using KlApi.Host;
using KlCore.Policies;
using Microsoft.Extensions.Options;

namespace KlApi.Policies;

/// <summary>POST /v1/policies/budget</summary>
internal static class SolveBudget
{
    private const string Description =
        """
        The policy π* = π_ref·e^(r/β)/Z that maximises E[r] − β·KL(π‖π_ref) over a finite choice, for a given `beta` or for the β that spends
        `targetKl`, with its KL, its expected reward and ln Z; `identity` shows KL = E*[r]/β − ln Z. The budget is met to 1e-12 of itself,
        also for rewards of a million, references of 1e-300 and budgets of 1e-20. A budget of 0 has β = "Infinity"; the largest that any β
        spends is −ln π_ref(best rewards), at β = 0; more is 422 `budget-unreachable`. `frontier` answers the best reward for that many
        budgets from 0 to the largest. β is in rewards per nat whatever the `unit` of the KLs.
        Sources: Rafailov et al., "Direct Preference Optimization" (2023), appendix A.1; Korbak et al. (2022).
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/budget", Handle)
        .Describe("The best policy within a KL budget", Description, 400, 413, 415, 422)
        .Example("half a nat", """
            { "reference": [0.5, 0.3, 0.15, 0.05], "rewards": [0, 1, 2, 3], "targetKl": 0.5, "frontier": 5 }
            """)
        .Example("a given beta", """
            { "reference": [-0.7, -1.2, -1.6], "input": "logits", "rewards": [1, 0, -1], "beta": 0.5 }
            """);

    private static BudgetAnswer Handle(Body<PenaltyBudget> body, IOptions<Limits> limits)
    {
        ChoiceLimit.Check(limits.Value, (long)body.Value.Reference.Length * (body.Value.Frontier ?? 1));
        return body.Value.Solve();
    }
}

/// <summary>How many choices one request may have.</summary>
internal static class ChoiceLimit
{
    public static void Check(Limits limits, long choices)
    {
        if (choices > limits.PolicyTokens) throw Refusal.TooLarge($"At most {limits.PolicyTokens} choices, times points of the frontier, are answered at once; asked were {choices}.");
    }
}
