using System.Globalization;
using System.Text;
using KlCore.Training.LanguageModel.Tokens;

namespace KlCore.Texts.NGrams;

/// <summary>Numbers the tokens of texts as they are met, the same for all texts that are to be compared.</summary>
internal sealed class TokenTable(TextTokens kind, bool lowercase, bool punctuation)
{
    private static readonly ByteTokenizer Bytes = new(hasEnd: false);

    private readonly Dictionary<string, int> _words = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    /// <summary>More than any token's number.</summary>
    public int Limit => kind switch
    {
        TextTokens.Byte => 256,
        TextTokens.Character => 0x110000,
        _ => Math.Max(1, _names.Count),
    };

    /// <summary>Adds the tokens of a text.</summary>
    public void Encode(string text, List<int> tokens)
    {
        if (lowercase) text = text.ToLowerInvariant();
        if (kind == TextTokens.Byte) tokens.AddRange(Bytes.Encode(text));
        else if (kind == TextTokens.Character) foreach (var rune in text.EnumerateRunes()) tokens.Add(rune.Value);
        else EncodeWords(text, tokens);
    }

    /// <summary>A token as people read it.</summary>
    public string Name(int token) => kind switch
    {
        TextTokens.Byte => Bytes.Name(token),
        TextTokens.Character => new Rune(token).ToString(),
        _ => _names[token],
    };

    /// <summary>The number of a word; null for one that was not met.</summary>
    public int? Find(string word) => _words.TryGetValue(word, out var number) ? number : null;

    /// <summary>Whether a token is a word or a number and no other sign.</summary>
    public bool IsWord(int token) => IsWord(_names[token]);

    /// <summary>Tokens in a row as people read them: words with blanks between them, bytes as the text that they are where they are one.</summary>
    public string Join(IReadOnlyList<int> tokens)
    {
        if (kind == TextTokens.Word) return string.Join(' ', tokens.Select(Name));
        if (kind == TextTokens.Character) return string.Concat(tokens.Select(Name));
        byte[] bytes = [.. tokens.Select(token => (byte)token)];
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : string.Concat(tokens.Select(Name));
    }

    private void EncodeWords(string text, List<int> tokens)
    {
        var numbers = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (start, length) in Pieces.Cut(text))
        {
            var piece = text.AsSpan(start, length).TrimStart();
            if (piece.IsEmpty || (!punctuation && !IsWord(piece))) continue;
            if (!numbers.TryGetValue(piece, out var number))
            {
                number = _names.Count;
                _names.Add(piece.ToString());
                _words.Add(_names[^1], number);
            }

            tokens.Add(number);
        }
    }

    // The pieces are all letters, all digits or all signs, but for apostrophes within words: the first character tells.
    private static bool IsWord(ReadOnlySpan<char> piece)
    {
        Rune.DecodeFromUtf16(piece, out var rune, out _);
        return Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
    }
}
