using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Networks;

/// <summary>Softmax over the beginning of each row of a block, with zeros after it: a row counts one number more than the row before.</summary>
internal static unsafe class MaskedSoftmax
{
    /// <summary>Turns scores z into e^(scale z_j) / sum, in place.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="first">How many numbers of the first row count.</param>
    /// <param name="width">Up to where rows are written.</param>
    /// <param name="scale">What scores are multiplied with, above 0.</param>
    public static void Forward(Span<float> block, int stride, int rows, int first, int width, float scale)
    {
        Check(block.Length, stride, rows, first, width);
        if (FloatLanes512.IsSupported) Forward<FloatLanes512>(block, stride, rows, first, width, scale);
        else if (FloatLanes256.IsSupported) Forward<FloatLanes256>(block, stride, rows, first, width, scale);
        else Forward<FloatLanes32>(block, stride, rows, first, width, scale);
    }

    /// <summary>Turns the derivative with respect to the weights w into that with respect to the scores, in place: scale w_j (g_j - sum w g).</summary>
    /// <param name="weights">What <see cref="Forward"/> gave.</param>
    /// <param name="stride">From one of its rows to the next.</param>
    /// <param name="gradient">As many rows.</param>
    /// <param name="step">From one of them to the next.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="first">How many numbers of the first row count.</param>
    /// <param name="width">Up to where rows are written.</param>
    /// <param name="scale">What scores were multiplied with.</param>
    public static void Backward(ReadOnlySpan<float> weights, int stride, Span<float> gradient, int step, int rows, int first, int width, float scale)
    {
        Check(weights.Length, stride, rows, first, width);
        Check(gradient.Length, step, rows, first, width);
        if (FloatLanes512.IsSupported) Backward<FloatLanes512>(weights, stride, gradient, step, rows, first, width, scale);
        else if (FloatLanes256.IsSupported) Backward<FloatLanes256>(weights, stride, gradient, step, rows, first, width, scale);
        else Backward<FloatLanes32>(weights, stride, gradient, step, rows, first, width, scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward<T>(Span<float> block, int stride, int rows, int first, int width, float scale) where T : struct, IFloatLanes<T>
    {
        fixed (float* start = block)
        {
            for (var row = 0; row < rows; row++)
            {
                var z = start + row * stride;
                var count = first + row;
                var (whole, left) = (count - count % T.Count, count % T.Count);
                var mask = T.First(left);
                var largest = T.All(float.NegativeInfinity);
                for (var i = 0; i < whole; i += T.Count) largest = T.Max(T.Load(z + i), largest);
                if (left > 0) largest = T.Max(T.Select(mask, T.LoadFirst(z + whole, left), largest), largest);
                var (factor, shift) = (T.All(scale), T.All(-scale * largest.Largest()));
                var sum = T.All(0);
                for (var i = 0; i < whole; i += T.Count)
                {
                    var e = FloatFunctions.Exp(T.MultiplyAdd(T.Load(z + i), factor, shift));
                    e.Store(z + i);
                    sum += e;
                }

                if (left > 0)
                {
                    var e = T.Select(mask, FloatFunctions.Exp(T.MultiplyAdd(T.LoadFirst(z + whole, left), factor, shift)), T.All(0));
                    e.StoreFirst(z + whole, left);
                    sum += e;
                }

                var share = T.All((float)(1 / sum.Sum()));
                for (var i = 0; i < whole; i += T.Count) (T.Load(z + i) * share).Store(z + i);
                if (left > 0) (T.LoadFirst(z + whole, left) * share).StoreFirst(z + whole, left);
                new Span<float>(z + count, width - count).Clear();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backward<T>(ReadOnlySpan<float> weights, int stride, Span<float> gradient, int step, int rows, int first, int width, float scale) where T : struct, IFloatLanes<T>
    {
        fixed (float* start = weights, slopes = gradient)
        {
            for (var row = 0; row < rows; row++)
            {
                float* w = start + row * stride, g = slopes + row * step;
                var count = first + row;
                var (whole, left) = (count - count % T.Count, count % T.Count);
                var sum = T.All(0);
                for (var i = 0; i < whole; i += T.Count) sum = T.MultiplyAdd(T.Load(w + i), T.Load(g + i), sum);
                if (left > 0) sum = T.MultiplyAdd(T.LoadFirst(w + whole, left), T.LoadFirst(g + whole, left), sum);
                var (factor, mean) = (T.All(scale), T.All((float)sum.Sum()));
                for (var i = 0; i < whole; i += T.Count) (factor * T.Load(w + i) * (T.Load(g + i) - mean)).Store(g + i);
                if (left > 0) (factor * T.LoadFirst(w + whole, left) * (T.LoadFirst(g + whole, left) - mean)).StoreFirst(g + whole, left);
                new Span<float>(g + count, width - count).Clear();
            }
        }
    }

    private static void Check(int length, int stride, int rows, int first, int width)
    {
        if (rows > 0 && ((long)(rows - 1) * stride + width > length || first + rows - 1 > width || first < 1))
            throw new ArgumentException($"{rows} rows of {width} numbers do not fit, or count more than that.");
    }
}
