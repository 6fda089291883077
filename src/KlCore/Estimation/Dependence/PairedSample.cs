namespace KlCore.Estimation.Dependence;

/// <summary>Pairs of points. A selection is a list of places of x and one of y, as long: the i-th of both make a pair, so that an exchange only changes the order of y.</summary>
public sealed class PairedSample
{
    /// <summary>Pairs row i of x with row i of y.</summary>
    public PairedSample(Points x, Points y) => (X, Y) = (x, y);

    /// <summary>The first of each pair.</summary>
    public Points X { get; }

    /// <summary>The second.</summary>
    public Points Y { get; }

    /// <summary>How many pairs there are.</summary>
    public int Count => X.Count;

    /// <summary>The selected points of one side.</summary>
    internal static double[] Gather(Points points, ReadOnlySpan<int> places)
    {
        var d = points.Dimension;
        var gathered = new double[places.Length * d];
        for (var i = 0; i < places.Length; i++) points[places[i]].CopyTo(gathered.AsSpan(i * d));
        return gathered;
    }

    /// <summary>Rows of x with those of y behind them.</summary>
    internal static double[] Join(ReadOnlySpan<double> x, int dimensionOfX, ReadOnlySpan<double> y, int dimensionOfY)
    {
        var (count, width) = (x.Length / dimensionOfX, dimensionOfX + dimensionOfY);
        var joined = new double[count * width];
        for (var i = 0; i < count; i++)
        {
            x.Slice(i * dimensionOfX, dimensionOfX).CopyTo(joined.AsSpan(i * width));
            y.Slice(i * dimensionOfY, dimensionOfY).CopyTo(joined.AsSpan(i * width + dimensionOfX));
        }

        return joined;
    }
}
