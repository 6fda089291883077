using KlApi.Host;
using KlCore.Texts.Perplexities;
using Microsoft.Extensions.Options;

namespace KlApi.Texts;

/// <summary>POST /v1/text/perplexity</summary>
internal static class MeasurePerplexity
{
    private const string Description =
        """
        How well a model foretells a text, from the natural logarithms of the probabilities that it gave to the tokens: perplexity, nats and bits per token, and with `bytes` (of UTF-8,
        for each sentence) bits per byte, the only one of them by which models of different tokens may be compared. Rows are sentences; `documents` says which belong together.
        Each rate has two standard errors: as if tokens were independent, which they are not, and from how much documents (else sentences) differ. `spread` says how much
        sentences differ in their log-perplexity. "-Infinity" is a token that the model deemed impossible and makes the perplexity "Infinity". At most `policyTokens` of
        `GET /v1/limits` tokens.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/perplexity", Handle)
        .Describe("Perplexity and bits per byte", Description, 400, 413, 415)
        .Example("two documents of two sentences", """
            { "logProbabilities": [[-1.2, -0.3, -2.5], [-0.7, -0.1], [-3.1, -0.4, -0.9], [-1.1]], "bytes": [14, 9, 17, 5], "documents": [1, 1, 2, 2] }
            """)
        .Example("one text", """{ "logProbabilities": [-1.2, -0.3, -2.5, -0.7] }""");

    private static PerplexityAnswer Handle(Body<Perplexity> body, IOptions<Limits> limits)
    {
        var tokens = body.Value.LogProbabilities.Count();
        if (tokens > limits.Value.PolicyTokens) throw Refusal.TooLarge($"A text may have at most {limits.Value.PolicyTokens} tokens, had {tokens}.");
        return body.Value.Measure();
    }
}
