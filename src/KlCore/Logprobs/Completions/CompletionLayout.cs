using System.Text.Json;

namespace KlCore.Logprobs.Completions;

/// <summary>How one provider lays out log-probabilities in an answer.</summary>
internal abstract class CompletionLayout
{
    /// <summary>All layouts; a document is read by the first that fits, so those with more telling fields come first.</summary>
    private static readonly CompletionLayout[] All =
    [
        new VllmPrompt(), new OpenAiChat(), new OpenAiCompletion(), new SgLang(isPrompt: true), new SgLang(isPrompt: false), new LlamaServer(),
        new TextGenerationInference(), new TrlServer(), new Ollama(), new PlainPositions(),
    ];

    /// <summary>Whose it is.</summary>
    public abstract CompletionFormat Format { get; }

    /// <summary>Whether the positions are those of a given text.</summary>
    public virtual bool IsGivenText => false;

    /// <summary>Where the log-probabilities are in a document, whole or only the part with them; null if it is not laid out so.</summary>
    public abstract Node? Locate(Node document);

    /// <summary>Reads them.</summary>
    public abstract void Read(Node node, PositionsReader reader);

    /// <summary>Reads a document.</summary>
    /// <param name="document">A whole answer or the part of it that holds log-probabilities.</param>
    /// <param name="format">Whose it is.</param>
    /// <param name="tolerance">How much above 0 a log-probability may be.</param>
    /// <param name="problems">Where failures go.</param>
    /// <returns>What was read, or null with at least one failure.</returns>
    public static Completion? Read(JsonElement document, CompletionFormat format, double tolerance, Problems problems)
    {
        var root = new Node(document, problems);
        var before = problems.Total;
        foreach (var layout in All)
        {
            if (format != CompletionFormat.Auto && layout.Format != format) continue;
            if (layout.Locate(root) is not { } node) continue;
            var reader = new PositionsReader(tolerance);
            layout.Read(node, reader);
            if (reader.Count == 0 && problems.Total == before) node.At.Add("must have at least one position");
            return problems.Total == before ? reader.Result(layout.Format, layout.IsGivenText) : null;
        }

        problems.Add(format == CompletionFormat.Auto
            ? "must be an answer with log-probabilities as OpenAI, vLLM, SGLang, llama-server, Text Generation Inference, Ollama or TRL write it, or an array of positions with \"tokens\" and \"logprobs\" or \"top\"; were log-probabilities asked for?"
            : "has no log-probabilities where this format has them");
        return null;
    }

    /// <summary>The first of a list of answers, or the answer itself.</summary>
    protected static Node First(Node document, string field) =>
        document.Item(0) is { IsObject: true } first && first.Member(field) is not null ? first : document;

    /// <summary>The first choice of an OpenAI answer, or the document itself.</summary>
    protected static Node Choice(Node document) => document.Array("choices")?.Item(0) ?? document;

    /// <summary>Whether an array's first element that is not null passes.</summary>
    protected static bool Starts(Node array, Func<Node, bool> passes)
    {
        for (var i = 0; i < array.Count; i++)
            if (array.Item(i) is { IsNull: false } item) return passes(item);
        return false;
    }
}
