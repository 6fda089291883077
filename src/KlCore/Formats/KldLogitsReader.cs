using System.Buffers.Binary;
using System.Collections;
using System.Runtime.InteropServices;

namespace KlCore.Formats;

/// <summary>
/// Reads what llama.cpp writes with <c>--kl-divergence-base</c>. Rows come out as 32-bit log-probabilities, exactly as llama.cpp itself decodes
/// them. All targets are known before the first row. A row whose scale or minimum is no finite number (its logits were none) comes out
/// as NaN or infinities, that is as a row that is no distribution.
/// </summary>
public sealed class KldLogitsReader : LogitsReader
{
    /// <summary>Programs are known that store 16 and 24 nats; a row that spans far more was not written by one.</summary>
    private const float WidestWindow = 64;

    private readonly byte[] _open = new byte[KldHeader.Length];
    private readonly TokenBlocks _tokens = new();
    private int _openLength, _token;
    private KldHeader _header;
    private KldRow? _row;
    private Targeted? _targets;
    private long _offset;
    private float _widest;
    private bool _padded;

    /// <inheritdoc/>
    public override IReadOnlyList<int>? Targets => _targets;

    /// <summary>All tokens of the text as they arrive, chunk after chunk, scored or not.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>
    /// How far below the largest logit the floor is, in nats, as far as the rows tell: 16, or 24 (ik_llama.cpp) where one of them reaches further than 16.
    /// </summary>
    public int Window => _widest > 16.01f ? 24 : 16;

    /// <inheritdoc/>
    public override void Read(ReadOnlySpan<byte> source, Span<byte> rows, out int taken, out int written)
    {
        (taken, written) = (0, 0);
        if (Shape is null)
        {
            taken = ReadHeader(source);
            return;
        }
        while (taken < source.Length)
        {
            var rest = source[taken..];
            int step;
            if (_tokens.Count < _header.Tokens) step = ReadTokens(rest);
            else if (RowsRead == Shape.Rows && !_padded)
                throw new MalformedDataException("kld-trailing", "nothing may follow the announced rows", _offset);
            else if (_padded) step = SkipPadding(rest);
            else if (_row is not { } row) step = ReadRowHead(rest);
            else
            {
                step = ReadWords(row, rest, rows[written..], out var more);
                if (step == 0) return;
                written += more;
            }
            (taken, _offset) = (taken + step, _offset + step);
        }
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        if (Shape is null)
            throw new MalformedDataException(_offset == 0 ? "empty" : "kld-truncated", "the data must hold a header of 20 bytes, it ends within it", _offset);
        if (_offset < _header.FileLength)
            throw new MalformedDataException(
                "kld-truncated", $"the header announces {_header.FileLength} bytes in all, there were {_offset}; {RowsRead} of {Shape.Rows} rows are whole", _offset);
    }

    private int ReadHeader(ReadOnlySpan<byte> source)
    {
        var taken = Open(source, KldHeader.Length);
        KldHeader.CheckMagic(_open.AsSpan(0, _openLength));
        _offset += taken;
        if (_openLength < KldHeader.Length) return taken;
        _header = KldHeader.Parse(_open);
        Shape = _header.Shape();
        _targets = new Targeted(_header, _tokens);
        _openLength = 0;
        return taken;
    }

    private int ReadTokens(ReadOnlySpan<byte> source)
    {
        if (_openLength > 0 || source.Length < 4)
        {
            var taken = Open(source, 4);
            if (_openLength == 4) AddToken(_open, _offset + taken - 4);
            return taken;
        }
        var count = (int)Math.Min(source.Length / 4, _header.Tokens - _tokens.Count);
        for (var i = 0; i < count; i++) AddToken(source[(4 * i)..], _offset + 4 * i);
        return 4 * count;
    }

    private void AddToken(ReadOnlySpan<byte> bytes, long offset)
    {
        var token = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if ((uint)token >= (uint)_header.Vocabulary)
            throw new MalformedDataException(
                "kld-token", $"tokens must be at least 0 and below the vocabulary ({_header.Vocabulary}), token {_tokens.Count} is {token}", offset);
        _tokens.Add(token);
        _openLength = 0;
    }

    private int ReadRowHead(ReadOnlySpan<byte> source)
    {
        var taken = Open(source, 8);
        if (_openLength < 8) return taken;
        var row = new KldRow(BinaryPrimitives.ReadSingleLittleEndian(_open), BinaryPrimitives.ReadSingleLittleEndian(_open.AsSpan(4)));
        if (float.IsFinite(row.Scale) && row.Scale is < 0 or > WidestWindow / 65535f)
            throw new MalformedDataException("kld-row", $"a row's scale must be at least 0 and span at most {WidestWindow} nats, that of row {RowsRead} is {row.Scale:R}", _offset + taken - 8);
        if (float.IsFinite(row.Scale)) _widest = Math.Max(_widest, row.Scale * 65535f);
        (_row, _token, _openLength) = (row, 0, 0);
        return taken;
    }

    /// <summary>Decodes as many words of the row as there are and as there is room for. Takes 0 bytes only where there is no room.</summary>
    private int ReadWords(KldRow row, ReadOnlySpan<byte> source, Span<byte> rows, out int written)
    {
        written = 0;
        var room = MemoryMarshal.Cast<byte, float>(rows);
        if (room.IsEmpty) return 0;
        int taken;
        if (_openLength > 0 || source.Length < 2)
        {
            taken = Open(source, 2);
            if (_openLength < 2) return taken;
            row.Decode(MemoryMarshal.Cast<byte, ushort>(_open.AsSpan(0, 2)), room);
            (_openLength, written) = (0, 4);
        }
        else
        {
            var words = MemoryMarshal.Cast<byte, ushort>(source);
            words = words[..Math.Min(words.Length, Math.Min(room.Length, _header.Vocabulary - _token))];
            row.Decode(words, room);
            (taken, written) = (2 * words.Length, 4 * words.Length);
        }
        _token += written / 4;
        if (_token == _header.Vocabulary)
        {
            RowsRead++;
            _row = null;
            _padded = _header.Vocabulary % 2 == 1;
        }
        return taken;
    }

    /// <summary>One word fills the row up where the vocabulary is odd.</summary>
    private int SkipPadding(ReadOnlySpan<byte> source)
    {
        var taken = Open(source, 2);
        if (_openLength == 2) (_padded, _openLength) = (false, 0);
        return taken;
    }

    /// <summary>Keeps bytes until there are as many as wanted.</summary>
    private int Open(ReadOnlySpan<byte> source, int wanted)
    {
        var taken = Math.Min(wanted - _openLength, source.Length);
        source[..taken].CopyTo(_open.AsSpan(_openLength));
        _openLength += taken;
        return taken;
    }

    /// <summary>The targets among the tokens: those of the second half of each chunk.</summary>
    private sealed class Targeted(KldHeader header, TokenBlocks tokens) : IReadOnlyList<int>
    {
        public int Count
        {
            get
            {
                var (chunks, rest) = Math.DivRem(tokens.Count, header.Context);
                return chunks * header.ChunkRows + Math.Max(0, rest - header.FirstTarget);
            }
        }

        public int this[int index]
        {
            get
            {
                ArgumentOutOfRangeException.ThrowIfNegative(index);
                var (chunk, row) = Math.DivRem(index, header.ChunkRows);
                return tokens[checked(chunk * header.Context + header.FirstTarget + row)];
            }
        }

        public IEnumerator<int> GetEnumerator()
        {
            for (var i = 0; i < Count; i++) yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
