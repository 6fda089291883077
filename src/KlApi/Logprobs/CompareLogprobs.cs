using KlApi.Host;
using KlCore;
using KlCore.Logprobs.Completions;

namespace KlApi.Logprobs;

/// <summary>POST /v1/logprobs/compare</summary>
internal static class CompareLogprobs
{
    private const string Description =
        """
        Takes two answers with top-k log-probabilities as servers give them, and answers for each position, and for the mean, brackets
        `[lower, upper]` that hold whatever the tokens that are not listed have: for KL(p‖q) (`forward`), KL(q‖p) (`reverse`), Jensen–Shannon, total
        variation and Hellinger. Sums over the listed tokens alone are no bounds; they can even be negative.

        Known are the listed probabilities, that the rest has what they leave, that no token which is not listed is likelier than the least likely
        of the list, the `vocabulary` and the `floor`, if given. The lower bounds of numbers in full are attained by a pair of distributions with these lists, so
        nothing better follows from them; `bucket` is the simpler bound from merging the tails. An upper bound of a KL needs a `floor`, the least
        log-probability of a token that is not listed; without one it is "Infinity" unless everything is listed. Logarithms that were sent with
        few digits widen the brackets by half a unit of the last digit, with a warning (`coarse-values`) where that is more than `massTolerance`.

        Tokens are matched by ids if both documents have them, else by bytes, else by texts. Positions are compared up to the first at which the texts
        have different tokens (`stoppedAt`), since after it the models answer different questions. Placeholders for minus infinity (-9999, the most negative
        float, null) say no more than that a token is not likelier than the list; the string "-Infinity" says that it is impossible.

        A request may be at most 524288 of work, which is the tokens scored on both sides of the positions compared, and 32 for each of these
        positions: 7281 positions of 20 tokens a side, or one of half a million.
        """;

    private const string OpenAi =
        """
        { "vocabulary": 100277, "floor": -30,
          "p": { "id": "chatcmpl-1", "object": "chat.completion", "choices": [ { "index": 0, "message": { "role": "assistant", "content": "Hello" }, "logprobs": { "content": [
            { "token": "Hello", "logprob": -0.31725305, "bytes": [72, 101, 108, 108, 111], "top_logprobs": [
              { "token": "Hello", "logprob": -0.31725305, "bytes": [72, 101, 108, 108, 111] },
              { "token": "Hi", "logprob": -1.3190403, "bytes": [72, 105] } ] } ] } } ] },
          "q": { "id": "chatcmpl-2", "object": "chat.completion", "choices": [ { "index": 0, "message": { "role": "assistant", "content": "Hi" }, "logprobs": { "content": [
            { "token": "Hi", "logprob": -0.7236692, "bytes": [72, 105], "top_logprobs": [
              { "token": "Hi", "logprob": -0.7236692, "bytes": [72, 105] },
              { "token": "Hello", "logprob": -0.8410188, "bytes": [72, 101, 108, 108, 111] },
              { "token": "Hey", "logprob": -2.6912403, "bytes": [72, 101, 121] } ] } ] } } ] } }
        """;

    private const string Vllm =
        """
        { "vocabulary": 151936, "unit": "bits",
          "p": { "choices": [ { "text": "", "prompt_logprobs": [ null,
            { "374": { "logprob": -0.4043826460838318, "rank": 1, "decoded_token": " is" }, "572": { "logprob": -1.779382586479187, "rank": 2, "decoded_token": " was" } },
            { "12095": { "logprob": -4.671875, "rank": 9, "decoded_token": " Paris" }, "264": { "logprob": -1.03125, "rank": 1, "decoded_token": " a" }, "279": { "logprob": -1.53125, "rank": 2, "decoded_token": " the" } } ] } ] },
          "q": { "choices": [ { "text": "", "prompt_logprobs": [ null,
            { "374": { "logprob": -0.4360549449920654, "rank": 1, "decoded_token": " is" }, "572": { "logprob": -1.686054944992065, "rank": 2, "decoded_token": " was" } },
            { "12095": { "logprob": -4.59375, "rank": 8, "decoded_token": " Paris" }, "264": { "logprob": -1.078125, "rank": 1, "decoded_token": " a" }, "279": { "logprob": -1.453125, "rank": 2, "decoded_token": " the" } } ] } ] } }
        """;

    private const string LlamaServer =
        """
        { "vocabulary": 32000,
          "p": { "content": " cat", "completion_probabilities": [
            { "id": 6635, "token": " cat", "bytes": [32, 99, 97, 116], "logprob": -0.5108256, "top_logprobs": [
              { "id": 6635, "token": " cat", "bytes": [32, 99, 97, 116], "logprob": -0.5108256 }, { "id": 11203, "token": " dog", "bytes": [32, 100, 111, 103], "logprob": -1.2039728 } ] } ] },
          "q": { "content": " cat", "completion_probabilities": [
            { "id": 6635, "token": " cat", "bytes": [32, 99, 97, 116], "logprob": -0.5978370, "top_logprobs": [
              { "id": 6635, "token": " cat", "bytes": [32, 99, 97, 116], "logprob": -0.5978370 }, { "id": 11203, "token": " dog", "bytes": [32, 100, 111, 103], "logprob": -1.1394343 } ] } ] } }
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/compare", Handle)
        .Describe("Bounds from top-k log-probabilities", Description, 400, 413, 415, 422)
        .Example("OpenAI chat completions", OpenAi)
        .Example("vLLM prompt log-probabilities, in bits", Vllm)
        .Example("llama-server", LlamaServer)
        .Example("positions alone", """
            { "vocabulary": 10, "p": [ { "tokens": ["a", "b"], "logprobs": [-0.6931471805599453, -1.203972804325936] } ],
              "q": [ { "top": [ ["c", -0.5108256237659907], ["d", -1.6094379124341003] ] } ] }
            """);

    private static LogprobsAnswer Handle(Body<LogprobsRequest> body, CancellationToken cancellation)
    {
        var request = body.Value;
        var problems = new Problems();
        var p = Completion.TryRead(request.P.Root, problems.At("p"), request.PFormat ?? request.Format, request.MassTolerance);
        var q = Completion.TryRead(request.Q.Root, problems.At("q"), request.QFormat ?? request.Format, request.MassTolerance);
        problems.ThrowIfAny();
        return LogprobsAnswer.Of(CompletionComparison.Of(p!, q!, request.Options(), request.AlignBy, cancellation), p!, q!, request);
    }
}
