using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace KlCore.Formats;

/// <summary>Writes rows as numbers one after the other, behind a header.</summary>
internal abstract class RawLogitsWriter(LogitsContent content, ElementType element) : LogitsWriter(content)
{
    // Pieces small enough to stay in the first cache, and to be had from any buffer.
    private const int Piece = 4096;

    /// <inheritdoc/>
    public sealed override long? Length => Header.Length + TargetBytes + Content.Rows * Content.Source.Vocabulary * Element.Size();

    /// <inheritdoc/>
    public sealed override string DataType => Element.ToString().ToLowerInvariant();

    /// <summary>How numbers are stored.</summary>
    protected ElementType Element => element;

    /// <summary>What the file begins with.</summary>
    private protected abstract byte[] Header { get; }

    /// <summary>How many bytes of targets stand between the header and the rows.</summary>
    private protected virtual long TargetBytes => 0;

    /// <inheritdoc/>
    public sealed override bool StartSome(IBufferWriter<byte> output)
    {
        output.Write(Header);
        WriteTargets(output);
        return false;
    }

    /// <summary>Writes what stands between the header and the rows.</summary>
    private protected virtual void WriteTargets(IBufferWriter<byte> output)
    {
    }

    private protected sealed override void WriteRow(ReadOnlySpan<byte> row, IBufferWriter<byte> output)
    {
        if (Content.Source.Element == Element)
        {
            output.Write(row);
            return;
        }
        var size = Content.Source.Element.Size();
        for (var token = 0; !row.IsEmpty; token += Piece)
        {
            var count = Math.Min(Piece, row.Length / size);
            Convert(row[..(count * size)], output.GetSpan(count * Element.Size()), Element, token);
            output.Advance(count * Element.Size());
            row = row[(count * size)..];
        }
    }
}

/// <summary>Writes a NumPy array of rows and columns, byte for byte as NumPy 1.23 and later do.</summary>
internal sealed class NpyLogitsWriter(LogitsContent content) : RawLogitsWriter(content, Choose(content))
{
    // NumPy leaves room for the first dimension to grow to as many digits.
    private const int GrowingDigits = 21;

    private protected override byte[] Header { get; } = Describe(content, Choose(content));

    private static ElementType Choose(LogitsContent content) => content.Element switch
    {
        ElementType.Bf16 => throw new NotComputableException("type-not-supported", "A .npy array has no type bf16: choose f32, which holds it exactly, or safetensors."),
        { } element => element,
        null => content.Source.Element == ElementType.Bf16 ? ElementType.F32 : content.Source.Element,
    };

    private static byte[] Describe(LogitsContent content, ElementType element)
    {
        var rows = content.Rows.ToString();
        var text = $"{{'descr': '<f{element.Size()}', 'fortran_order': False, 'shape': ({rows}, {content.Source.Vocabulary}), }}";
        text += new string(' ', GrowingDigits - rows.Length);
        text += new string(' ', 63 - (10 + text.Length) % 64) + "\n";
        byte[] preamble = [0x93, .. "NUMPY"u8, 1, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(preamble.AsSpan(8), (ushort)text.Length);
        return [.. preamble, .. Encoding.ASCII.GetBytes(text)];
    }
}

/// <summary>
/// Writes a safetensors file with the tensor "logits" and, where there are targets, before it the tensor "targets": of type I32, beside F64 of I64
/// so that every number lies at a multiple of its size.
/// </summary>
internal sealed class SafetensorsLogitsWriter(LogitsContent content) : RawLogitsWriter(content, content.Element ?? content.Source.Element)
{
    private protected override byte[] Header { get; } = Describe(content, content.Element ?? content.Source.Element);

    private protected override long TargetBytes => Content.Targets is null ? 0 : TargetSize(Element) * Content.Rows;

    private static int TargetSize(ElementType element) => element == ElementType.F64 ? 8 : 4;

    private static byte[] Describe(LogitsContent content, ElementType element)
    {
        var (rows, vocabulary) = (content.Rows, content.Source.Vocabulary);
        var begin = content.Targets is null ? 0 : TargetSize(element) * rows;
        var targets = content.Targets is null ? "" : Describe("targets", $"I{8 * TargetSize(element)}", $"{rows}", 0, begin) + ",";
        var logits = Describe("logits", element.ToString().ToUpperInvariant(), $"{rows},{vocabulary}", begin, begin + rows * vocabulary * element.Size());
        var text = $"{{{targets}{logits}}}";
        text = text.PadRight((text.Length + 7) / 8 * 8);
        return [.. BitConverter.GetBytes((long)text.Length), .. Encoding.ASCII.GetBytes(text)];
    }

    private static string Describe(string name, string type, string shape, long begin, long end) =>
        $"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{shape}],\"data_offsets\":[{begin},{end}]}}";

    private protected override void WriteTargets(IBufferWriter<byte> output)
    {
        var size = TargetSize(Element);
        foreach (var target in Content.Targets ?? [])
        {
            if (size == 8) BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(size), target);
            else BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(size), target);
            output.Advance(size);
        }
    }
}
