using System.Text.Json;
using KlCore.Numerics;

namespace KlCore.Benchmarks;

/// <summary>Products of matrices of the sizes that networks have, as a share of what the core could do in the same minutes.</summary>
internal static class Products
{
    private static readonly (string Name, int M, int N, int K, bool TransposeA, bool TransposeB)[] Shapes =
    [
        ("layer", 32, 64, 100, false, false),
        ("layer", 128, 512, 784, false, false),
        ("layer", 128, 512, 512, false, false),
        ("layer", 1024, 64, 256, false, false),
        ("layer", 1024, 256, 64, false, false),
        ("layer", 128, 1024, 1024, false, false),
        ("layer", 1024, 1024, 1024, false, false),
        ("layer", 32, 10, 64, false, false),
        ("back", 32, 64, 10, false, true),
        ("back", 128, 512, 512, false, true),
        ("back", 1024, 64, 256, false, true),
        ("gradient", 100, 64, 32, true, false),
        ("gradient", 64, 10, 32, true, false),
        ("gradient", 784, 512, 128, true, false),
        ("gradient", 512, 512, 128, true, false),
        ("gradient", 64, 256, 1024, true, false),
        ("gradient", 1024, 1024, 1024, true, false),
        ("scores", 64, 64, 16, false, true),
        ("one row", 1, 512, 784, false, false),
    ];

    public static void Run(int repetitions)
    {
        foreach (var (name, m, n, k, transposeA, transposeB) in Shapes)
        {
            var a = Array.ConvertAll(SplitMix.Bell(1, m * k), x => (float)x);
            var b = Array.ConvertAll(SplitMix.Bell(2, k * n), x => (float)x);
            var c = new float[m * n];
            var calls = Math.Max(1, (int)(4e8 / (2.0 * m * n * k)));
            var (best, peak, allocated) = (double.MaxValue, 0.0, 0L);
            for (var repetition = 0; repetition < repetitions; repetition++)
            {
                peak = Math.Max(peak, Peak.Measure());
                var bytes = GC.GetAllocatedBytesForCurrentThread();
                var start = Environment.CpuUsage.TotalTime;
                for (var i = 0; i < calls; i++) MatrixProduct.Multiply(m, n, k, a, transposeA ? m : k, transposeA, b, transposeB ? k : n, transposeB, c, n);
                best = Math.Min(best, (Environment.CpuUsage.TotalTime - start).TotalSeconds / calls);
                allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
            }

            var rate = 2.0 * m * n * k / best;
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                workload = "product",
                impl = name,
                m,
                n,
                k,
                cpu_seconds_min = best,
                gflops = Math.Round(rate / 1e9, 1),
                of_peak = Math.Round(rate / peak, 3),
                peak_gflops = Math.Round(peak / 1e9, 1),
                allocated_bytes = allocated,
            }));
        }
    }
}
