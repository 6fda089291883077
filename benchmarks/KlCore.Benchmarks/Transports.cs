using KlCore.Transport;

namespace KlCore.Benchmarks;

/// <summary>Optimal transport of the points that peer_samples.py has: squared distances in the plane, and a million numbers on a line.</summary>
internal static class Transports
{
    private const int OnALine = 1_000_000;
    private const double Regularization = 0.05;
    private const int Iterations = 200;

    public static void Run(int size, int repetitions)
    {
        var (u, v) = (SplitMix.Bell(33, OnALine), Array.ConvertAll(SplitMix.Bell(34, OnALine), x => 1.1 * x + 0.2));
        // The copies that are sorted are part of the work, as they are for NumPy.
        Bench.Run("w1", "radix-sort", OnALine, repetitions, () => SampleTransport.Distance((double[])u.Clone(), (double[])v.Clone(), 1));
        var (costs, masses, ones) = (Costs(size), new double[size], new double[size]);
        Array.Fill(masses, 1.0 / size);
        Array.Fill(ones, 1);
        Bench.Run("emd", "network-simplex", size, repetitions, () => ExactTransport.Solve(ones, ones, costs, CancellationToken.None).Cost / size);
        Bench.Run("sinkhorn", "one-sweep", size, repetitions, () =>
        {
            var kernel = new ScaledKernel(masses, masses, costs);
            kernel.TakeUp(Regularization);
            for (var i = 0; i < Iterations; i++) kernel.Iterate();
            kernel.GiveBack(Regularization);
            return kernel.Plan(Regularization).Cost;
        });
        Bench.Run("sinkhorn_log", "log-domain", size, repetitions, () =>
        {
            var kernel = new ScaledKernel(masses, masses, costs);
            for (var i = 0; i < Iterations; i++) kernel.IterateByLogarithms(Regularization, CancellationToken.None);
            return kernel.Plan(Regularization).Cost;
        });
        Bench.Run("sinkhorn_solved", "stabilised", size, repetitions, () => EntropicTransport.Solve(masses, masses, costs, Regularization).Cost);
    }

    private static double[] Costs(int size)
    {
        var (a, b) = (SplitMix.Uniform(35, 2 * size), Array.ConvertAll(SplitMix.Uniform(36, 2 * size), x => 0.8 * x + 0.3));
        var costs = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                var (x, y) = (a[2 * i] - b[2 * j], a[2 * i + 1] - b[2 * j + 1]);
                costs[i * size + j] = x * x + y * y;
            }
        }

        return costs;
    }
}
