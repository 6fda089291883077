namespace KlCore.Formats;

/// <summary>
/// Reads rows of logits from one tensor of a safetensors file, of type F64, F32, F16 or BF16. Its last dimension is the vocabulary, the others
/// are flattened into rows; one dimension is one row. The other tensors are skipped, but for one of I32 or I64 that is named "targets" and has as
/// many numbers as there are rows: it holds the targets, known before the first row if it stands before them.
/// </summary>
public sealed class SafetensorsLogitsReader : RawLogitsReader
{
    private readonly SafetensorsStart _start = new();
    private readonly string? _tensor;

    /// <summary>Begins to read.</summary>
    /// <param name="tensor">The tensor's name; null for the only one that could hold logits.</param>
    public SafetensorsLogitsReader(string? tensor = null) => _tensor = tensor;

    private TargetNumbers? _targets;
    private NpyElement _targetElement;
    private long _targetsBegin, _targetsEnd;

    /// <inheritdoc/>
    public override IReadOnlyList<int>? Targets => _targets?.Targets;

    private protected override string Name => "safetensors";

    private protected override int ReadHeader(ReadOnlySpan<byte> source)
    {
        var taken = _start.Take(source);
        if (_start.Header is { } header) Begin(header);
        return taken;
    }

    private void Begin(SafetensorsHeader header)
    {
        var tensor = SafetensorsChoice.Of(
            header, _tensor, entry => Element(entry) is not null && entry.Shape.Count > 0, "of F64, F32, F16 or BF16 with at least one dimension");
        var shape = LogitsShapes.Of(LogitsFormat.Safetensors, Element(tensor)!.Value, tensor.Shape, header.DataOffset) with { Tensor = tensor.Name };
        FindTargets(header, shape.Rows!.Value);
        Begin(shape, header.DataOffset, reversed: false, tensor.Begin, header.DataLength - tensor.End);
    }

    private protected override void Skipped(ReadOnlySpan<byte> bytes, long offset)
    {
        if (_targets is null) return;
        var from = Math.Clamp(_targetsBegin - offset, 0, bytes.Length);
        var to = Math.Clamp(_targetsEnd - offset, 0, bytes.Length);
        _targets.Append(bytes[(int)from..(int)to], _targetElement, offset + from);
    }

    private void FindTargets(SafetensorsHeader header, long rows)
    {
        var targets = header.Tensors.FirstOrDefault(entry => entry.Name == "targets" && entry.DataType is "I32" or "I64");
        if (targets is null) return;
        _targetElement = NpyElement.Parse(targets.DataType == "I32" ? "<i4" : "<i8", 0);
        if (targets.End - targets.Begin != rows * _targetElement.Size) return;
        (_targetsBegin, _targetsEnd, _targets) = (header.DataOffset + targets.Begin, header.DataOffset + targets.End, new TargetNumbers());
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
