using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KlCore.Benchmarks;

/// <summary>How many multiply-adds of floats one core does when nothing else holds it up: the limit of any product of matrices.</summary>
internal static class Peak
{
    private const int Chains = 12;

    /// <summary>In operations a second of processor time, two for each multiply-add.</summary>
    public static double Measure(int iterations = 1_000_000)
    {
        var start = Environment.CpuUsage.TotalTime;
        var sum = Vector512.IsHardwareAccelerated ? Chain512(iterations) : Chain256(iterations);
        var seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        if (float.IsNaN(sum)) throw new InvalidOperationException("the sum of the probe must be a number");
        return 2.0 * Chains * (Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector256<float>.Count) * iterations / seconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chain512(int iterations)
    {
        Vector512<float> a = Vector512.Create(0.5f), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(0.001f);
        for (var n = 0; n < iterations; n++)
        {
            (a, b, c) = (Vector512.FusedMultiplyAdd(a, x, y), Vector512.FusedMultiplyAdd(b, x, y), Vector512.FusedMultiplyAdd(c, x, y));
            (d, e, f) = (Vector512.FusedMultiplyAdd(d, x, y), Vector512.FusedMultiplyAdd(e, x, y), Vector512.FusedMultiplyAdd(f, x, y));
            (g, h, i) = (Vector512.FusedMultiplyAdd(g, x, y), Vector512.FusedMultiplyAdd(h, x, y), Vector512.FusedMultiplyAdd(i, x, y));
            (j, k, l) = (Vector512.FusedMultiplyAdd(j, x, y), Vector512.FusedMultiplyAdd(k, x, y), Vector512.FusedMultiplyAdd(l, x, y));
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chain256(int iterations)
    {
        Vector256<float> a = Vector256.Create(0.5f), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
        Vector256<float> x = Vector256.Create(0.999f), y = Vector256.Create(0.001f);
        for (var n = 0; n < iterations; n++)
        {
            (a, b, c) = (Vector256.FusedMultiplyAdd(a, x, y), Vector256.FusedMultiplyAdd(b, x, y), Vector256.FusedMultiplyAdd(c, x, y));
            (d, e, f) = (Vector256.FusedMultiplyAdd(d, x, y), Vector256.FusedMultiplyAdd(e, x, y), Vector256.FusedMultiplyAdd(f, x, y));
            (g, h, i) = (Vector256.FusedMultiplyAdd(g, x, y), Vector256.FusedMultiplyAdd(h, x, y), Vector256.FusedMultiplyAdd(i, x, y));
            (j, k, l) = (Vector256.FusedMultiplyAdd(j, x, y), Vector256.FusedMultiplyAdd(k, x, y), Vector256.FusedMultiplyAdd(l, x, y));
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
