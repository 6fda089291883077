using System.Text;
using System.Text.Json;

namespace KlCore.Training.LanguageModel.Tokens;

/// <summary>Pieces of text as tokens: those that are listed, and one for all others.</summary>
internal abstract class TextTokenizer : Tokenizer
{
    /// <summary>How the token for pieces that are not listed is written.</summary>
    public const string UnknownName = "<unk>";

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _numbers;
    private readonly string[] _texts;
    private readonly byte[][] _bytes;

    /// <param name="tokens">The pieces, the first of them the unknown one.</param>
    /// <param name="hasEnd">Whether documents end.</param>
    protected TextTokenizer(string[] tokens, bool hasEnd) : base(hasEnd)
    {
        _texts = tokens;
        _bytes = [.. tokens.Select(Encoding.UTF8.GetBytes)];
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 1; i < tokens.Length; i++) numbers.Add(tokens[i], i);
        _numbers = numbers.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public sealed override int? Unknown => 0;

    protected sealed override int Count => _texts.Length;

    public sealed override List<int> Encode(string text)
    {
        var tokens = new List<int>();
        foreach (var (start, length) in Cut(text)) tokens.Add(_numbers.TryGetValue(text.AsSpan(start, length), out var token) ? token : 0);
        return tokens;
    }

    public sealed override long UnknownBytes(string text)
    {
        long bytes = 0;
        foreach (var (start, length) in Cut(text))
            if (!_numbers.ContainsKey(text.AsSpan(start, length))) bytes += Encoding.UTF8.GetByteCount(text.AsSpan(start, length));
        return bytes;
    }

    public sealed override ReadOnlySpan<byte> Bytes(int token) => _bytes[token];

    protected sealed override void WriteTokens(Utf8JsonWriter writer) => WriteTexts(writer, _texts);

    /// <summary>The pieces of a text, all of it in order.</summary>
    private protected abstract IEnumerable<(int Start, int Length)> Cut(string text);
}
