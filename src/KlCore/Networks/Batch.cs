namespace KlCore.Networks;

/// <summary>Rows of floats of one width, one after the other: what goes from layer to layer. Somebody else's memory.</summary>
internal readonly ref struct Batch
{
    /// <summary>Rows of a width in a span that holds exactly them.</summary>
    public Batch(Span<float> values, int rows, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, rows * width);
        Values = values;
        (Rows, Width) = (rows, width);
    }

    /// <summary>All numbers, row by row.</summary>
    public Span<float> Values { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>Numbers in a row.</summary>
    public int Width { get; }

    /// <summary>One row.</summary>
    public Span<float> this[int row] => Values.Slice(row * Width, Width);
}
