using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Training.Supervised;

/// <summary>How columns of numbers are brought to one size before they enter a network, or after they leave it.</summary>
public enum Scaling
{
    /// <summary>(x - mean) / standard deviation</summary>
    Standard,

    /// <summary>(x - minimum) / (maximum - minimum)</summary>
    MinimumMaximum,

    /// <summary>x as it is</summary>
    None,
}

/// <summary>A shift and a factor for each column: x becomes (x - shift) / scale. What they are is learnt from the examples that train, and from no others.</summary>
/// <param name="Shift">What is taken off each column.</param>
/// <param name="Scale">What each column is then divided by, positive; 1 for a column that never varies.</param>
internal sealed record ColumnScaling([property: JsonPropertyName("shift")] double[] Shift, [property: JsonPropertyName("scale")] double[] Scale)
{
    /// <summary>The scaling of these rows of numbers.</summary>
    public static ColumnScaling Of(Scaling how, double[][] rows, ReadOnlySpan<int> chosen, int width)
    {
        var (shift, scale) = (new double[width], new double[width]);
        Array.Fill(scale, 1);
        for (var column = 0; column < width && how != Scaling.None; column++)
            (shift[column], scale[column]) = how == Scaling.Standard ? Standard(rows, chosen, column) : Range(rows, chosen, column);
        return new ColumnScaling(shift, scale);
    }

    /// <summary>Writes a scaled row.</summary>
    public void Apply(ReadOnlySpan<double> row, Span<float> scaled)
    {
        for (var i = 0; i < scaled.Length; i++) scaled[i] = (float)((row[i] - Shift[i]) / Scale[i]);
    }

    /// <summary>One number as it was before it was scaled.</summary>
    public double Undo(double scaled, int column) => scaled * Scale[column] + Shift[column];

    /// <summary>As it stands in the metadata of a model file.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static ColumnScaling FromJson(string json) => JsonSerializer.Deserialize<ColumnScaling>(json)!;

    private static (double Shift, double Scale) Standard(double[][] rows, ReadOnlySpan<int> chosen, int column)
    {
        // Relative to the first value, so that a column far from zero loses no digits.
        var origin = rows[chosen[0]][column];
        double sum = 0, squares = 0;
        foreach (var row in chosen) sum += rows[row][column] - origin;
        var mean = sum / chosen.Length;
        foreach (var row in chosen) squares += Math.Pow(rows[row][column] - origin - mean, 2);
        var deviation = Math.Sqrt(squares / chosen.Length);
        return (origin + mean, Positive(deviation, origin + mean));
    }

    private static (double Shift, double Scale) Range(double[][] rows, ReadOnlySpan<int> chosen, int column)
    {
        var (minimum, maximum) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var row in chosen) (minimum, maximum) = (Math.Min(minimum, rows[row][column]), Math.Max(maximum, rows[row][column]));
        return (minimum, Positive(maximum - minimum, minimum));
    }

    // What is but rounding of the numbers themselves must not be blown up to the size of 1.
    private static double Positive(double spread, double size) => double.IsFinite(spread) && spread > 1e-14 * Math.Abs(size) ? spread : 1;
}
