namespace KlCore.Training.LanguageModel.NGrams;

/// <summary>N-grams of all orders up to one, each found from the one without its last token.</summary>
internal sealed class NGramTrie(NGramLevel[] levels, int? end)
{
    /// <summary>The n-grams of order 1, 2, …</summary>
    public NGramLevel[] Levels { get; } = levels;

    /// <summary>The token that ends documents: no context reaches back beyond it.</summary>
    public int? End { get; } = end;

    /// <summary>Those that continue a context of a length.</summary>
    /// <param name="length">How many tokens the context has.</param>
    /// <param name="node">Which of those it is; 0 for none.</param>
    public (int From, int To) Children(int length, int node) =>
        length == 0 ? (0, Levels[0].Length) : (Levels[length - 1].FirstChild[node], Levels[length - 1].FirstChild[node + 1]);

    /// <summary>The one that continues a context by a token, or a negative number.</summary>
    public int FindChild(int length, int node, int token)
    {
        var (from, to) = Children(length, node);
        return Array.BinarySearch(Levels[length].Tokens, from, to - from, token);
    }

    /// <summary>The n-gram with these tokens, or a negative number.</summary>
    public int Find(ReadOnlySpan<int> tokens)
    {
        var node = 0;
        for (var i = 0; i < tokens.Length && node >= 0; i++) node = FindChild(i, node, tokens[i]);
        return node;
    }

    /// <summary>Finds what a text ends with, from one token to the most that were seen together.</summary>
    /// <param name="text">The text.</param>
    /// <param name="contexts">The n-grams found, by length; the first, of no tokens, is 0.</param>
    /// <param name="wanted">How many tokens count: as many as the order allows, and not beyond the start of the document.</param>
    /// <returns>The length of the longest that was found.</returns>
    public int FindContexts(ReadOnlySpan<int> text, Span<int> contexts, out int wanted)
    {
        if (End is { } end && text.LastIndexOf(end) is var last and >= 0) text = text[last..];
        wanted = Math.Min(text.Length, Levels.Length - 1);
        contexts[0] = 0;
        for (var length = 1; length <= wanted; length++)
        {
            contexts[length] = Find(text[^length..]);
            if (contexts[length] < 0) return length - 1;
        }

        return wanted;
    }
}
