using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KlCore.Numerics;

namespace KlCore.Estimation.Distances;

/// <summary>
/// Squared Euclidean distances of points, row by row: the points stand coordinate by coordinate, so that one is compared with as many others at once as a
/// vector holds. In a unit in which no square overflows, and none that matters underflows.
/// </summary>
internal sealed class DistanceRows
{
    /// <summary>Numbers of up to two to this power have squares that can be added, and so have their inverses.</summary>
    private const int Plain = 400;

    /// <summary>As many others are compared at a time: their sums stay in the nearest cache.</summary>
    private const int Block = 1024;

    private readonly double[][] _coordinates;

    /// <summary>Lays the points out.</summary>
    /// <param name="points">All coordinates, one point after the other.</param>
    /// <param name="dimension">How many coordinates a point has.</param>
    /// <param name="exponent">Distances are found in units of two to this power; see <see cref="UnitOf"/>.</param>
    public DistanceRows(ReadOnlySpan<double> points, int dimension, int exponent)
    {
        Count = points.Length / dimension;
        _coordinates = new double[dimension][];
        for (var k = 0; k < dimension; k++)
        {
            var coordinate = _coordinates[k] = new double[Count];
            for (var i = 0; i < Count; i++) coordinate[i] = exponent == 0 ? points[i * dimension + k] : Math.ScaleB(points[i * dimension + k], -exponent);
        }
    }

    /// <summary>How many points there are.</summary>
    public int Count { get; }

    /// <summary>The power of two, an even one, that is the unit for such points: 0 for all but very large or very small ones.</summary>
    public static int UnitOf(ReadOnlySpan<double> points)
    {
        var largest = 0.0;
        foreach (var x in points) largest = Math.Max(largest, Math.Abs(x));
        var size = largest == 0 ? 0 : Math.ILogB(largest) + 1;
        return Math.Abs(size) <= Plain ? 0 : (size - Plain) & ~1;
    }

    /// <summary>The squared distances of a point from the first others, as many as there is room for.</summary>
    public void Squares(int index, Span<double> squares)
    {
        for (var start = 0; start < squares.Length; start += Block)
        {
            var part = squares.Slice(start, Math.Min(Block, squares.Length - start));
            part.Clear();
            foreach (var coordinate in _coordinates) Add(coordinate[index], coordinate.AsSpan(start, part.Length), part);
        }
    }

    /// <summary>The squared distances of any point, in the same unit, from the first others, as many as there is room for.</summary>
    public void Squares(ReadOnlySpan<double> point, Span<double> squares)
    {
        for (var start = 0; start < squares.Length; start += Block)
        {
            var part = squares.Slice(start, Math.Min(Block, squares.Length - start));
            part.Clear();
            for (var k = 0; k < point.Length; k++) Add(point[k], _coordinates[k].AsSpan(start, part.Length), part);
        }
    }

    private static void Add(double x, ReadOnlySpan<double> others, Span<double> squares)
    {
        var done = Lanes512.IsSupported ? Add<Lanes512>(x, others, squares, 0) : Lanes256.IsSupported ? Add<Lanes256>(x, others, squares, 0) : 0;
        Add<Lanes64>(x, others, squares, done);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Add<TLanes>(double x, ReadOnlySpan<double> others, Span<double> squares, int start) where TLanes : struct, ILanes<TLanes>
    {
        ref var other = ref MemoryMarshal.GetReference(others);
        ref var square = ref MemoryMarshal.GetReference(squares);
        var point = TLanes.All(x);
        for (; start + TLanes.Count <= others.Length; start += TLanes.Count)
        {
            var difference = TLanes.Load(ref other, (nuint)start) - point;
            TLanes.MultiplyAdd(difference, difference, TLanes.Load(ref square, (nuint)start)).Store(ref square, (nuint)start);
        }

        return start;
    }
}
