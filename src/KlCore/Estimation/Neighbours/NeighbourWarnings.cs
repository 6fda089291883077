namespace KlCore.Estimation.Neighbours;

/// <summary>What estimates by neighbours are known to suffer from.</summary>
internal static class NeighbourWarnings
{
    private const int FewPoints = 200;
    private const int ManyDimensions = 5;

    /// <summary>Those that the sizes of both samples alone tell.</summary>
    public static IEnumerable<string> Of(PooledSample sample)
    {
        var d = sample.Dimension;
        var least = sample.CountY == 0 ? sample.CountX : Math.Min(sample.CountX, sample.CountY);
        if (least < FewPoints) yield return $"Fewer than {FewPoints} points ({least}): the bias may be as large as the standard error.";
        if (d > ManyDimensions) yield return $"{d} dimensions: estimates by neighbours are too small in more than {ManyDimensions}, by about {Shortfall(d)} % for a thousand points where the divergence is not small.";
    }

    // Gaussians a shift apart, n = 1000, k = 5: a fifth is missing in 5 dimensions, a third in 10, two fifths in 20.
    private static int Shortfall(int d) => d < 8 ? 25 : d < 15 ? 35 : 40;
}
