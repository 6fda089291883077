namespace KlCore.Formats;

/// <summary>What a complete table turned out to hold.</summary>
/// <param name="Rows">How many rows, at least 1.</param>
/// <param name="Columns">The columns in their order, at least one.</param>
public sealed record TableShape(long Rows, IReadOnlyList<TableColumn> Columns);

/// <summary>One column of a table.</summary>
/// <param name="Name">Its name in the header; where there is none, its index as text: "0", "1", …</param>
/// <param name="Type">Numbers only, or text.</param>
/// <param name="Missing">How many cells hold nothing; in a column of numbers also NA, NaN, and what is beyond the range of a double.</param>
public sealed record TableColumn(string Name, ColumnType Type, long Missing);

/// <summary>What the cells of a column are.</summary>
public enum ColumnType
{
    /// <summary>Every cell that holds something is a number.</summary>
    Number,

    /// <summary>At least one cell is no number.</summary>
    Text,
}
