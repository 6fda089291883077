using System.Text;

namespace KlCore.Formats;

/// <summary>
/// Reads the one Python dictionary that a .npy header holds: exactly the keys descr, fortran_order and shape, each once, in any order. Strings
/// without escapes, True and False, and tuples of whole numbers are all that is known of Python.
/// </summary>
internal ref struct NpyDictionary
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly int _start;
    private int _at;

    private NpyDictionary(ReadOnlySpan<byte> text, int start)
    {
        _text = text;
        _start = start;
    }

    private readonly byte Next => _at < _text.Length ? _text[_at] : (byte)0;

    /// <summary>Reads the text of a header, which begins at byte <paramref name="start"/> of the file.</summary>
    public static NpyFields Read(ReadOnlySpan<byte> text, int start)
    {
        var reader = new NpyDictionary(text, start);
        var fields = reader.Dictionary();
        reader.SkipBlanks();
        if (reader._at < text.Length) throw reader.Bad("nothing may follow the dictionary");
        return fields;
    }

    private NpyFields Dictionary()
    {
        string? description = null;
        bool? fortranOrder = null;
        long[]? shape = null;
        int descriptionOffset = 0, shapeOffset = 0;
        Expect('{');
        while (!TryTake('}'))
        {
            SkipBlanks();
            var keyOffset = _start + _at;
            var key = String();
            Expect(':');
            SkipBlanks();
            switch (key)
            {
                case "descr" when description is null:
                    descriptionOffset = _start + _at;
                    description = Next == (byte)'[' ? throw Bad("the elements must be numbers, they are records", "npy-type") : String();
                    break;
                case "fortran_order" when fortranOrder is null:
                    fortranOrder = Boolean();
                    break;
                case "shape" when shape is null:
                    shapeOffset = _start + _at;
                    shape = Tuple();
                    break;
                default:
                    throw new MalformedDataException("npy-header", "the keys must be descr, fortran_order and shape, each once", keyOffset);
            }
            if (TryTake(',')) continue;
            Expect('}');
            break;
        }
        if (description is null || fortranOrder is not { } order || shape is null) throw Bad("the keys descr, fortran_order and shape must all be there");
        return new NpyFields(description, descriptionOffset, order, shape, shapeOffset);
    }

    private string String()
    {
        var quote = Next;
        if (quote is not ((byte)'\'' or (byte)'"')) throw Bad("a string must stand here");
        var length = _text[(_at + 1)..].IndexOf(quote);
        if (length < 0) throw Bad("a string must end with the quote that it began with");
        var content = _text.Slice(_at + 1, length);
        if (content.ContainsAnyExceptInRange((byte)' ', (byte)'~') || content.Contains((byte)'\\')) throw Bad("a string must be plain text without escapes");
        _at += length + 2;
        return Encoding.ASCII.GetString(content);
    }

    private bool Boolean()
    {
        var value = _text[_at..].StartsWith("True"u8);
        if (!value && !_text[_at..].StartsWith("False"u8)) throw Bad("fortran_order must be True or False");
        _at += value ? 4 : 5;
        return value;
    }

    private long[] Tuple()
    {
        var dimensions = new List<long>();
        Expect('(');
        while (!TryTake(')'))
        {
            SkipBlanks();
            if (dimensions.Count == NpyFields.MaximumDimensions) throw Bad($"an array must have at most {NpyFields.MaximumDimensions} dimensions", "npy-shape");
            dimensions.Add(Whole());
            if (TryTake(',')) continue;
            // "(3)" is a number in Python and no tuple.
            if (dimensions.Count == 1) throw Bad("one dimension must be followed by a comma", "npy-shape");
            Expect(')');
            break;
        }
        return [.. dimensions];
    }

    private long Whole()
    {
        if (Next == (byte)'-') throw Bad("a dimension must be at least 0", "npy-shape");
        if (Next is < (byte)'0' or > (byte)'9') throw Bad("a dimension must be a whole number", "npy-shape");
        long value = 0;
        for (; Next is >= (byte)'0' and <= (byte)'9'; _at++)
        {
            var digit = Next - '0';
            if (value > (long.MaxValue - digit) / 10) throw Bad("a dimension must be within 64 bits", "npy-shape");
            value = value * 10 + digit;
        }
        // Python 2 wrote its long numbers with an L behind them.
        if (Next == (byte)'L') _at++;
        return value;
    }

    private bool TryTake(char expected)
    {
        SkipBlanks();
        if (Next != (byte)expected) return false;
        _at++;
        return true;
    }

    private void Expect(char expected)
    {
        if (!TryTake(expected)) throw Bad($"'{expected}' must stand here");
    }

    private void SkipBlanks()
    {
        while (Next is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r') _at++;
    }

    private readonly MalformedDataException Bad(string message, string code = "npy-header") => new(code, $"header: {message}", _start + _at);
}

/// <summary>What the dictionary of a .npy header says, with the places of what may yet turn out wrong.</summary>
internal sealed record NpyFields(string Description, int DescriptionOffset, bool FortranOrder, long[] Shape, int ShapeOffset)
{
    /// <summary>As many dimensions as NumPy allows.</summary>
    public const int MaximumDimensions = 64;
}
