using System.Buffers.Binary;
using KlCore.Formats;

namespace KlCore.Logits.Reports;

/// <summary>Positions as a NumPy array of records: <c>numpy.load(file)["forward"]</c>.</summary>
public static class PositionArray
{
    private const int Size = 8;

    /// <summary>What stands before so many records.</summary>
    public static byte[] Begin(IReadOnlyList<PositionColumn> columns, long count)
    {
        var fields = string.Join(", ", columns.Select(column => $"('{column.Name}', '{(column.IsWhole ? "<i8" : "<f8")}')"));
        return NpyPreamble.Of($"[{fields}]", count);
    }

    /// <summary>How long a record is.</summary>
    public static int RecordLength(IReadOnlyList<PositionColumn> columns) => Size * columns.Count;

    /// <summary>Writes one record.</summary>
    public static void Write(IReadOnlyList<PositionColumn> columns, long row, in Position position, Span<byte> record)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            var value = columns[i].Of(row, position);
            if (columns[i].IsWhole) BinaryPrimitives.WriteInt64LittleEndian(record[(Size * i)..], (long)value);
            else BinaryPrimitives.WriteDoubleLittleEndian(record[(Size * i)..], value);
        }
    }

    /// <summary>A whole file: the positions that count, from row 0 on.</summary>
    public static byte[] Write(IReadOnlyList<PositionColumn> columns, RowPlan plan, ReadOnlySpan<Position> positions)
    {
        var count = 0;
        for (var row = 0; row < positions.Length; row++) count += plan.Counts(row, positions[row]) ? 1 : 0;
        var preamble = Begin(columns, count);
        var file = new byte[preamble.Length + (long)count * RecordLength(columns)];
        preamble.CopyTo(file, 0);
        var rest = file.AsSpan(preamble.Length);
        for (var row = 0; row < positions.Length; row++)
        {
            if (!plan.Counts(row, positions[row])) continue;
            Write(columns, row, positions[row], rest);
            rest = rest[RecordLength(columns)..];
        }

        return file;
    }
}
