using System.Collections;

namespace KlCore.Formats;

/// <summary>A list of token ids that grows in blocks of fixed size: nothing is ever copied, and at most one block is more than was asked for.</summary>
internal sealed class TokenBlocks : IReadOnlyList<int>
{
    private const int Block = 1 << 14;

    private readonly List<int[]> _blocks = [];

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public int this[int index] => (uint)index < (uint)Count ? _blocks[index / Block][index % Block] : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Appends one.</summary>
    public void Add(int token)
    {
        if (Count % Block == 0) _blocks.Add(new int[Count == 0 ? 1 << 8 : Block]);
        var block = _blocks[^1];
        // Most lists are short: the first block grows to its size.
        if (Count % Block == block.Length) Array.Resize(ref block, Math.Min(Block, 4 * block.Length));
        _blocks[^1] = block;
        block[Count++ % Block] = token;
    }

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>All of it in one array.</summary>
    public int[] ToArray()
    {
        var all = new int[Count];
        for (var i = 0; i < _blocks.Count; i++) _blocks[i].AsSpan(0, Math.Min(_blocks[i].Length, Count - i * Block)).CopyTo(all.AsSpan(i * Block));
        return all;
    }
}
