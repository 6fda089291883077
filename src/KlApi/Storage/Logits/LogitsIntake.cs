using System.Buffers;
using KlCore.Formats;

namespace KlApi.Storage.Logits;

/// <summary>
/// Checks logits that arrive in pieces, of whichever format their first bytes say they are. Nothing of the rows is kept; memory grows only with
/// the targets that a file may hold, four bytes each.
/// </summary>
internal sealed class LogitsIntake(string? tensor) : IDisposable
{
    private readonly FirstBytes _first = new();
    private readonly byte[] _scratch = ArrayPool<byte>.Shared.Rent(64 << 10);
    private LogitsReader? _reader;

    /// <summary>Takes the next bytes of the file.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        if (_reader is null)
        {
            if (!_first.Take(ref piece)) return;
            Begin();
        }

        Feed(_reader!, piece);
    }

    /// <summary>The data has ended; returns the reader of all of it.</summary>
    public LogitsReader Complete()
    {
        if (_reader is null) Begin();
        _reader!.Complete();
        return _reader;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_scratch);

    private void Begin()
    {
        _reader = LogitsFormats.Sniff(_first.Bytes).Open(tensor);
        Feed(_reader, _first.Bytes);
    }

    private void Feed(LogitsReader reader, ReadOnlySpan<byte> piece)
    {
        while (piece.Length > 0)
        {
            var direct = (int)Math.Min(piece.Length, reader.DirectBytes);
            if (direct > 0)
            {
                reader.TookDirectly(direct);
                piece = piece[direct..];
                continue;
            }

            var wasOpen = reader.Shape is null;
            reader.Read(piece, _scratch, out var taken, out var written);
            if (taken == 0 && written == 0 && wasOpen == reader.Shape is null) throw new InvalidOperationException("A reader of logits makes no progress.");
            piece = piece[taken..];
        }
    }
}
