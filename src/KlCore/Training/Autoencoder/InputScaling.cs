namespace KlCore.Training.Autoencoder;

/// <summary>How the columns are brought to one size before they enter the network.</summary>
public enum InputScaling
{
    /// <summary>Each column (x - minimum) / (maximum - minimum): from 0 to 1 over the rows that train.</summary>
    MinimumMaximum,

    /// <summary>All columns by one minimum and maximum, as pixels have them: from 0 to 1, and what is faint stays faint.</summary>
    CommonRange,

    /// <summary>Each column (x - mean) / standard deviation.</summary>
    Standard,

    /// <summary>As they are.</summary>
    None,
}

/// <summary>A shift and a scale for each column: x becomes (x - shift) / scale. They are learnt from the rows that train, and from no others.</summary>
/// <param name="Name">How they were found.</param>
/// <param name="Shift">What is taken off each column.</param>
/// <param name="Scale">What each is then divided by; 1 for a column that never varies.</param>
public sealed record ScaledColumns(InputScaling Name, double[] Shift, double[] Scale)
{
    /// <summary>The scaling of columns as these rows ask for.</summary>
    internal static ScaledColumns Of(InputScaling how, double[][] rows, ReadOnlySpan<int> training)
    {
        var width = rows[0].Length;
        var (shift, scale) = (new double[width], new double[width]);
        Array.Fill(scale, 1);
        if (how == InputScaling.Standard) Standardise(rows, training, shift, scale);
        else if (how != InputScaling.None) Range(rows, training, shift, scale);
        if (how == InputScaling.CommonRange)
        {
            var (low, high) = (shift.Min(), shift.Zip(scale, (from, size) => from + size).Max());
            Array.Fill(shift, low);
            Array.Fill(scale, high - low);
        }

        // A column that never varies is 0 everywhere.
        for (var j = 0; j < width; j++)
            if (!(scale[j] > 0) || !double.IsFinite(scale[j])) scale[j] = 1;
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

    /// <summary>A row in its own units again.</summary>
    internal double[] Invert(ReadOnlySpan<float> scaled)
    {
        var row = new double[scaled.Length];
        for (var j = 0; j < row.Length; j++) row[j] = Shift[j] + Scale[j] * scaled[j];
        return row;
    }

    private static void Range(double[][] rows, ReadOnlySpan<int> training, double[] shift, double[] scale)
    {
        for (var j = 0; j < shift.Length; j++)
        {
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            foreach (var i in training) (low, high) = (Math.Min(low, rows[i][j]), Math.Max(high, rows[i][j]));
            (shift[j], scale[j]) = (low, high - low);
        }
    }

    private static void Standardise(double[][] rows, ReadOnlySpan<int> training, double[] shift, double[] scale)
    {
        for (var j = 0; j < shift.Length; j++)
        {
            double mean = 0, squares = 0;
            foreach (var i in training) mean += rows[i][j] / training.Length;
            foreach (var i in training) squares += (rows[i][j] - mean) * (rows[i][j] - mean) / training.Length;
            (shift[j], scale[j]) = (mean, Math.Sqrt(squares));
        }
    }
}
