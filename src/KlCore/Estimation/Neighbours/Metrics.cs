using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Estimation.Neighbours;

/// <summary>How far two points are apart.</summary>
public enum NeighbourMetric
{
    /// <summary>The root of the sum of squared differences.</summary>
    Euclidean,

    /// <summary>The largest difference of a coordinate.</summary>
    Chebyshev,
}

/// <summary>
/// A metric as the search sees it: distances are compared in a form that costs no root ("raw"), and grow coordinate by coordinate.
/// </summary>
internal interface IMetric
{
    /// <summary>The raw distance so far with the difference in one more coordinate.</summary>
    static abstract TLanes Add<TLanes>(TLanes raw, TLanes difference) where TLanes : struct, ILanes<TLanes>;

    /// <summary>The raw distance to a box that is now <paramref name="difference"/> away in a coordinate in which it was <paramref name="before"/> away.</summary>
    static abstract double Move(double raw, double before, double difference);

    /// <summary>The raw form of a distance.</summary>
    static abstract double Raw(double distance);

    /// <summary>The distance.</summary>
    static abstract double Distance(double raw);
}

/// <summary>Raw distances are squares.</summary>
internal readonly struct EuclideanMetric : IMetric
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Add<TLanes>(TLanes raw, TLanes difference) where TLanes : struct, ILanes<TLanes> => TLanes.MultiplyAdd(difference, difference, raw);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Move(double raw, double before, double difference) => raw + (difference * difference - before * before);

    public static double Raw(double distance) => distance * distance;

    public static double Distance(double raw) => Math.Sqrt(raw);
}

/// <summary>Raw distances are distances.</summary>
internal readonly struct ChebyshevMetric : IMetric
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Add<TLanes>(TLanes raw, TLanes difference) where TLanes : struct, ILanes<TLanes>
    {
        var size = TLanes.Abs(difference);
        return TLanes.Select(TLanes.AtMost(raw, size), size, raw);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Move(double raw, double before, double difference) => Math.Max(raw, Math.Abs(difference));

    public static double Raw(double distance) => distance;

    public static double Distance(double raw) => raw;
}
