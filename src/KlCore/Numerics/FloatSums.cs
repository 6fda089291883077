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
        var sum = Of(default(Times), values, values);
        if (sum >= smallest && double.IsFinite(sum)) return sum;
        sum = 0;
        foreach (var value in values) sum += (double)value * value;
        return sum;
    }

    /// <summary>The sum of formula(x[i], y[i]) over as many x as y.</summary>
    public static double Of<TFormula>(TFormula formula, ReadOnlySpan<float> x, ReadOnlySpan<float> y) where TFormula : struct, IFloatFormula
    {
        if (x.Length != y.Length) throw new ArgumentException($"must be as many as x ({x.Length}), were {y.Length}", nameof(y));
        if (FloatLanes512.IsSupported) return Of<FloatLanes512, TFormula>(formula, x, y);
        return FloatLanes256.IsSupported ? Of<FloatLanes256, TFormula>(formula, x, y) : Of<FloatLanes32, TFormula>(formula, x, y);
    }

    /// <summary>sum[j] = the sum over the rows of row[j].</summary>
    public static void OfRows(ReadOnlySpan<float> rows, int width, Span<float> sum)
    {
        if (FloatLanes512.IsSupported) OfRows<FloatLanes512>(rows, width, sum);
        else if (FloatLanes256.IsSupported) OfRows<FloatLanes256>(rows, width, sum);
        else OfRows<FloatLanes32>(rows, width, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Of<TLanes, TFormula>(TFormula formula, ReadOnlySpan<float> x, ReadOnlySpan<float> y)
        where TLanes : struct, IFloatLanes<TLanes>
        where TFormula : struct, IFloatFormula
    {
        double total = 0;
        fixed (float* px = x, py = y)
        {
            var (i, count, width) = (0, x.Length, TLanes.Count);
            var whole = count - count % width;
            while (i < whole)
            {
                TLanes even = TLanes.All(0), odd = even;
                var end = Math.Min(whole, i + Block * width);
                for (; i + 2 * width <= end; i += 2 * width)
                {
                    even += formula.Of(TLanes.Load(px + i), TLanes.Load(py + i));
                    odd += formula.Of(TLanes.Load(px + i + width), TLanes.Load(py + i + width));
                }

                for (; i < end; i += width) even += formula.Of(TLanes.Load(px + i), TLanes.Load(py + i));
                total += (even + odd).Sum();
            }

            if (whole == count) return total;
            var rest = formula.Of(TLanes.LoadFirst(px + whole, count - whole), TLanes.LoadFirst(py + whole, count - whole));
            return total + TLanes.And(TLanes.First(count - whole), rest).Sum();
        }
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
