using KlCore.Numerics;

namespace KlCore.Texts.Frontiers;

/// <summary>Rows of numbers with zeros behind them, as products of tiles want them: rows of a multiple of eight numbers, and a multiple of four rows.</summary>
internal sealed class PaddedRows
{
    public PaddedRows(int count, int width)
    {
        (Count, Width, Stride) = (count, width, Cholesky.Padded(width));
        PaddedCount = (count + TileProducts.Size - 1) / TileProducts.Size * TileProducts.Size;
        Numbers = new double[checked(PaddedCount * Stride)];
    }

    /// <summary>How many rows there are.</summary>
    public int Count { get; }

    /// <summary>The same and those of zeros.</summary>
    public int PaddedCount { get; }

    /// <summary>How many numbers a row has.</summary>
    public int Width { get; }

    /// <summary>The same and the zeros.</summary>
    public int Stride { get; }

    /// <summary>All numbers and zeros, row after row.</summary>
    public double[] Numbers { get; }

    /// <summary>A row.</summary>
    public Span<double> this[int index] => Numbers.AsSpan(index * Stride, Width);

    /// <summary>Each column as a row.</summary>
    public PaddedRows Transposed()
    {
        var transposed = new PaddedRows(Width, Count);
        for (var row = 0; row < Count; row++)
            for (var column = 0; column < Width; column++) transposed.Numbers[(column * transposed.Stride) + row] = Numbers[(row * Stride) + column];
        return transposed;
    }

    /// <summary>The product of this with the transpose of another: element (i, j) is the scalar product of row i here and row j there.</summary>
    public PaddedRows TimesTransposed(PaddedRows other)
    {
        var products = new PaddedRows(Count, other.Count);
        Parallel.For(0, PaddedCount / TileProducts.Size, tile =>
        {
            Span<double> sums = stackalloc double[TileProducts.Size * TileProducts.Size];
            var top = tile * TileProducts.Size;
            for (var left = 0; left < other.PaddedCount; left += TileProducts.Size)
            {
                TileProducts.Of(Numbers, top * Stride, other.Numbers, left * other.Stride, Stride, 0, Stride, sums);
                for (var r = 0; r < Math.Min(TileProducts.Size, Count - top); r++)
                    for (var c = 0; c < Math.Min(TileProducts.Size, other.Count - left); c++) products.Numbers[((top + r) * products.Stride) + left + c] = sums[(r * TileProducts.Size) + c];
            }
        });
        return products;
    }
}
