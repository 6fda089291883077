namespace KlCore.Charts;

/// <summary>A matrix as a picture: a square for each number, the darker the larger. Serves for counts (a confusion matrix) and for grey images.</summary>
/// <param name="Rows">The numbers, the first row at the top; rows of one length. What is not finite stays blank.</param>
public sealed record HeatMap(IReadOnlyList<IReadOnlyList<double>> Rows)
{
    /// <summary>What the rows are called; null for nothing, as in an image.</summary>
    public IReadOnlyList<string>? RowNames { get; init; }

    /// <summary>What the columns are called.</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>Whether each square also says its number, where it is large enough.</summary>
    public bool ShowsNumbers { get; init; }

    /// <summary>What each square says instead, row by row; the squares are then as wide as that needs. Null for nothing.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Texts { get; init; }

    /// <summary>What is as white as paper; the smallest number if not given.</summary>
    public double? Minimum { get; init; }

    /// <summary>What is darkest; the largest number if not given.</summary>
    public double? Maximum { get; init; }

    /// <summary>Shades of grey, as of ink on paper, instead of blue.</summary>
    public bool IsGrey { get; init; }
}
