using System.ComponentModel.DataAnnotations;

namespace KlCore.Training.LanguageModel.Tokens;

/// <summary>
/// Words, numbers, punctuation and line ends (<see cref="Pieces"/>) as tokens, a blank before a word being part of it: the most frequent of the training part. One token stands for
/// all others, so that how often it occurs is part of how good a model is; see the bits per byte of the result.
/// </summary>
public sealed record WordTokens : Tokenization
{
    /// <summary>The most tokens, the unknown one included.</summary>
    [Range(2, 1_000_000)]
    public int Vocabulary { get; init; } = 4096;

    internal override int MaximumVocabulary(long characters) => (int)Math.Min(Vocabulary, characters + 1);

    internal override Tokenizer Learn(IReadOnlyList<string> texts, bool hasEnd)
    {
        var frequent = Pieces.Count(texts)
            .OrderByDescending(entry => entry.Value)
            .ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Take(Vocabulary - 1)
            .Select(entry => entry.Key);
        return new WordTokenizer([TextTokenizer.UnknownName, .. frequent], hasEnd);
    }
}

/// <summary>Words as tokens, the most frequent first after the unknown one.</summary>
internal sealed class WordTokenizer(string[] tokens, bool hasEnd) : TextTokenizer(tokens, hasEnd)
{
    public override string Kind => "word";

    private protected override IEnumerable<(int Start, int Length)> Cut(string text) => Pieces.Cut(text);
}
