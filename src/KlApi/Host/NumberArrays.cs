using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Numerics;

namespace KlApi.Host;

/// <summary>
/// Arrays of numbers are most of what is sent here. Where the whole body lies in one piece they are scanned straight from its bytes,
/// which takes a third of the time that a token for each number takes; the serializer goes on at the closing bracket. Whatever is not a
/// plain array of finite JSON numerals is left to the tokens, so there is one grammar and one set of error messages.
/// </summary>
internal sealed class NumberArrays : JsonConverter<double[]>
{
    /// <summary>The body that this thread is reading, from the place on at which the reader's own count began.</summary>
    [ThreadStatic]
    private static ReadOnlyMemory<byte> t_body;

    /// <summary>Reads a body that lies in one piece.</summary>
    public static T Within<T>(ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, T> read)
    {
        t_body = body;
        try
        {
            return read(body);
        }
        finally
        {
            t_body = default;
        }
    }

    public override double[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("must be an array of numbers");
        return TryScan(ref reader) ?? ReadTokens(ref reader);
    }

    public override void Write(Utf8JsonWriter writer, double[] value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var number in value) ExtendedRealConverter.WriteValue(writer, number);
        writer.WriteEndArray();
    }

    private static double[]? TryScan(ref Utf8JsonReader reader)
    {
        var body = t_body;
        var start = reader.TokenStartIndex + 1;
        // A reader over other bytes than the body's (a buffered part of a document) is not ours to skip in.
        if (start > body.Length || !reader.ValueSpan.Overlaps(body.Span.Slice((int)start - 1, 1), out var offset) || offset != 0) return null;
        var scan = new NumberScan(body.Span[(int)start..]);
        if (!scan.TryRead(out var values, out var length)) return null;
        var rest = body[((int)start + length)..];
        reader = new Utf8JsonReader(rest.Span, isFinalBlock: true, reader.CurrentState);
        reader.Read();
        t_body = rest;
        return values;
    }

    private static double[] ReadTokens(ref Utf8JsonReader reader)
    {
        var values = new double[16];
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == values.Length) Array.Resize(ref values, 2 * count);
            values[count++] = ExtendedRealConverter.ReadValue(ref reader);
        }

        if (count < values.Length) Array.Resize(ref values, count);
        return values;
    }
}

/// <summary>Reads numerals separated by commas up to a closing bracket, by the grammar of RFC 8259.</summary>
internal ref struct NumberScan(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <summary>False unless it is an array of numerals that are finite doubles; <paramref name="length"/> ends before the bracket.</summary>
    public bool TryRead(out double[] values, out int length)
    {
        values = new double[128];
        length = 0;
        var count = 0;
        while (true)
        {
            SkipSpace();
            if (count == 0 && Peek() == ']') break;
            if (!DecimalNumerals.TryRead(_bytes, ref _position, out var value) || !double.IsFinite(value)) return false;
            if (count == values.Length) Array.Resize(ref values, 2 * count);
            values[count++] = value;
            SkipSpace();
            var next = Peek();
            if (next == ']') break;
            if (next != ',') return false;
            _position++;
        }

        length = _position;
        if (count < values.Length) Array.Resize(ref values, count);
        return true;
    }

    private readonly int Peek() => _position < _bytes.Length ? _bytes[_position] : -1;

    private void SkipSpace()
    {
        while (_position < _bytes.Length && _bytes[_position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') _position++;
    }
}
