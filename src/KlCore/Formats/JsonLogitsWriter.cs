using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;

namespace KlCore.Formats;

/// <summary>
/// Writes JSON lines: an array for each row, or with targets an object {"logits": […], "target": id} (null where there is none). Each number is the
/// shortest text that gives the same 64-bit number again; minus infinity is the text "-Infinity".
/// </summary>
internal sealed class JsonLogitsWriter : LogitsWriter
{
    // As long as any number with its comma.
    private const int LongestNumber = 32;

    private readonly double[] _piece = new double[256];

    public JsonLogitsWriter(LogitsContent content) : base(content)
    {
        if (content.Element is not (null or ElementType.F64))
            throw new NotComputableException("type-not-supported", "JSON has one type of numbers only: no other than f64 can be chosen.");
    }

    /// <inheritdoc/>
    public override long? Length => null;

    /// <inheritdoc/>
    public override string DataType => "f64";

    /// <inheritdoc/>
    public override bool StartSome(IBufferWriter<byte> output) => false;

    private protected override void WriteRow(ReadOnlySpan<byte> row, IBufferWriter<byte> output)
    {
        output.Write(Content.Targets is null ? "["u8 : "{\"logits\":["u8);
        var size = Content.Source.Element.Size();
        for (var token = 0; token < Content.Source.Vocabulary; token += _piece.Length)
        {
            var count = Math.Min(_piece.Length, Content.Source.Vocabulary - token);
            Convert(row.Slice(token * size, count * size), MemoryMarshal.AsBytes(_piece.AsSpan()), ElementType.F64);
            WriteNumbers(_piece.AsSpan(0, count), token, output);
        }
        output.Write("]"u8);
        if (Content.Targets is { } targets) WriteTarget(targets[(int)RowsWritten], output);
        output.Write("\n"u8);
    }

    private void WriteNumbers(ReadOnlySpan<double> numbers, int firstToken, IBufferWriter<byte> output)
    {
        var text = output.GetSpan(numbers.Length * LongestNumber);
        var at = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (firstToken + i > 0) text[at++] = (byte)',';
            if (double.IsNegativeInfinity(numbers[i]))
            {
                "\"-Infinity\""u8.CopyTo(text[at..]);
                at += 11;
                continue;
            }
            if (!double.IsFinite(numbers[i]))
                throw new NotComputableException("logit-not-finite", $"Row {RowsWritten}, token {firstToken + i}: JSON has no {numbers[i]:R}.");
            numbers[i].TryFormat(text[at..], out var length, default, CultureInfo.InvariantCulture);
            at += length;
        }
        output.Advance(at);
    }

    private static void WriteTarget(int target, IBufferWriter<byte> output)
    {
        output.Write(",\"target\":"u8);
        if (target < 0) output.Write("null"u8);
        else
        {
            target.TryFormat(output.GetSpan(11), out var length, default, CultureInfo.InvariantCulture);
            output.Advance(length);
        }
        output.Write("}"u8);
    }
}
