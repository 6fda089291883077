namespace KlCore.Formats;

/// <summary>Collects targets from whole numbers as files have them.</summary>
internal sealed class TargetNumbers
{
    private readonly TokenBlocks _targets = new();
    private readonly byte[] _open = new byte[8];
    private int _openLength;

    /// <summary>The targets so far, -1 where there is none.</summary>
    public TokenBlocks Targets => _targets;

    /// <summary>Keeps one target.</summary>
    /// <param name="value">As the data has it: at least 0, or -1 or -100 for none.</param>
    /// <param name="offset">Where it is.</param>
    public void Add(Int128 value, long offset)
    {
        if (value > int.MaxValue || (value < 0 && value != -1 && value != -100))
            throw new MalformedDataException(
                "target", $"targets must be from 0 to {int.MaxValue}, or -1 or -100 for none; that at index {_targets.Count} is {value}", offset);
        if (_targets.Count == Array.MaxLength) throw new MalformedDataException("too-many-rows", $"there must be at most {Array.MaxLength} targets", offset);
        _targets.Add(value < 0 ? -1 : (int)value);
    }

    /// <summary>Keeps the targets in the next bytes of an array.</summary>
    /// <param name="bytes">They may begin and end within a number.</param>
    /// <param name="element">How numbers are stored.</param>
    /// <param name="offset">Where the bytes are.</param>
    public void Append(ReadOnlySpan<byte> bytes, NpyElement element, long offset)
    {
        var at = 0;
        if (_openLength > 0)
        {
            at = Math.Min(element.Size - _openLength, bytes.Length);
            bytes[..at].CopyTo(_open.AsSpan(_openLength));
            _openLength += at;
            if (_openLength < element.Size) return;
            Add(element.Whole(_open.AsSpan(0, element.Size)), offset + at - element.Size);
            _openLength = 0;
        }
        for (; at <= bytes.Length - element.Size; at += element.Size) Add(element.Whole(bytes.Slice(at, element.Size)), offset + at);
        bytes[at..].CopyTo(_open);
        _openLength = bytes.Length - at;
    }
}
