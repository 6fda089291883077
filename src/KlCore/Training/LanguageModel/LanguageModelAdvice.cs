using System.Globalization;

namespace KlCore.Training.LanguageModel;

/// <summary>What a result says in words.</summary>
internal static class LanguageModelAdvice
{
    public static string Of(LanguageModelResult result)
    {
        var (held, learnt) = (result.Validation, result.Training);
        if (held.Impossible > 0)
            return Invariant($"{held.Impossible} of {held.Positions} held-out tokens never followed their context in training, and without smoothing the model holds them for impossible: its cross-entropy, and with it KL(text‖model), is infinite. Any smoothing makes it finite; modified Kneser-Ney is the usual choice.");
        var saved = result.UnigramEntropy - held.CrossEntropy.Value;
        var gap = held.CrossEntropy.Value - learnt.CrossEntropy.Value;
        var context = saved > 0
            ? Invariant($"The context saves {saved:F3} nats a token beside the tokens' frequencies alone ({result.UnigramEntropy:F3}).")
            : Invariant($"The model is no better than the tokens' frequencies alone ({result.UnigramEntropy:F3}): there is too little text for its size.");
        return Invariant($"A held-out token costs {held.CrossEntropy.Value:F4}{(held.CrossEntropy.StandardError is { } error ? Invariant($" ± {error:F4}") : "")} nats (perplexity {held.Perplexity:F2}, {held.BitsPerByte:F4} bits a byte): the entropy of the text itself plus KL(text‖model), the forward KL, so that of two models the one with the lower number is nearer to the text by the difference. {context} Text that was learnt from costs {learnt.CrossEntropy.Value:F4}; the {Math.Abs(gap):F4} nats {(gap >= 0 ? "more" : "less")} for new text are {(gap > 0.5 * Math.Abs(saved) ? "large: a smaller model, more smoothing or more text would help" : "what generalising costs")}.");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
