namespace KlCore.Estimation.Distances;

/// <summary>How probable a Kolmogorov-Smirnov distance is between samples of one distribution.</summary>
internal static class SmirnovTest
{
    /// <summary>How many (n + 1)(m + 1) the exact probability is found for: a tenth of a second.</summary>
    public const double MostCells = 2e7;

    /// <summary>
    /// The probability that n m |F - G| reaches a value somewhere, over all ways to say which of the pooled points are x, which for samples of
    /// one distribution are equally likely; null if that takes too long. Way by way from (0, 0) to (n, m), where a step is a point of x
    /// or of y in ascending order: the part q(i, j) of the ways to (i, j) that reached it is i/(i+j) q(i-1, j) + j/(i+j) q(i, j-1), or 1 where the
    /// value is reached. Among tied points F - G is not looked at. All terms are positive: a small probability has all its digits.
    /// </summary>
    public static double? Exact(RankCounts counts, long reached, CancellationToken cancellation)
    {
        var (n, m) = (counts.CountX, counts.CountY);
        if ((n + 1.0) * (m + 1.0) > MostCells) return null;
        if (reached == 0) return 1;
        var isLooked = LookedAt(counts);
        var part = new double[m + 1];
        for (var i = 0; i <= n; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var j = 0; j <= m; j++)
            {
                if (isLooked[i + j] && Math.Abs((long)i * m - (long)j * n) >= reached) part[j] = 1;
                else if (i + j > 0) part[j] = (i * part[j] + (j > 0 ? j * part[j - 1] : 0)) / (i + j);
            }
        }

        return Math.Min(1, part[m]);
    }

    /// <summary>
    /// Its limit for large samples, 2 sum_k (-1)^(k-1) e^(-2 k^2 z^2) with z = d sqrt(n m/(n + m)); for small z by 1 - sqrt(2 pi)/z sum_k
    /// e^(-(2k-1)^2 pi^2/(8 z^2)), which converges there.
    /// </summary>
    public static double Asymptotic(double distance, int n, int m)
    {
        var z = distance * Math.Sqrt((double)n * m / ((double)n + m));
        var sum = 0.0;
        if (z < 1)
        {
            for (var k = 1; k <= 9; k += 2) sum += Math.Exp(-k * k * Math.PI * Math.PI / (8 * z * z));
            return 1 - Math.Min(1, Math.Sqrt(2 * Math.PI) * (sum == 0 ? 0 : sum / z));
        }

        for (var k = 1; k <= 6; k++) sum += (k % 2 == 0 ? -2 : 2) * Math.Exp(-2 * k * k * z * z);
        return sum;
    }

    /// <summary>After how many points of the pooled order F - G can be looked at: where the next is a larger one.</summary>
    private static bool[] LookedAt(RankCounts counts)
    {
        var isLooked = new bool[counts.CountX + counts.CountY + 1];
        var seen = 0;
        for (var k = 0; k < counts.Values.Length; k++)
        {
            seen += counts.X[k] + counts.Y[k];
            isLooked[seen] |= seen > 0;
        }

        return isLooked;
    }
}
