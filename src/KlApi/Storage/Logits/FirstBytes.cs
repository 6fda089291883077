using KlCore.Formats;

namespace KlApi.Storage.Logits;

/// <summary>The first bytes of a file that arrives in pieces, as many as tell its format.</summary>
internal sealed class FirstBytes
{
    private readonly byte[] _bytes = new byte[LogitsFormats.SniffLength];
    private int _count;

    /// <summary>Those that have arrived: fewer than it takes only where the file has no more.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _count);

    /// <summary>Takes what is still missing off a piece; true when nothing is missing any more.</summary>
    public bool Take(ref ReadOnlySpan<byte> piece)
    {
        var length = Math.Min(piece.Length, _bytes.Length - _count);
        piece[..length].CopyTo(_bytes.AsSpan(_count));
        _count += length;
        piece = piece[length..];
        return _count == _bytes.Length;
    }
}
