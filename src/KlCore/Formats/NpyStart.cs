using System.Buffers;

namespace KlCore.Formats;

/// <summary>Collects the first bytes of a .npy file until its header is whole.</summary>
internal sealed class NpyStart
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The header, once it is whole.</summary>
    public NpyHeader? Header { get; private set; }

    /// <summary>Takes bytes of the header; returns how many, all of them unless it became whole.</summary>
    public int Take(ReadOnlySpan<byte> source)
    {
        var taken = 0;
        while (Header is null && taken < source.Length)
        {
            var needed = NpyHeader.BytesNeeded(_bytes.WrittenSpan);
            var next = source.Slice(taken, Math.Min(needed - _bytes.WrittenCount, source.Length - taken));
            _bytes.Write(next);
            taken += next.Length;
            if (NpyHeader.BytesNeeded(_bytes.WrittenSpan) <= _bytes.WrittenCount) Header = NpyHeader.Parse(_bytes.WrittenSpan);
        }
        return taken;
    }
}
