using System.ComponentModel.DataAnnotations;
using KlApi.Host;
using KlCore;
using KlCore.Logprobs;
using KlCore.Logprobs.Completions;

namespace KlApi.Logprobs;

/// <summary>Two answers with log-probabilities, and what is known beside them.</summary>
public sealed record LogprobsRequest : IChecked
{
    /// <summary>
    /// The reference's answer: as OpenAI, vLLM, SGLang, llama-server, Text Generation Inference, Ollama or TRL give it, whole or the part with the
    /// log-probabilities; or an array of positions <c>{"tokens": [ids or texts], "logprobs": [...]}</c> or <c>{"top": [[token, logprob], ...]}</c>.
    /// </summary>
    public required ForeignDocument P { get; init; }

    /// <summary>The model's answer, not necessarily from the same kind of server.</summary>
    public required ForeignDocument Q { get; init; }

    /// <summary>How many tokens there are. Unless stated there may be any number.</summary>
    [Range(1, 1 << 24)]
    public int? Vocabulary { get; init; }

    /// <summary>
    /// The least log-probability (nats) that a token which is not listed has on either side. Unless stated such a token may be impossible, and the
    /// upper bound of a KL is "Infinity".
    /// </summary>
    [Range(double.MinValue, 0.0)]
    public double? Floor { get; init; }

    /// <summary>How the documents are laid out; seen from them unless stated.</summary>
    public CompletionFormat Format { get; init; }

    /// <summary>How p is laid out, where it is not as <c>format</c> says.</summary>
    public CompletionFormat? PFormat { get; init; }

    /// <summary>How q is laid out, where it is not as <c>format</c> says.</summary>
    public CompletionFormat? QFormat { get; init; }

    /// <summary>Whether to stop where the texts differ (<c>tokens</c>) or to compare position by position whatever stands there (<c>index</c>).</summary>
    public Alignment AlignBy { get; init; }

    /// <summary>By how much listed probabilities may miss or exceed a sum of 1 beyond what their digits allow.</summary>
    [Range(0.0, 0.1)]
    public double MassTolerance { get; init; } = 1e-6;

    /// <summary>The unit of KL and Jensen-Shannon.</summary>
    public Unit Unit { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems) => Bounds.Check(this, problems);

    internal BoundOptions Options() => new() { Vocabulary = Vocabulary, Floor = Floor, MassTolerance = MassTolerance };
}
