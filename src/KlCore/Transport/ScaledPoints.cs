using KlCore.Divergences;

namespace KlCore.Transport;

/// <summary>
/// Points in units of a power of two, chosen so that neither their differences nor the squares of those over- or underflow. A power of
/// two changes no digit, so that what is found among the scaled points is that of the given ones but for the unit.
/// </summary>
/// <param name="Points">The points times two to the power of minus <paramref name="Exponent"/>.</param>
/// <param name="Exponent">Of the unit; even, so that it has a root.</param>
internal readonly record struct ScaledPoints(double[][] Points, int Exponent)
{
    /// <summary>As large as squares and their sums allow, because then the least differences have squares too.</summary>
    private const int Target = 400;

    /// <summary>On a line no square of a distance is taken, and coordinates of this size can stay as they are.</summary>
    private const int Plain = 900;

    /// <summary>The points, scaled if they need to be.</summary>
    public static ScaledPoints Of(Positions positions)
    {
        var size = Size(positions);
        return positions.Dimension() == 1 && Math.Abs(size) < Plain ? new(positions.Points, 0) : To(Target, positions, size);
    }

    /// <summary>The points with coordinates of at most 1.</summary>
    public static ScaledPoints InUnit(Positions positions) => To(0, positions, Size(positions));

    private static ScaledPoints To(int target, Positions positions, int size)
    {
        var exponent = size - target;
        exponent += exponent & 1;
        return new(Array.ConvertAll(positions.Points, point => Array.ConvertAll(point, x => Math.ScaleB(x, -exponent))), exponent);
    }

    /// <summary>The power of two above every coordinate.</summary>
    private static int Size(Positions positions)
    {
        var largest = positions.Points.Max(point => point.Max(Math.Abs));
        return largest == 0 ? 0 : Math.ILogB(largest) + 1;
    }
}
