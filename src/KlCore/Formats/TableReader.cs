namespace KlCore.Formats;

/// <summary>Sees one cell of a table.</summary>
/// <param name="row">The row, counted from 0; a header is no row.</param>
/// <param name="column">The column, counted from 0.</param>
/// <param name="value">The number; NaN where the cell holds none.</param>
public delegate void NumberVisitor(long row, int column, double value);

/// <summary>Sees one cell of a table as text.</summary>
/// <param name="row">The row, counted from 0; a header is no row.</param>
/// <param name="column">The column, counted from 0.</param>
/// <param name="utf8">
/// What the cell says, in UTF-8, without the quotes and escapes of the format; a number as it was written. Empty where the cell holds nothing. Only valid during the call.
/// </param>
public delegate void TextVisitor(long row, int column, ReadOnlySpan<byte> utf8);

/// <summary>
/// Reads a table from bytes as they arrive, in pieces of any size: the outcome does not depend on where they were cut. Memory is bounded
/// by what has arrived of one row, never by what the data announces. The only exception is <see cref="MalformedDataException"/>;
/// after it the reader is of no further use.
/// </summary>
public abstract class TableReader
{
    /// <summary>The most columns that a table may have.</summary>
    public const int MaximumColumns = 100_000;

    /// <summary>The longest row, in bytes: 16 MiB.</summary>
    public const int MaximumRowBytes = 16 << 20;

    /// <summary>Is shown every cell as a number, in the order of the data; null when only the shape is wanted.</summary>
    public NumberVisitor? Numbers { get; init; }

    /// <summary>Is shown every cell as text, in the order of the data; null when nobody wants to see it. Of an array of NumPy nothing is shown: it holds no text.</summary>
    public TextVisitor? Texts { get; init; }

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="MalformedDataException">The data so far cannot be the start of a well-formed table.</exception>
    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Says that there are no more bytes, and what they held.</summary>
    /// <exception cref="MalformedDataException">The data is cut short, or holds no row.</exception>
    public abstract TableShape Complete();

    /// <summary>The columns' names where the data has none: "0", "1", …</summary>
    private protected static string[] Indices(int count)
    {
        var names = new string[count];
        for (var i = 0; i < count; i++) names[i] = i.ToString();
        return names;
    }
}
