using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using KlCore.Logits;

namespace KlCore.Training.LogitsComparison;

/// <summary>Positions as a checkpoint keeps them: a safetensors file with one tensor of bytes, just as they are in memory, and what they were made of.</summary>
internal static class SavedPositions
{
    /// <summary>The file.</summary>
    /// <param name="positions">All so far.</param>
    /// <param name="origin">What tells the inputs: hexadecimal digits.</param>
    public static byte[] Write(ReadOnlySpan<Position> positions, string origin)
    {
        var data = MemoryMarshal.AsBytes(positions);
        var header = $$$"""{"__metadata__":{"origin":"{{{origin}}}"},"positions":{"dtype":"U8","shape":[{{{data.Length}}}],"data_offsets":[0,{{{data.Length}}}]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        var file = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        Encoding.ASCII.GetBytes(header, file.AsSpan(8));
        data.CopyTo(file.AsSpan(8 + header.Length));
        return file;
    }

    /// <summary>Reads them back; false if they were made of other inputs.</summary>
    /// <exception cref="InvalidInputException">The file is not one that <see cref="Write"/> wrote.</exception>
    public static bool TryRead(ReadOnlySpan<byte> file, Span<Position> positions, string origin, out int count)
    {
        count = 0;
        var length = file.Length < 8 ? -1 : BinaryPrimitives.ReadInt64LittleEndian(file);
        if (length < 0 || length > file.Length - 8) throw Malformed();
        var data = file[(int)(8 + length)..];
        if (Origin(file.Slice(8, (int)length)) != origin) return false;
        if (data.Length % Unsafe.SizeOf<Position>() != 0 || data.Length / Unsafe.SizeOf<Position>() > positions.Length) throw Malformed();
        count = data.Length / Unsafe.SizeOf<Position>();
        data.CopyTo(MemoryMarshal.AsBytes(positions));
        return true;
    }

    private static string? Origin(ReadOnlySpan<byte> header)
    {
        try
        {
            var reader = new Utf8JsonReader(header);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.GetProperty("__metadata__").GetProperty("origin").GetString();
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Malformed();
        }
    }

    private static InvalidInputException Malformed() => new("", "The checkpoint holds no positions of this comparison.");
}
