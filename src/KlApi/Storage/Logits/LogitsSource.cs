using System.Buffers;
using KlCore.Formats;

namespace KlApi.Storage.Logits;

/// <summary>
/// Rows of logits out of a stream of any of the formats, as many at a time as the reader wants. Rows that lie in the file as they are wanted are read
/// straight to their place; besides that it holds one piece of the stream.
/// </summary>
internal sealed class LogitsSource : IDisposable
{
    private const int PieceLength = 256 << 10;

    private readonly Stream _stream;
    private readonly byte[] _piece = ArrayPool<byte>.Shared.Rent(PieceLength);
    private LogitsReader? _reader;
    private int _start, _end;
    private bool _ended, _completed;

    private readonly string? _file;

    private LogitsSource(Stream stream, string? file) => (_stream, _file) = (stream, file);

    /// <summary>What the rows are.</summary>
    public LogitsShape Shape => _reader!.Shape!;

    /// <summary>How many whole rows were handed out.</summary>
    public long RowsRead => _reader!.RowsRead;

    /// <summary>The next tokens of the rows so far, where the file holds them.</summary>
    public IReadOnlyList<int>? Targets => _reader!.Targets;

    /// <summary>Reads as far as it takes to know the shape.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="tensor">The tensor that is meant, where there may be several.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="file">What the client calls the file, where it sent several: failures are told of this one.</param>
    public static async Task<LogitsSource> Open(Stream stream, string? tensor, CancellationToken cancellation, string? file = null)
    {
        var source = new LogitsSource(stream, file);
        try
        {
            await source.Begin(tensor, cancellation);
            return source;
        }
        catch (MalformedDataException failure) when (file is not null)
        {
            source.Dispose();
            throw failure.Of(file);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Fills <paramref name="rows"/>, whose length is that of whole rows, and returns how many bytes it filled: less than all only at the end of the
    /// data, which by then is known to be complete.
    /// </summary>
    public async ValueTask<int> Read(Memory<byte> rows, CancellationToken cancellation)
    {
        var filled = 0;
        try
        {
            while (filled < rows.Length)
            {
                var written = await Advance(rows[filled..], cancellation);
                if (written < 0) break;
                filled += written;
            }
        }
        catch (MalformedDataException failure) when (_file is not null)
        {
            throw failure.Of(_file);
        }

        return filled;
    }

    /// <summary>Passes over so many bytes of rows: at once where they lie in the file as they are, else by reading them.</summary>
    public async ValueTask Skip(long bytes, CancellationToken cancellation)
    {
        var scratch = new byte[Math.Max(Shape.RowBytes, PieceLength / Shape.RowBytes * Shape.RowBytes)];
        while (bytes > 0)
        {
            // What is read ahead already goes the usual way; the file is jumped over from where the stream stands.
            if (_start == _end && !_ended && _stream.CanSeek && (int)Math.Min(Math.Min(bytes, _reader!.DirectBytes), 1 << 30) is var direct and > 0)
            {
                _stream.Seek(direct, SeekOrigin.Current);
                _reader.TookDirectly(direct);
                bytes -= direct;
                continue;
            }

            var written = await Advance(scratch.AsMemory(0, (int)Math.Min(bytes, scratch.Length)), cancellation);
            if (written < 0) return;
            bytes -= written;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_piece);

    private async Task Begin(string? tensor, CancellationToken cancellation)
    {
        while (!_ended && _end < LogitsFormats.SniffLength) await Fill(cancellation);
        _reader = LogitsFormats.Sniff(_piece.AsSpan(0, Math.Min(_end, LogitsFormats.SniffLength))).Open(tensor);
        while (_reader.Shape is null && await Advance(Memory<byte>.Empty, cancellation) >= 0)
        {
        }
    }

    /// <summary>Takes one step: from the piece, from the stream to where rows go, or from the stream to the piece. Returns how many bytes of rows it gave, -1 at the end.</summary>
    private async ValueTask<int> Advance(Memory<byte> rows, CancellationToken cancellation)
    {
        var reader = _reader!;
        if (_start < _end || _ended)
        {
            var isNew = reader.Shape is null;
            reader.Read(_piece.AsSpan(_start, _end - _start), rows.Span, out var taken, out var written);
            _start += taken;
            if (_ended && _start == _end && written == 0) return Complete();
            if (_start < _end && taken == 0 && written == 0 && isNew == reader.Shape is null) throw new InvalidOperationException("A reader of logits makes no progress.");
            return written;
        }

        var direct = (int)Math.Min(rows.Length, reader.DirectBytes);
        if (direct == 0)
        {
            await Fill(cancellation);
            return 0;
        }

        var length = await _stream.ReadAsync(rows[..direct], cancellation);
        if (length == 0) _ended = true;
        else reader.TookDirectly(length);
        return length;
    }

    private int Complete()
    {
        if (!_completed) _reader!.Complete();
        _completed = true;
        return -1;
    }

    private async Task Fill(CancellationToken cancellation)
    {
        if (_start == _end) _start = _end = 0;
        var length = await _stream.ReadAsync(_piece.AsMemory(_end, PieceLength - _end), cancellation);
        _end += length;
        _ended = length == 0;
    }
}
