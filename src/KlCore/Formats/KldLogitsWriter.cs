using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace KlCore.Formats;

/// <summary>
/// Writes what llama.cpp writes with <c>--kl-divergence-base</c>. R rows per chunk become chunks of n = 2 R + 2 tokens, of which llama.cpp scores
/// the last R; the targets stand there, and the tokens that are not known (the first R + 2 of each chunk) are written as 0. llama.cpp feeds all tokens of
/// a chunk to the model that it compares, so such a file serves to compare logits, not to run llama.cpp on it.
/// </summary>
internal sealed class KldLogitsWriter : LogitsWriter
{
    private const int TokensAtOnce = 16 << 10;

    private readonly KldHeader _header;
    private readonly float[] _row;
    private readonly ushort[] _quantized;
    private long _tokens;

    public KldLogitsWriter(LogitsContent content) : base(content)
    {
        if (content.Element is not null) throw new NotComputableException("type-not-supported", "A kld file has one type only, 16 bits of its own: no other can be chosen.");
        var chunk = content.ChunkRows ?? content.Source.ChunkRows ?? content.Rows;
        if (chunk < 1 || content.Rows % chunk != 0)
            throw new NotComputableException("rows-not-whole-chunks", $"The rows must be whole chunks of {chunk}, there are {content.Rows}.");
        // Tokens are counted in 32 bits, all of them and those of a chunk.
        if (content.Rows / chunk * (2 * chunk + 2) > int.MaxValue)
            throw new NotComputableException("too-many-tokens", $"A kld file can hold {int.MaxValue} tokens, {content.Rows} rows need more.");
        _header = new KldHeader((int)(2 * chunk + 2), content.Source.Vocabulary, (int)(content.Rows / chunk));
        if (content.Targets is null) throw new NotComputableException("targets-required", "A kld file holds the next token of each row: targets are needed.");
        CheckTargets(content.Targets);
        _row = new float[content.Source.Vocabulary];
        _quantized = new ushort[(content.Source.Vocabulary + 1) / 2 * 2];
    }

    /// <inheritdoc/>
    public override long? Length => _header.FileLength;

    /// <inheritdoc/>
    public override string DataType => "u16";

    /// <inheritdoc/>
    public override bool StartSome(IBufferWriter<byte> output)
    {
        if (_tokens == 0) WriteHeader(output);
        var end = Math.Min(_tokens + TokensAtOnce, _header.Tokens);
        for (; _tokens < end; _tokens++)
        {
            var (chunk, place) = Math.DivRem(_tokens, _header.Context);
            WriteToken(place < _header.FirstTarget ? 0 : Content.Targets![(int)(chunk * _header.ChunkRows + place - _header.FirstTarget)], output);
        }

        return _tokens < _header.Tokens;
    }

    private void WriteHeader(IBufferWriter<byte> output)
    {
        var start = output.GetSpan(KldHeader.Length);
        KldHeader.Magic.CopyTo(start);
        BinaryPrimitives.WriteInt32LittleEndian(start[8..], _header.Context);
        BinaryPrimitives.WriteInt32LittleEndian(start[12..], _header.Vocabulary);
        BinaryPrimitives.WriteInt32LittleEndian(start[16..], _header.Chunks);
        output.Advance(KldHeader.Length);
    }

    private protected override void WriteRow(ReadOnlySpan<byte> row, IBufferWriter<byte> output)
    {
        Convert(row, MemoryMarshal.AsBytes(_row.AsSpan()), ElementType.F32);
        // An odd vocabulary is filled up with a zero, which stays.
        var (scale, minimum) = KldRow.Encode(_row, _quantized);
        var head = output.GetSpan(8);
        BinaryPrimitives.WriteSingleLittleEndian(head, scale);
        BinaryPrimitives.WriteSingleLittleEndian(head[4..], minimum);
        output.Advance(8);
        output.Write(MemoryMarshal.AsBytes(_quantized.AsSpan()));
    }

    private static void WriteToken(int token, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(4), token);
        output.Advance(4);
    }

    private void CheckTargets(IReadOnlyList<int> targets)
    {
        for (var row = 0; row < targets.Count; row++)
            if ((uint)targets[row] >= (uint)_header.Vocabulary)
                throw new NotComputableException(
                    "targets-required",
                    targets[row] < 0
                        ? $"A kld file holds the next token of each row, row {row} has none."
                        : $"Targets must be below the vocabulary ({_header.Vocabulary}), that of row {row} is {targets[row]}.");
    }
}
