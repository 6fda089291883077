using System.Runtime.InteropServices;
using System.Text;

namespace KlCore.Training.LanguageModel.Tokens;

/// <summary>
/// Cuts text into words, numbers, punctuation and white space, nothing left out: a line feed; other white space but for a blank before something else; and with at most
/// one such blank before them, letters (apostrophes between them included), digits, or other signs. Nothing is longer than 64 characters.
/// </summary>
/// <remarks>After the pattern of GPT-2 (Radford et al., 2019), with its contractions left whole.</remarks>
internal static class Pieces
{
    private const int Longest = 64;

    private enum Class
    {
        LineFeed,
        Blank,
        Letter,
        Digit,
        Sign,
    }

    /// <summary>The pieces, in order.</summary>
    public static IEnumerable<(int Start, int Length)> Cut(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = EndOf(text, start);
            yield return (start, end - start);
            start = end;
        }
    }

    /// <summary>How often each piece occurs.</summary>
    public static Dictionary<string, long> Count(IReadOnlyList<string> texts)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var text in texts)
            foreach (var (start, length) in Cut(text)) CollectionsMarshal.GetValueRefOrAddDefault(lookup, text.AsSpan(start, length), out _)++;
        return counts;
    }

    private static int EndOf(string text, int start)
    {
        var (first, end) = At(text, start);
        if (first == Class.LineFeed) return end;
        if (first == Class.Blank)
        {
            if (text[start] != ' ' || end == text.Length || At(text, end).Class is Class.Blank or Class.LineFeed) return EndOfBlanks(text, start);
            first = At(text, end).Class;
        }

        while (end < text.Length && end - start < Longest)
        {
            var (next, after) = At(text, end);
            var isInside = next == first || (first == Class.Letter && text[end] is '\'' or '’' && after < text.Length && At(text, after).Class == Class.Letter);
            if (!isInside) break;
            end = after;
        }

        return end;
    }

    // The last blank belongs to what follows it.
    private static int EndOfBlanks(string text, int start)
    {
        var end = start;
        while (end < text.Length && end - start < Longest && At(text, end).Class == Class.Blank) end++;
        var isBeforeSomething = end < text.Length && At(text, end).Class is not (Class.Blank or Class.LineFeed);
        return isBeforeSomething && text[end - 1] == ' ' && end - 1 > start ? end - 1 : end;
    }

    private static (Class Class, int End) At(string text, int at)
    {
        var value = text[at];
        if (value == '\n') return (Class.LineFeed, at + 1);
        if (char.IsWhiteSpace(value)) return (Class.Blank, at + 1);
        if (char.IsAsciiLetter(value)) return (Class.Letter, at + 1);
        if (char.IsAsciiDigit(value)) return (Class.Digit, at + 1);
        Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
        var end = at + length;
        if (Rune.IsLetter(rune)) return (Class.Letter, end);
        return Rune.GetUnicodeCategory(rune) switch
        {
            System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark => (Class.Letter, end),
            System.Globalization.UnicodeCategory.DecimalDigitNumber => (Class.Digit, end),
            _ => (Class.Sign, end),
        };
    }
}
