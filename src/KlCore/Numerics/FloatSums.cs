using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>Sums and largest elements of floats. Lanes add up short blocks in floats, and the blocks are added in doubles: good to 1e-6 at any length.</summary>
internal static unsafe class FloatSums
{
    /// <summary>How many vectors make a block.</summary>
    private const int Block = 64;

    /// <summary>The sum of squares; also where some square is too large or the sum too small for a float.</summary>
    public static double OfSquares(ReadOnlySpan<float> values)
    {
        const double smallest = 1e-25; // of a sum whose terms the least normal float does not touch
        var sum = FloatLanes512.IsSupported ? OfSquares<FloatLanes512>(values) : FloatLanes256.IsSupported ? OfSquares<FloatLanes256>(values) : OfSquares<FloatLanes32>(values);
        if (sum >= smallest && double.IsFinite(sum)) return sum;
        sum = 0;
        foreach (var value in values) sum += (double)value * value;
        return sum;
    }

    /// <summary>sum[j] = the sum over the rows of row[j].</summary>
    public static void OfRows(ReadOnlySpan<float> rows, int width, Span<float> sum)
    {
        if (FloatLanes512.IsSupported) OfRows<FloatLanes512>(rows, width, sum);
        else if (FloatLanes256.IsSupported) OfRows<FloatLanes256>(rows, width, sum);
        else OfRows<FloatLanes32>(rows, width, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double OfSquares<TLanes>(ReadOnlySpan<float> values) where TLanes : struct, IFloatLanes<TLanes>
    {
        double total = 0;
        fixed (float* first = values)
        {
            var (i, count) = (0, values.Length);
            while (i < count)
            {
                TLanes even = TLanes.All(0), odd = even;
                var end = Math.Min(count, i + Block * TLanes.Count);
                for (; i + 2 * TLanes.Count <= end; i += 2 * TLanes.Count)
                {
                    TLanes x = TLanes.Load(first + i), y = TLanes.Load(first + i + TLanes.Count);
                    even = TLanes.MultiplyAdd(x, x, even);
                    odd = TLanes.MultiplyAdd(y, y, odd);
                }

                for (; i < end; i += TLanes.Count)
                {
                    var x = TLanes.LoadFirst(first + i, Math.Min(TLanes.Count, end - i));
                    even = TLanes.MultiplyAdd(x, x, even);
                }

                total += (even + odd).Sum();
            }
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OfRows<TLanes>(ReadOnlySpan<float> rows, int width, Span<float> sum) where TLanes : struct, IFloatLanes<TLanes>
    {
        if (sum.Length < width) throw new ArgumentException($"must have room for {width} numbers", nameof(sum));
        fixed (float* first = rows, to = sum)
        {
            var end = first + rows.Length;
            var j = 0;
            for (; j + TLanes.Count <= width; j += TLanes.Count)
            {
                var total = TLanes.All(0);
                for (var row = first + j; row < end; row += width) total += TLanes.Load(row);
                total.Store(to + j);
            }

            if (j == width) return;
            var rest = TLanes.All(0);
            for (var row = first + j; row < end; row += width) rest += TLanes.LoadFirst(row, width - j);
            rest.StoreFirst(to + j, width - j);
        }
    }
}
