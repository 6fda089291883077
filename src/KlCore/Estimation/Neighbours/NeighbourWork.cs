namespace KlCore.Estimation.Neighbours;

/// <summary>What looking for neighbours takes, in multiplications: measured for 1 to 10 dimensions and 10^3 to 10^5 points, right to a factor of two.</summary>
internal static class NeighbourWork
{
    /// <summary>To make a tree of each sample and ask both for every x.</summary>
    public static double OfTrees(double x, double y, int dimension, int k) =>
        (20.0 + 10 * dimension) * (x * Math.Log2(x + 2) + y * Math.Log2(y + 2)) + x * (OfQuery(x, dimension, k) + OfQuery(y, dimension, k));

    /// <summary>To ask a tree of so many points once: the share of leaves that must be looked at grows with the dimension.</summary>
    public static double OfQuery(double points, int dimension, int k) =>
        200 + (20.0 + 2 * dimension) * Math.Pow(Math.Max(1, points / PointTree.LeafSize), 1 - Math.Exp(-dimension / 6.0)) * (1 + k / 20.0);

    /// <summary>To go through lists that are there.</summary>
    public static double OfLists(double x) => 250 * x;
}
