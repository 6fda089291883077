using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KlCore.Numerics;

/// <summary>Copies columns of B to where a tile reads them in one stream: for each k all columns, filled up with zeros to whole vectors.</summary>
internal static unsafe class MatrixPacking
{
    /// <summary>Columns of a matrix whose rows belong to k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy<TLanes>(float* b, nint row, int depth, int columns, int padded, float* panel) where TLanes : struct, IFloatLanes<TLanes>
    {
        var whole = columns - columns % TLanes.Count;
        for (var k = 0; k < depth; k++, b += row, panel += padded)
        {
            for (var j = 0; j < whole; j += TLanes.Count) TLanes.Load(b + j).Store(panel + j);
            if (whole < columns) TLanes.LoadFirst(b + whole, columns - whole).Store(panel + whole);
        }
    }

    /// <summary>Rows of a matrix whose columns belong to k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* b, nint row, int depth, int columns, int padded, float* panel)
    {
        var j = 0;
        if (Avx.IsSupported)
            for (; j + 8 <= columns; j += 8)
            {
                var k = 0;
                for (; k + 8 <= depth; k += 8) Transpose8(b + j * row + k, row, panel + (nint)k * padded + j, padded);
                for (; k < depth; k++)
                    for (var i = 0; i < 8; i++) panel[(nint)k * padded + j + i] = b[(j + i) * row + k];
            }

        for (; j < columns; j++)
            for (var k = 0; k < depth; k++) panel[(nint)k * padded + j] = b[j * row + k];
        for (; j < padded; j++)
            for (var k = 0; k < depth; k++) panel[(nint)k * padded + j] = 0;
    }

    // Eight rows of eight: pairs of rows, then quadruples, then the halves of two quadruples.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float* from, nint row, float* to, nint rowTo)
    {
        Quadruple(from, row, out var a0, out var a1, out var a2, out var a3);
        Quadruple(from + 4 * row, row, out var b0, out var b1, out var b2, out var b3);
        Avx.Permute2x128(a0, b0, 0x20).Store(to);
        Avx.Permute2x128(a1, b1, 0x20).Store(to + rowTo);
        Avx.Permute2x128(a2, b2, 0x20).Store(to + 2 * rowTo);
        Avx.Permute2x128(a3, b3, 0x20).Store(to + 3 * rowTo);
        to += 4 * rowTo;
        Avx.Permute2x128(a0, b0, 0x31).Store(to);
        Avx.Permute2x128(a1, b1, 0x31).Store(to + rowTo);
        Avx.Permute2x128(a2, b2, 0x31).Store(to + 2 * rowTo);
        Avx.Permute2x128(a3, b3, 0x31).Store(to + 3 * rowTo);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quadruple(
        float* from, nint row, out Vector256<float> c0, out Vector256<float> c1, out Vector256<float> c2, out Vector256<float> c3)
    {
        Vector256<float> r0 = Vector256.Load(from), r1 = Vector256.Load(from + row), r2 = Vector256.Load(from + 2 * row), r3 = Vector256.Load(from + 3 * row);
        Vector256<float> low01 = Avx.UnpackLow(r0, r1), high01 = Avx.UnpackHigh(r0, r1), low23 = Avx.UnpackLow(r2, r3), high23 = Avx.UnpackHigh(r2, r3);
        c0 = Avx.Shuffle(low01, low23, 0x44);
        c1 = Avx.Shuffle(low01, low23, 0xEE);
        c2 = Avx.Shuffle(high01, high23, 0x44);
        c3 = Avx.Shuffle(high01, high23, 0xEE);
    }
}
