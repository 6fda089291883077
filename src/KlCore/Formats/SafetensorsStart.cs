using System.Buffers;

namespace KlCore.Formats;

/// <summary>Collects the first bytes of a safetensors file until its header is whole.</summary>
internal sealed class SafetensorsStart
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private int _needed = SafetensorsHeader.Preamble;

    /// <summary>The header, once it is whole.</summary>
    public SafetensorsHeader? Header { get; private set; }

    /// <summary>Takes bytes of the header; returns how many, all of them unless it became whole.</summary>
    public int Take(ReadOnlySpan<byte> source)
    {
        var taken = 0;
        while (Header is null && taken < source.Length)
        {
            var next = source.Slice(taken, Math.Min(_needed - _bytes.WrittenCount, source.Length - taken));
            _bytes.Write(next);
            taken += next.Length;
            if (_bytes.WrittenCount < _needed) break;
            if (_needed == SafetensorsHeader.Preamble) _needed = SafetensorsHeader.BytesNeeded(_bytes.WrittenSpan);
            else Header = SafetensorsHeader.Parse(_bytes.WrittenSpan);
        }
        return taken;
    }
}
