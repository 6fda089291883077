using KlCore.Numerics;

namespace KlCore.Formats;

/// <summary>Reads one line of logits. Keeps the numbers of the last one.</summary>
internal sealed class JsonLogits
{
    private static readonly string[] NoLogits = ["NaN", "Infinity", "-Infinity", "\"NaN\"", "\"Infinity\""];

    private double[] _values = [];
    private long _start, _line, _row;

    /// <summary>How many logits the last line had.</summary>
    public int Count { get; private set; }

    /// <summary>The logits of the last line.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    /// <summary>The next token of the last line, or -1.</summary>
    public int Target { get; private set; }

    /// <summary>Reads a value that begins with [ or { and ends with the bracket that closes it.</summary>
    /// <param name="text">The value.</param>
    /// <param name="vocabulary">How many logits there must be; null in the first line.</param>
    /// <param name="row">Which row it is, for messages.</param>
    /// <param name="start">Where the value begins, in bytes from the start of the data.</param>
    /// <param name="line">Which line it is on.</param>
    public void Read(ReadOnlySpan<byte> text, int? vocabulary, long row, long start, long line)
    {
        (_start, _line, _row, Target) = (start, line, row, -1);
        var at = 0;
        if (text[0] == (byte)'[') Array(text, ref at, vocabulary);
        else Object(text, ref at, vocabulary);
        if (at < text.Length) throw Bad("a line must hold one array or object", at);
        if (Target >= Count) throw Bad($"a target must be below the number of logits ({Count}), was {Target}", 0);
    }

    private void Object(ReadOnlySpan<byte> text, ref int at, int? vocabulary)
    {
        bool hasLogits = false, hasTarget = false;
        at++;
        do
        {
            SkipBlanks(text, ref at);
            var place = at;
            if (!hasLogits && Take(text, ref at, "\"logits\""u8))
            {
                Colon(text, ref at);
                if (at >= text.Length || text[at] != (byte)'[') throw Bad("\"logits\" must be an array", at);
                Array(text, ref at, vocabulary);
                hasLogits = true;
            }
            else if (!hasTarget && (Take(text, ref at, "\"target\""u8) || Take(text, ref at, "\"token\""u8)))
            {
                Colon(text, ref at);
                Target = Token(text, ref at);
                hasTarget = true;
            }
            else throw Bad("an object must have \"logits\" and may have one of \"target\" and \"token\", each once and nothing beside them", place);
            SkipBlanks(text, ref at);
        }
        while (Take(text, ref at, ","u8));
        if (!Take(text, ref at, "}"u8)) throw Bad("a comma or a closing brace must stand here", at);
        if (!hasLogits) throw Bad("an object must have \"logits\"", 0);
    }

    private void Array(ReadOnlySpan<byte> text, ref int at, int? vocabulary)
    {
        Count = 0;
        at++;
        while (true)
        {
            SkipBlanks(text, ref at);
            if (Count == (vocabulary ?? LogitsReader.MaximumVocabulary)) throw TooMany(vocabulary, at);
            if (!DecimalNumerals.TryRead(text, ref at, out var value)) value = Infinity(text, ref at);
            else if (!double.IsFinite(value)) throw Bad($"logits must be within the range of 64-bit numbers, logit {Count} is not", at);
            if (Count == _values.Length) System.Array.Resize(ref _values, vocabulary ?? Math.Max(16, 2 * Count));
            _values[Count++] = value;
            SkipBlanks(text, ref at);
            var next = at < text.Length ? text[at] : 0;
            at++;
            if (next == ',') continue;
            if (next != ']') throw Bad("a comma or a closing bracket must stand here", at - 1);
            if (vocabulary is { } expected && Count != expected) throw Bad($"every row must have as many logits as the first ({expected}), row {_row} has {Count}", 0);
            return;
        }
    }

    private MalformedDataException TooMany(int? vocabulary, int at) => vocabulary is null
        ? new MalformedDataException(
            "vocabulary-too-large", $"the vocabulary must be at most {LogitsReader.MaximumVocabulary}, row {_row} has more logits", _start + at, _line)
        : Bad($"every row must have as many logits as the first ({vocabulary}), row {_row} has more", at);

    /// <summary>What is no number: "-Infinity" in quotes is minus infinity, all else is refused, by name where people and programs write it.</summary>
    private double Infinity(ReadOnlySpan<byte> text, ref int at)
    {
        if (Take(text, ref at, "\"-Infinity\""u8)) return double.NegativeInfinity;
        var rest = text[at..];
        foreach (var literal in NoLogits)
            if (System.Text.Ascii.Equals(rest[..Math.Min(literal.Length, rest.Length)], literal))
                throw Bad($"{literal} is no logit: logits are JSON numbers, minus infinity is the text \"-Infinity\" in quotes; logit {Count} is neither", at);
        if (Count == 0 && rest.StartsWith("]"u8))
            throw new MalformedDataException("no-rows", $"there must be at least one logit, row {_row} has none", _start + at, _line);
        throw Bad($"logits must be JSON numbers or \"-Infinity\", logit {Count} is not", at);
    }

    private int Token(ReadOnlySpan<byte> text, ref int at)
    {
        if (Take(text, ref at, "null"u8)) return -1;
        var start = at;
        var digits = at < text.Length && text[at] == (byte)'-' ? at + 1 : at;
        var isNumber = DecimalNumerals.TryRead(text, ref at, out var value) && !text[digits..at].ContainsAnyExceptInRange((byte)'0', (byte)'9');
        if (!isNumber || value > int.MaxValue || (value < 0 && value is not (-1 or -100)))
            throw Bad("a target must be the id of a token, or null, -1 or -100 for none", start);
        return value < 0 ? -1 : (int)value;
    }

    private void Colon(ReadOnlySpan<byte> text, ref int at)
    {
        SkipBlanks(text, ref at);
        if (!Take(text, ref at, ":"u8)) throw Bad("a colon must stand here", at);
        SkipBlanks(text, ref at);
    }

    private static bool Take(ReadOnlySpan<byte> text, ref int at, ReadOnlySpan<byte> expected)
    {
        if (!text[at..].StartsWith(expected)) return false;
        at += expected.Length;
        return true;
    }

    private static void SkipBlanks(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r') at++;
    }

    private MalformedDataException Bad(string message, int position) => new("json-lines", message, _start + position, _line);
}
