namespace KlCore.Estimation.Neighbours;

/// <summary>Coordinates whose squares neither overflow nor vanish: where they are too large or too small they are multiplied by a power of two, which is exact.</summary>
internal static class ScaledPoints
{
    private const int Safe = 300;

    /// <summary>By which power of two the coordinates must be multiplied; 0 where they can stay.</summary>
    public static int Exponent(ReadOnlySpan<double> coordinates)
    {
        var largest = 0.0;
        foreach (var coordinate in coordinates) largest = Math.Max(largest, Math.Abs(coordinate));
        return largest == 0 || Math.ILogB(largest) is > -Safe and < Safe ? 0 : -Math.ILogB(largest);
    }

    /// <summary>The coordinates times that power.</summary>
    public static double[] Of(double[] coordinates, int exponent) => exponent == 0 ? coordinates : Array.ConvertAll(coordinates, coordinate => Math.ScaleB(coordinate, exponent));
}
