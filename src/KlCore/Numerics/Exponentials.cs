using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KlCore.Numerics;

/// <summary>e^x of many numbers at once.</summary>
internal static class Exponentials
{
    /// <summary>Below this e^x is a subnormal number or 0, which the vectors do not tell apart.</summary>
    private const double LeastNormal = -708;

    /// <summary>Replaces every number by its exponential, to a unit in the last place; what is below 1e-307 may become 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Replace(Span<double> values)
    {
        ref var value = ref MemoryMarshal.GetReference(values);
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 8 <= values.Length; i += 8)
            {
                var x = Vector512.LoadUnsafe(ref value, (nuint)i);
                Vector512.AndNot(Vector512.Exp(Vector512.Max(x, Vector512.Create(LeastNormal))), Vector512.LessThan(x, Vector512.Create(LeastNormal))).StoreUnsafe(ref value, (nuint)i);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 4 <= values.Length; i += 4)
            {
                var x = Vector256.LoadUnsafe(ref value, (nuint)i);
                Vector256.AndNot(Vector256.Exp(Vector256.Max(x, Vector256.Create(LeastNormal))), Vector256.LessThan(x, Vector256.Create(LeastNormal))).StoreUnsafe(ref value, (nuint)i);
            }
        }

        for (; i < values.Length; i++) values[i] = values[i] < LeastNormal ? 0 : Math.Exp(values[i]);
    }
}
