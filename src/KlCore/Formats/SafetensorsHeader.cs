using System.Text.Json;

namespace KlCore.Formats;

/// <summary>One tensor as the header of a safetensors file describes it.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="DataType">The type of its numbers as the format spells it: "F32", "BF16", "I64", …</param>
/// <param name="Shape">Its dimensions, each at least 0; empty for a single number. Their product is within 64 bits.</param>
/// <param name="Begin">Where its bytes begin, counted from the end of the header.</param>
/// <param name="End">Where they end.</param>
public sealed record SafetensorsEntry(string Name, string DataType, IReadOnlyList<long> Shape, long Begin, long End);

/// <summary>
/// The header of a safetensors file: eight bytes with the length, least significant first, then a JSON object. The tensors it describes
/// must fill the rest of the file without holes and overlaps, each with as many bytes as its shape asks for.
/// </summary>
/// <remarks>https://github.com/huggingface/safetensors#format. The object must begin at once, as the text of the format says; blanks may follow it.</remarks>
public sealed class SafetensorsHeader
{
    /// <summary>The longest header that is read: 1 MiB.</summary>
    public const int MaximumLength = 1 << 20;

    /// <summary>The most tensors that are read.</summary>
    public const int MaximumTensors = 10_000;

    /// <summary>Bytes of the length that stands first.</summary>
    public const int Preamble = 8;

    private SafetensorsHeader(IReadOnlyList<SafetensorsEntry> tensors, IReadOnlyDictionary<string, string> metadata, int dataOffset) =>
        (Tensors, Metadata, DataOffset) = (tensors, metadata, dataOffset);

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Tensors { get; }

    /// <summary>The texts of <c>__metadata__</c> by name; empty if there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Where the numbers begin, in bytes from the start of the file.</summary>
    public int DataOffset { get; }

    /// <summary>How many bytes of numbers there are.</summary>
    public long DataLength => Tensors.Count == 0 ? 0 : Tensors[^1].End;

    /// <summary>How many bytes of the file are needed to read the header, once the first eight are there.</summary>
    /// <exception cref="MalformedDataException">More is announced than is read.</exception>
    public static int BytesNeeded(ReadOnlySpan<byte> start)
    {
        var length = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(start);
        return length is >= 2 and <= MaximumLength
            ? Preamble + (int)length
            : throw new MalformedDataException("safetensors-header", $"the header must have from 2 to {MaximumLength} bytes, was announced with {length}", 0);
    }

    /// <summary>Reads a header that is there in full.</summary>
    /// <param name="start">Exactly as many bytes as <see cref="BytesNeeded"/> asked for.</param>
    /// <exception cref="MalformedDataException">The header is not well-formed, or its tensors do not lie side by side.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> start)
    {
        var text = new SafetensorsJson(start[Preamble..]);
        var tensors = text.Tensors();
        tensors.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long end = 0;
        foreach (var tensor in tensors)
        {
            if (tensor.Begin != end)
                throw new MalformedDataException(
                    "safetensors-offsets",
                    $"the tensors must lie side by side, {Quote(tensor.Name)} begins at {tensor.Begin} where the one before it ends at {end}",
                    start.Length);
            end = tensor.End;
        }
        if (end > long.MaxValue - start.Length)
            throw new MalformedDataException("safetensors-offsets", "the file's length must be within 64 bits, it overflows", start.Length);
        return new SafetensorsHeader(tensors, text.Told, start.Length);
    }

    // A name from the data is told, but not a megabyte of it.
    internal static string Quote(string name) => JsonSerializer.Serialize(name.Length <= 60 ? name : string.Concat(name.AsSpan(0, 60), "…"));
}
