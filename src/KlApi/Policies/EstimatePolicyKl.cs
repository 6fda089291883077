using System.ComponentModel.DataAnnotations;
using KlApi.Host;
using KlCore;
using KlCore.Policies;
using Microsoft.Extensions.Options;

namespace KlApi.Policies;

/// <summary>Log-probabilities of sampled tokens under the policy and the reference. Arrays of arrays are sequences; a plain array is one sequence.</summary>
public sealed record PolicyKlRequest : IChecked
{
    /// <summary>log pi of each token, at most 0.</summary>
    public required TokenRows LogProbabilities { get; init; }

    /// <summary>log ref of each token, at most 0; "-Infinity" (or a server's -9999) where the reference deems it impossible.</summary>
    public required TokenRows Reference { get; init; }

    /// <summary>log pi_old of each token, where an earlier policy sampled it.</summary>
    public TokenRows? Old { get; init; }

    /// <summary>1 for tokens that count, 0 for prompts and padding; what is masked is not looked at.</summary>
    public TokenRows? Mask { get; init; }

    /// <summary>Unless stated: k1, k2, k3, k3-plus, optimal, and with <c>old</c> importance.</summary>
    public IReadOnlyList<PolicyEstimator>? Estimators { get; init; }

    /// <summary>What frameworks do to large values.</summary>
    public PolicyClamp Clamp { get; init; }

    /// <summary>One way to make a number of the tokens; all unless stated.</summary>
    public Aggregation? Aggregation { get; init; }

    /// <summary>The divisor of <c>seq-mean-token-sum-norm</c>; unless stated, the length of the longest sequence.</summary>
    [Range(1, int.MaxValue)]
    public int? Horizon { get; init; }

    /// <summary>The unit of values and gradients.</summary>
    public Unit Unit { get; init; }

    /// <summary>What to answer beside the aggregated values.</summary>
    public IReadOnlyList<PolicyInclusion>? Include { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems) => PolicyEvaluation.Check(Batch(), Options(), problems);

    internal PolicyBatch Batch() => new() { LogProbabilities = LogProbabilities, Reference = Reference, Old = Old, Mask = Mask };

    internal PolicyOptions Options() => new()
    {
        Estimators = Estimators,
        Clamp = Clamp,
        Aggregation = Aggregation,
        Horizon = Horizon,
        Unit = Unit,
        Tokens = Include?.Contains(PolicyInclusion.Tokens) == true,
        Gradient = Include?.Contains(PolicyInclusion.Gradient) == true,
    };
}

/// <summary>What can be answered beside the aggregated values.</summary>
public enum PolicyInclusion
{
    /// <summary>Each estimator's value of each token.</summary>
    Tokens,

    /// <summary>The derivative of each aggregated value with respect to each token's log pi.</summary>
    Gradient,
}

/// <summary>POST /v1/policies/kl</summary>
internal static class EstimatePolicyKl
{
    private const string Description =
        """
        Estimates KL(π‖ref) from tokens that π sampled, by δ = log π − log ref of each: every estimator in use, under every aggregation, with
        its standard error over sequences (tokens of one sequence are not independent; the error as if they were is `tokenStandardError`).
        Beside each number stands what it is: `inExpectation` says what the value estimates, `gradientOf` what it minimises as a term of the
        loss (k3 there minimises the forward KL(ref‖π), k1 nothing at all), `gradientOfReward` what it minimises when subtracted from the
        reward. `optimal` is the control variate k1 + λ(e^−δ − 1) of least variance, `importance` (with `old`) corrects for tokens that an
        earlier policy sampled. `clamp` does to large values what a framework does and says how many it changed. `diagnosis` tells noise
        from tokens that π cannot have sampled, and names heavy tails, clamps and masked rows, with numbers.
        Values are in nats unless `unit` says bits, exact to rounding also for δ of 1e-12 and of ±700; k3 is never negative. A token that the
        reference deems impossible makes them "Infinity". At most `policyTokens` of `GET /v1/limits` tokens, and as many numbers in the answer.
        Sources: Schulman, "Approximating KL Divergence" (2020); verl `core_algos.py`; TRL `grpo_trainer.py`; OpenRLHF `models/utils.py`.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/kl", Handle)
        .Describe("KL to the reference from sampled tokens", Description, 400, 413, 415, 422)
        .Example("two sequences", """
            { "logProbabilities": [[-0.1, -2.3, -0.7], [-1.2, -0.4]], "reference": [[-0.3, -2.1, -0.9], [-1.0, -0.9]] }
            """)
        .Example("as verl trains, with gradient", """
            { "logProbabilities": [[-0.1, -30.5, -0.7], [-1.2, -0.4, 0]], "reference": [[-0.3, -2.1, -0.9], [-1.0, -0.9, 0]], "mask": [[1, 1, 1], [1, 1, 0]],
              "estimators": ["k3"], "clamp": "verl", "aggregation": "token-mean", "include": ["tokens", "gradient"] }
            """)
        .Example("tokens of an earlier policy", """
            { "logProbabilities": [-0.1, -2.3, -0.7], "reference": [-0.3, -2.1, -0.9], "old": [-0.2, -2.2, -0.7], "estimators": ["k1", "importance"], "unit": "bits" }
            """);

    private static PolicyKl Handle(Body<PolicyKlRequest> body, IOptions<Limits> limits)
    {
        var (batch, options) = (body.Value.Batch(), body.Value.Options());
        var tokens = batch.LogProbabilities.Count();
        TokenLimit.Check(limits.Value, tokens);
        var estimators = (options.Estimators ?? PolicyEvaluation.Default(batch)).Count;
        var aggregations = options.Aggregation is null ? Enum.GetValues<Aggregation>().Length : 1;
        TokenLimit.Check(limits.Value, tokens, estimators * ((options.Tokens ? 1 : 0) + (options.Gradient ? aggregations : 0)));
        return PolicyEvaluation.Of(batch, options);
    }
}

/// <summary>What one request may hold and ask for.</summary>
internal static class TokenLimit
{
    /// <summary>Refuses more tokens than one request may have.</summary>
    public static void Check(Limits limits, long tokens)
    {
        if (tokens > limits.PolicyTokens) throw Refusal.TooLarge($"A batch may have at most {limits.PolicyTokens} tokens, had {tokens}.");
    }

    /// <summary>Refuses answers of more numbers than that.</summary>
    public static void Check(Limits limits, long tokens, int numbersPerToken)
    {
        if (tokens * numbersPerToken > limits.PolicyTokens)
            throw Refusal.TooLarge($"An answer may hold at most {limits.PolicyTokens} numbers of single tokens, this one would hold {tokens * numbersPerToken}; ask for one aggregation or fewer estimators.");
    }
}
