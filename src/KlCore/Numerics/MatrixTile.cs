using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>
/// The innermost part of a product of matrices: a tile of C of up to six rows and four vectors, whose sums stay in registers while k runs.
/// </summary>
/// <remarks>
/// Each element of C is one chain of multiply-adds in the order of k, wherever it lies in a tile and however wide the vectors are: a row
/// has the same bits in a batch of any size, and the same with 16 lanes as with 8.
/// </remarks>
internal static unsafe class MatrixTile
{
    /// <summary>Rows of a tile at most.</summary>
    public const int Rows = 6;

    /// <summary>Vectors of a tile's row at most: 24 sums for the 32 registers of AVX-512, 12 for the 16 of all else.</summary>
    public static int Width<TLanes>() where TLanes : struct, IFloatLanes<TLanes> => TLanes.Count == 16 ? 4 : 2;

    /// <summary>All rows of one panel of C, whose columns fill the given number of vectors.</summary>
    public static void Multiply<TLanes>(in MatrixPanel panel, int rows, int width) where TLanes : struct, IFloatLanes<TLanes>
    {
        switch (width)
        {
            case 1: Multiply<TLanes, One>(panel, rows); break;
            case 2: Multiply<TLanes, Two>(panel, rows); break;
            case 3: Multiply<TLanes, Three>(panel, rows); break;
            default: Multiply<TLanes, Four>(panel, rows); break;
        }
    }

    private static void Multiply<TLanes, TWidth>(in MatrixPanel panel, int rows)
        where TLanes : struct, IFloatLanes<TLanes>
        where TWidth : struct, ICount
    {
        // Tiles of nearly equal height, since a short one has too few sums to hide their latency.
        var tiles = (rows + Rows - 1) / Rows;
        var from = 0;
        for (var tile = 1; tile <= tiles; tile++)
        {
            var to = (int)((long)rows * tile / tiles);
            float* a = panel.A + from * panel.RowA, c = panel.C + from * panel.RowC;
            switch (to - from)
            {
                case 1: Multiply<TLanes, TWidth, One>(panel, a, c); break;
                case 2: Multiply<TLanes, TWidth, Two>(panel, a, c); break;
                case 3: Multiply<TLanes, TWidth, Three>(panel, a, c); break;
                case 4: Multiply<TLanes, TWidth, Four>(panel, a, c); break;
                case 5: Multiply<TLanes, TWidth, Five>(panel, a, c); break;
                default: Multiply<TLanes, TWidth, Six>(panel, a, c); break;
            }

            from = to;
        }
    }

    // The conditions on counts are constants to the compiler, which makes one straight loop of each combination.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TLanes, TWidth, TRows>(in MatrixPanel panel, float* a, float* c)
        where TLanes : struct, IFloatLanes<TLanes>
        where TWidth : struct, ICount
        where TRows : struct, ICount
    {
        TLanes c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default, c12 = default, c13 = default;
        TLanes c20 = default, c21 = default, c22 = default, c23 = default, c30 = default, c31 = default, c32 = default, c33 = default;
        TLanes c40 = default, c41 = default, c42 = default, c43 = default, c50 = default, c51 = default, c52 = default, c53 = default;
        nint row = panel.RowA, stepA = panel.StepA, stepB = panel.StepB;
        float* b = panel.B, low = a + 3 * row;
        for (var k = panel.Depth; k > 0; k--)
        {
            TLanes b0 = TLanes.Load(b), b1 = default, b2 = default, b3 = default;
            if (TWidth.Value > 1) b1 = TLanes.Load(b + TLanes.Count);
            if (TWidth.Value > 2) b2 = TLanes.Load(b + 2 * TLanes.Count);
            if (TWidth.Value > 3) b3 = TLanes.Load(b + 3 * TLanes.Count);
            Add<TLanes, TWidth>(TLanes.All(*a), b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
            if (TRows.Value > 1) Add<TLanes, TWidth>(TLanes.All(*(a + row)), b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
            if (TRows.Value > 2) Add<TLanes, TWidth>(TLanes.All(*(a + 2 * row)), b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
            if (TRows.Value > 3) Add<TLanes, TWidth>(TLanes.All(*low), b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33);
            if (TRows.Value > 4) Add<TLanes, TWidth>(TLanes.All(*(low + row)), b0, b1, b2, b3, ref c40, ref c41, ref c42, ref c43);
            if (TRows.Value > 5) Add<TLanes, TWidth>(TLanes.All(*(low + 2 * row)), b0, b1, b2, b3, ref c50, ref c51, ref c52, ref c53);
            a += stepA;
            low += stepA;
            b += stepB;
        }

        Finish<TLanes, TWidth>(panel, c, c00, c01, c02, c03);
        if (TRows.Value > 1) Finish<TLanes, TWidth>(panel, c + panel.RowC, c10, c11, c12, c13);
        if (TRows.Value > 2) Finish<TLanes, TWidth>(panel, c + 2 * panel.RowC, c20, c21, c22, c23);
        if (TRows.Value > 3) Finish<TLanes, TWidth>(panel, c + 3 * panel.RowC, c30, c31, c32, c33);
        if (TRows.Value > 4) Finish<TLanes, TWidth>(panel, c + 4 * panel.RowC, c40, c41, c42, c43);
        if (TRows.Value > 5) Finish<TLanes, TWidth>(panel, c + 5 * panel.RowC, c50, c51, c52, c53);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLanes, TWidth>(
        TLanes a, TLanes b0, TLanes b1, TLanes b2, TLanes b3, ref TLanes c0, ref TLanes c1, ref TLanes c2, ref TLanes c3)
        where TLanes : struct, IFloatLanes<TLanes>
        where TWidth : struct, ICount
    {
        c0 = TLanes.MultiplyAdd(a, b0, c0);
        if (TWidth.Value > 1) c1 = TLanes.MultiplyAdd(a, b1, c1);
        if (TWidth.Value > 2) c2 = TLanes.MultiplyAdd(a, b2, c2);
        if (TWidth.Value > 3) c3 = TLanes.MultiplyAdd(a, b3, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TLanes, TWidth>(in MatrixPanel panel, float* c, TLanes c0, TLanes c1, TLanes c2, TLanes c3)
        where TLanes : struct, IFloatLanes<TLanes>
        where TWidth : struct, ICount
    {
        if (TWidth.Value > 1) Whole(panel, c, 0, c0);
        if (TWidth.Value > 2) Whole(panel, c, TLanes.Count, c1);
        if (TWidth.Value > 3) Whole(panel, c, 2 * TLanes.Count, c2);
        var last = TWidth.Value switch { 1 => c0, 2 => c1, 3 => c2, _ => c3 };
        var offset = (TWidth.Value - 1) * TLanes.Count;
        if (panel.Last == TLanes.Count) Whole(panel, c, offset, last);
        else Partial(panel, c, offset, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Whole<TLanes>(in MatrixPanel panel, float* c, int offset, TLanes sum) where TLanes : struct, IFloatLanes<TLanes>
    {
        if (panel.Start != null) sum = TLanes.Load(panel.Start + offset) + sum;
        else if (panel.IsAdded) sum = TLanes.Load(c + offset) + sum;
        if (panel.IsRectified) sum = TLanes.Max(TLanes.All(0), sum);
        sum.Store(c + offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Partial<TLanes>(in MatrixPanel panel, float* c, int offset, TLanes sum) where TLanes : struct, IFloatLanes<TLanes>
    {
        if (panel.Start != null) sum = TLanes.LoadFirst(panel.Start + offset, panel.Last) + sum;
        else if (panel.IsAdded) sum = TLanes.LoadFirst(c + offset, panel.Last) + sum;
        if (panel.IsRectified) sum = TLanes.Max(TLanes.All(0), sum);
        sum.StoreFirst(c + offset, panel.Last);
    }
}

/// <summary>What the tiles of a panel, some columns of C, have in common. Distances are in floats.</summary>
internal unsafe struct MatrixPanel
{
    /// <summary>The first row of A, how far it is to the next row, and how far from one k to the next.</summary>
    public float* A;
    public nint RowA;
    public nint StepA;

    /// <summary>The panel's columns of B for the first k, in whole vectors, and how far it is to the next k.</summary>
    public float* B;
    public nint StepB;

    /// <summary>The first row of the panel's columns of C, and how far it is to the next row.</summary>
    public float* C;
    public nint RowC;

    /// <summary>Over how many k is summed.</summary>
    public int Depth;

    /// <summary>How many columns the last vector has.</summary>
    public int Last;

    /// <summary>What the sums are added to: these numbers in each row, or null.</summary>
    public float* Start;

    /// <summary>Where there is no <see cref="Start"/>, whether the sums are added to C.</summary>
    public bool IsAdded;

    /// <summary>Whether negative results become 0; NaN stays.</summary>
    public bool IsRectified;
}

/// <summary>A number that is known when code is compiled.</summary>
internal interface ICount
{
    /// <summary>The number.</summary>
    static abstract int Value { get; }
}

internal readonly struct One : ICount
{
    public static int Value => 1;
}

internal readonly struct Two : ICount
{
    public static int Value => 2;
}

internal readonly struct Three : ICount
{
    public static int Value => 3;
}

internal readonly struct Four : ICount
{
    public static int Value => 4;
}

internal readonly struct Five : ICount
{
    public static int Value => 5;
}

internal readonly struct Six : ICount
{
    public static int Value => 6;
}
