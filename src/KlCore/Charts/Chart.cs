namespace KlCore.Charts;

/// <summary>What a chart shows, without how it is drawn: the axes and the series, in the data's own units.</summary>
public sealed record Chart(string Title, Axis X, Axis Y, IReadOnlyList<Series> Series)
{
    /// <summary>One sentence that says what is to be seen, for readers who cannot see it.</summary>
    public string Description { get; init; } = Title;

    /// <summary>Whether a unit of x must be as long as a unit of y, so that circles stay round.</summary>
    public bool EqualScales { get; init; }

    /// <summary>A matrix that is shown instead of series; the axes then only have labels. Null for a chart of series.</summary>
    public HeatMap? Cells { get; init; }
}

/// <summary>An axis: what it measures, and whether its scale is logarithmic (only where all values are positive).</summary>
public sealed record Axis(string Label, bool Logarithmic = false)
{
    /// <summary>What stands at 0, 1, 2, … of an axis that names things instead of measuring them; null for one that measures.</summary>
    public IReadOnlyList<string>? Categories { get; init; }
}

/// <summary>One set of points, joined or not.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Kind">How the points are drawn.</param>
/// <param name="X">Abscissae. For bars: the edges, one more than there are values.</param>
/// <param name="Y">Ordinates, not NaN; an infinite one breaks the line.</param>
public sealed record Series(string Name, SeriesKind Kind, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>From where the error bar at each point rises, for example one standard error below it; null for no bars.</summary>
    public IReadOnlyList<double>? Low { get; init; }

    /// <summary>Up to where it rises.</summary>
    public IReadOnlyList<double>? High { get; init; }
}

/// <summary>How a series is drawn.</summary>
public enum SeriesKind
{
    /// <summary>A line through the points.</summary>
    Line,

    /// <summary>A dashed line through the points.</summary>
    Dashed,

    /// <summary>A line with the area below it filled.</summary>
    Area,

    /// <summary>Dots.</summary>
    Points,

    /// <summary>A histogram's bars between edges.</summary>
    Bars,
}
