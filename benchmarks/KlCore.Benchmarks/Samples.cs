using KlCore.Estimation.Neighbours;

namespace KlCore.Benchmarks;

/// <summary>Estimates from samples, on the numbers of the peers.</summary>
internal static class Samples
{
    /// <summary>KL by nearest neighbours (Wang, Kulkarni and Verdu 2009, equation 5), both trees included.</summary>
    public static void Neighbours(int n, int repetitions, int d, int k)
    {
        var (x, y) = (SplitMix.Bell(31, n * d), Array.ConvertAll(SplitMix.Bell(32, n * d), value => 1.2 * value + 0.3));
        Bench.Run("knn", "tree", n, repetitions, () => Estimate(x, y, d, k), Environment.ProcessorCount, $"f64 d{d} k{k}");
    }

    private static double Estimate(double[] x, double[] y, int d, int k)
    {
        var (treeX, treeY) = (new PointTree(x, d), new PointTree(y, d));
        var rho = NeighbourDistances.Of(treeX, treeX, k, NeighbourMetric.Euclidean, CancellationToken.None);
        var nu = NeighbourDistances.Of(treeY, treeX, k, NeighbourMetric.Euclidean, CancellationToken.None);
        var sum = 0.0;
        for (var i = 0; i < rho.Length; i++) sum += Math.Log(nu[i] / rho[i]);
        return d * sum / rho.Length + Math.Log((double)treeY.Count / (treeX.Count - 1));
    }
}
