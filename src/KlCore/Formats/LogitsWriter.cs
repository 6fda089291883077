using System.Buffers;

namespace KlCore.Formats;

/// <summary>What is to be written.</summary>
/// <param name="Source">The rows as they will be given: their type and vocabulary.</param>
/// <param name="Rows">How many there will be.</param>
public sealed record LogitsContent(LogitsShape Source, long Rows)
{
    /// <summary>The type to store logits as; null for that of the source, or the nearest that the format has and that holds it exactly.</summary>
    public ElementType? Element { get; init; }

    /// <summary>The token that follows each row, -1 where there is none. Needed for kld; kept in safetensors and JSON lines; .npy has no place for them.</summary>
    public IReadOnlyList<int>? Targets { get; init; }

    /// <summary>Rows per chunk of text, for kld; null for that of the source, else all rows are one chunk.</summary>
    public int? ChunkRows { get; init; }
}

/// <summary>
/// Writes rows of logits as they come: first <see cref="Start"/>, then the rows, then <see cref="Complete"/>. Nothing that was written is changed
/// afterwards, so that the output may be a socket; memory is that of one row.
/// </summary>
public abstract class LogitsWriter
{
    private protected LogitsWriter(LogitsContent content) => Content = content;

    /// <summary>What is written.</summary>
    public LogitsContent Content { get; }

    /// <summary>How many bytes there will be in all; null for JSON lines.</summary>
    public abstract long? Length { get; }

    /// <summary>How the logits are stored, for people: "f16", "bf16", "f32", "f64", or "u16" (kld).</summary>
    public abstract string DataType { get; }

    /// <summary>How many rows were written.</summary>
    public long RowsWritten { get; private set; }

    /// <summary>The writer for a format.</summary>
    /// <exception cref="NotComputableException">
    /// The format cannot hold the content: type-not-supported (bf16 in .npy, any choice in kld), targets-required, rows-not-whole-chunks or too-many-tokens (kld).
    /// </exception>
    public static LogitsWriter Create(LogitsFormat format, LogitsContent content)
    {
        if (content.Targets is { } targets && targets.Count != content.Rows)
            throw new NotComputableException("targets-length", $"There must be as many targets as rows ({content.Rows}), there are {targets.Count}.");
        return format switch
        {
            LogitsFormat.Npy => new NpyLogitsWriter(content),
            LogitsFormat.Safetensors => new SafetensorsLogitsWriter(content),
            LogitsFormat.Kld => new KldLogitsWriter(content),
            _ => new JsonLogitsWriter(content),
        };
    }

    /// <summary>Writes what stands before the rows.</summary>
    public void Start(IBufferWriter<byte> output)
    {
        while (StartSome(output))
        {
        }
    }

    /// <summary>Writes the next piece of what stands before the rows, for outputs that hold what they have not passed on; false once that was the last.</summary>
    public abstract bool StartSome(IBufferWriter<byte> output);

    /// <summary>Writes the next rows.</summary>
    /// <param name="rows">Whole rows of the source's type, least significant byte first.</param>
    /// <param name="output">Where they go.</param>
    /// <exception cref="NotComputableException">A logit has no place in the new type: logit-out-of-range, or logit-not-finite in JSON.</exception>
    public void Write(ReadOnlySpan<byte> rows, IBufferWriter<byte> output)
    {
        var length = Content.Source.RowBytes;
        if (rows.Length % length != 0) throw new ArgumentException($"Rows must be whole, of {length} bytes each.", nameof(rows));
        if (rows.Length / length > Content.Rows - RowsWritten) throw new ArgumentException("There are more rows than were announced.", nameof(rows));
        for (; !rows.IsEmpty; rows = rows[length..])
        {
            WriteRow(rows[..length], output);
            RowsWritten++;
        }
    }

    /// <summary>Says that all rows were written.</summary>
    public void Complete()
    {
        if (RowsWritten != Content.Rows) throw new InvalidOperationException($"{Content.Rows} rows were announced, {RowsWritten} were written.");
    }

    /// <summary>Writes one row.</summary>
    private protected abstract void WriteRow(ReadOnlySpan<byte> row, IBufferWriter<byte> output);

    /// <summary>Converts numbers of the row, or says which of them does not fit.</summary>
    private protected void Convert(ReadOnlySpan<byte> source, Span<byte> destination, ElementType element, int firstToken = 0)
    {
        var high = Conversion.Convert(source, Content.Source.Element, destination, element);
        if (high >= 0)
            throw new NotComputableException(
                "logit-out-of-range", $"Row {RowsWritten}, token {firstToken + high}: the logit is too large for {element.ToString().ToLowerInvariant()}.");
    }
}
