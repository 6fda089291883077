using System.Buffers;
using System.Text;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlApi.Comparisons;

/// <summary>Writes positions as text or as an array, one row after the other.</summary>
internal abstract class PositionsWriter(IReadOnlyList<PositionColumn> columns)
{
    /// <summary>What the answer says it is.</summary>
    public abstract string MediaType { get; }

    /// <summary>How its file's name ends.</summary>
    public abstract string Extension { get; }

    protected IReadOnlyList<PositionColumn> Columns { get; } = columns;

    public static PositionsWriter Of(PerPosition form, IReadOnlyList<PositionColumn> columns) => form switch
    {
        PerPosition.Csv => new CsvPositions(columns),
        PerPosition.Npy => new NpyPositions(columns),
        _ => new JsonLinesPositions(columns),
    };

    /// <summary>What stands before so many rows.</summary>
    public abstract void Begin(IBufferWriter<byte> output, long count);

    /// <summary>One row.</summary>
    public abstract void Row(IBufferWriter<byte> output, long row, in Position position);

    /// <summary>A number with as many digits as it takes to read the same number back.</summary>
    protected static void Number(IBufferWriter<byte> output, PositionColumn column, double value, ReadOnlySpan<byte> quote)
    {
        if (double.IsInfinity(value))
        {
            output.Write(quote);
            output.Write(value > 0 ? "Infinity"u8 : "-Infinity"u8);
            output.Write(quote);
            return;
        }

        var span = output.GetSpan(32);
        var length = 0;
        _ = column.IsWhole ? ((long)value).TryFormat(span, out length) : value.TryFormat(span, out length);
        output.Advance(length);
    }
}

/// <summary>A JSON object per line; infinities are strings.</summary>
internal sealed class JsonLinesPositions : PositionsWriter
{
    private readonly byte[][] _names;

    public JsonLinesPositions(IReadOnlyList<PositionColumn> columns)
        : base(columns) => _names = [.. columns.Select((column, i) => Encoding.UTF8.GetBytes($"{(i == 0 ? '{' : ',')}\"{column.Name}\":"))];

    public override string MediaType => "application/x-ndjson";

    public override string Extension => ".ndjson";

    public override void Begin(IBufferWriter<byte> output, long count)
    {
    }

    public override void Row(IBufferWriter<byte> output, long row, in Position position)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            output.Write(_names[i]);
            Number(output, Columns[i], Columns[i].Of(row, position), "\""u8);
        }

        output.Write("}\n"u8);
    }
}

/// <summary>Comma-separated values as RFC 4180 has them, with a header.</summary>
internal sealed class CsvPositions(IReadOnlyList<PositionColumn> columns) : PositionsWriter(columns)
{
    public override string MediaType => "text/csv; charset=utf-8";

    public override string Extension => ".csv";

    public override void Begin(IBufferWriter<byte> output, long count) => output.Write(Encoding.UTF8.GetBytes(string.Join(',', Columns.Select(column => column.Name)) + "\r\n"));

    public override void Row(IBufferWriter<byte> output, long row, in Position position)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            Number(output, Columns[i], Columns[i].Of(row, position), []);
        }

        output.Write("\r\n"u8);
    }
}

/// <summary>A NumPy array of records: <c>numpy.load(file)["forward"]</c>.</summary>
internal sealed class NpyPositions(IReadOnlyList<PositionColumn> columns) : PositionsWriter(columns)
{
    public override string MediaType => "application/x-npy";

    public override string Extension => ".npy";

    public override void Begin(IBufferWriter<byte> output, long count) => output.Write(PositionArray.Begin(Columns, count));

    public override void Row(IBufferWriter<byte> output, long row, in Position position)
    {
        var length = PositionArray.RecordLength(Columns);
        PositionArray.Write(Columns, row, position, output.GetSpan(length));
        output.Advance(length);
    }
}
