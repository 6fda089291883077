namespace KlCore.Training.Topics;

/// <summary>Floats, at first 0, that stay where they are and begin at a multiple of 64 bytes, so that no vector straddles two lines of the cache.</summary>
internal sealed unsafe class AlignedFloats
{
    private const int Alignment = 64;

    // Pinned, so that the address holds for as long as this does.
    private readonly float[] _memory;

    public AlignedFloats(long length)
    {
        _memory = GC.AllocateArray<float>(checked((int)length + Alignment / sizeof(float)), pinned: true);
        fixed (float* first = _memory) Pointer = (float*)(((nuint)first + Alignment - 1) / Alignment * Alignment);
        Length = (int)length;
    }

    /// <summary>The first of them.</summary>
    public float* Pointer { get; }

    /// <summary>How many there are.</summary>
    public int Length { get; }

    /// <summary>All of them.</summary>
    public Span<float> Span => new(Pointer, Length);
}
