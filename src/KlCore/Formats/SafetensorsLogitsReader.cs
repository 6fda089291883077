using System.Buffers;

namespace KlCore.Formats;

/// <summary>
/// Reads rows of logits from one tensor of a safetensors file, of type F64, F32, F16 or BF16. Its last dimension is the vocabulary, the others
/// are flattened into rows; one dimension is one row. The other tensors are skipped.
/// </summary>
public sealed class SafetensorsLogitsReader : RawLogitsReader
{
    private readonly ArrayBufferWriter<byte> _start = new();
    private readonly string? _tensor;
    private int _needed = SafetensorsHeader.Preamble;

    /// <summary>Begins to read.</summary>
    /// <param name="tensor">The tensor's name; null for the only one that could hold logits.</param>
    public SafetensorsLogitsReader(string? tensor = null) => _tensor = tensor;

    private protected override string Name => "safetensors";

    private protected override int ReadHeader(ReadOnlySpan<byte> source)
    {
        var taken = 0;
        while (Shape is null && taken < source.Length)
        {
            var next = source.Slice(taken, Math.Min(_needed - _start.WrittenCount, source.Length - taken));
            _start.Write(next);
            taken += next.Length;
            if (_start.WrittenCount < _needed) break;
            if (_needed == SafetensorsHeader.Preamble) _needed = SafetensorsHeader.BytesNeeded(_start.WrittenSpan);
            else Begin(SafetensorsHeader.Parse(_start.WrittenSpan));
        }
        return taken;
    }

    private void Begin(SafetensorsHeader header)
    {
        var tensor = SafetensorsChoice.Of(header, _tensor, entry => Element(entry) is not null && entry.Shape.Count > 0, "of F64, F32, F16 or BF16 with at least one dimension");
        var shape = LogitsShapes.Of(LogitsFormat.Safetensors, Element(tensor)!.Value, tensor.Shape, header.DataOffset);
        Begin(shape, header.DataOffset, reversed: false, tensor.Begin, header.DataLength - tensor.End);
    }

    private static ElementType? Element(SafetensorsEntry tensor) => tensor.DataType switch
    {
        "F64" => ElementType.F64,
        "F32" => ElementType.F32,
        "F16" => ElementType.F16,
        "BF16" => ElementType.Bf16,
        _ => null,
    };
}

/// <summary>Finds the tensor that is meant.</summary>
internal static class SafetensorsChoice
{
    private const int MostNames = 20;

    /// <summary>The tensor of that name, or without a name the only one that fits.</summary>
    /// <param name="header">The tensors there are.</param>
    /// <param name="name">The name, or null.</param>
    /// <param name="fits">Whether a tensor could be meant.</param>
    /// <param name="kind">What fits, in words.</param>
    public static SafetensorsEntry Of(SafetensorsHeader header, string? name, Func<SafetensorsEntry, bool> fits, string kind)
    {
        var fitting = header.Tensors.Where(fits).ToArray();
        if (name is null)
            return fitting.Length == 1
                ? fitting[0]
                : throw NotFound(header, $"the file must hold exactly one tensor {kind}, or the tensor must be named; it holds {fitting.Length}");
        var tensor = header.Tensors.FirstOrDefault(entry => entry.Name == name)
            ?? throw NotFound(header, $"the file must hold the tensor {SafetensorsHeader.Quote(name)}");
        return fitting.Contains(tensor)
            ? tensor
            : throw new MalformedDataException(
                "tensor-type", $"the tensor {SafetensorsHeader.Quote(name)} must be {kind}, it is {Describe(tensor)}", header.DataOffset);
    }

    private static MalformedDataException NotFound(SafetensorsHeader header, string message)
    {
        var names = string.Join(", ", header.Tensors.Take(MostNames).Select(entry => $"{SafetensorsHeader.Quote(entry.Name)} {Describe(entry)}"));
        if (header.Tensors.Count > MostNames) names += $" and {header.Tensors.Count - MostNames} more";
        return new MalformedDataException("tensor-not-found", $"{message}. There are: {(names.Length == 0 ? "none" : names)}", header.DataOffset);
    }

    private static string Describe(SafetensorsEntry entry) => $"{entry.DataType} [{string.Join(", ", entry.Shape)}]";
}
