using System.Runtime.CompilerServices;

namespace KlCore.Networks;

/// <summary>Floats that lie still in memory, the first of them at a multiple of 64 bytes; zero at first.</summary>
internal sealed class FloatBuffer
{
    private const int Alignment = 64;

    private readonly float[] _array;
    private readonly int _start;

    public FloatBuffer(int length)
    {
        Length = length;
        _array = GC.AllocateArray<float>(length + Alignment / sizeof(float), pinned: true);
        var over = (int)(Address(_array) % Alignment);
        _start = over == 0 ? 0 : (Alignment - over) / sizeof(float);
    }

    /// <summary>How many there are.</summary>
    public int Length { get; }

    /// <summary>All of them.</summary>
    public Span<float> Span => _array.AsSpan(_start, Length);

    /// <summary>The first of them, as rows of a width.</summary>
    public Batch Rows(int rows, int width) => new(Span[..(rows * width)], rows, width);

    private static unsafe nint Address(float[] array) => (nint)Unsafe.AsPointer(ref array[0]);
}
