namespace KlCore.Training;

/// <summary>A shift and a scale for each column: x becomes (x - shift) / scale. They are learnt from the rows that train, and from no others.</summary>
/// <param name="Name">How they were found.</param>
/// <param name="Shift">What is taken off each column.</param>
/// <param name="Scale">What each is then divided by, positive; 1 for a column that never varies.</param>
public sealed record ColumnScaling(Scaling Name, double[] Shift, double[] Scale)
{
    /// <summary>The scaling of columns as these rows ask for.</summary>
    internal static ColumnScaling Of(Scaling how, double[][] rows, ReadOnlySpan<int> training)
    {
        var width = rows[0].Length;
        var (shift, scale) = (new double[width], new double[width]);
        Array.Fill(scale, 1);
        if (how == Scaling.CommonRange)
        {
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            for (var column = 0; column < width; column++)
            {
                var (minimum, maximum) = Range(rows, training, column);
                (low, high) = (Math.Min(low, minimum), Math.Max(high, maximum));
            }

            Array.Fill(shift, low);
            Array.Fill(scale, Positive(high - low, low));
        }

        for (var column = 0; column < width && how is Scaling.Standard or Scaling.MinimumMaximum; column++)
        {
            if (how == Scaling.Standard) (shift[column], scale[column]) = Standard(rows, training, column);
            else
            {
                var (minimum, maximum) = Range(rows, training, column);
                (shift[column], scale[column]) = (minimum, Positive(maximum - minimum, minimum));
            }
        }

        return new(how, shift, scale);
    }

    /// <summary>Scales a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="scaled">Receives it.</param>
    /// <param name="isClamped">Whether what goes below 0 or beyond 1, as a row that did not train may, is cut there.</param>
    internal void Apply(ReadOnlySpan<double> row, Span<float> scaled, bool isClamped = false)
    {
        for (var j = 0; j < row.Length; j++)
        {
            var value = (float)((row[j] - Shift[j]) / Scale[j]);
            scaled[j] = isClamped ? Math.Clamp(value, 0, 1) : value;
        }
    }

    /// <summary>A row in its own units again; of more numbers than there are columns, the first.</summary>
    internal double[] Invert(ReadOnlySpan<float> scaled)
    {
        var row = new double[Shift.Length];
        for (var j = 0; j < row.Length; j++) row[j] = Shift[j] + Scale[j] * scaled[j];
        return row;
    }

    /// <summary>As it stands in the metadata of a model file: <c>{"name": …, "shift": […], "scale": […]}</c>.</summary>
    internal string ToJson() => ReportJson.Text(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    internal static ColumnScaling FromJson(string json) => ReportJson.Read<ColumnScaling>(json);

    private static (double Mean, double Deviation) Standard(double[][] rows, ReadOnlySpan<int> training, int column)
    {
        // Relative to the first value, so that a column far from zero loses no digits.
        var origin = rows[training[0]][column];
        double sum = 0, squares = 0;
        foreach (var row in training) sum += rows[row][column] - origin;
        var mean = sum / training.Length;
        foreach (var row in training) squares += Math.Pow(rows[row][column] - origin - mean, 2);
        return (origin + mean, Positive(Math.Sqrt(squares / training.Length), origin + mean));
    }

    private static (double Minimum, double Maximum) Range(double[][] rows, ReadOnlySpan<int> training, int column)
    {
        var (minimum, maximum) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var row in training) (minimum, maximum) = (Math.Min(minimum, rows[row][column]), Math.Max(maximum, rows[row][column]));
        return (minimum, maximum);
    }

    // What is but rounding of the numbers themselves must not be blown up to the size of 1.
    private static double Positive(double spread, double size) => double.IsFinite(spread) && spread > 1e-14 * Math.Abs(size) ? spread : 1;
}
