using System.Numerics;

namespace KlCore.Texts.NGrams;

/// <summary>Numbers different keys from 0 as they are first met: a hash table with open addressing, about four times as fast as a general one.</summary>
internal sealed class KeyTable
{
    private ulong[] _keys = new ulong[16];
    private int[] _slots;
    private int _shift;

    public KeyTable(int expected)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(2L * expected, 32, 1 << 30));
        _slots = new int[size];
        _shift = 64 - BitOperations.Log2((uint)size);
    }

    /// <summary>How many different keys there are.</summary>
    public int Count { get; private set; }

    /// <summary>The key of a number.</summary>
    public ulong this[int number] => _keys[number];

    /// <summary>The number of a key, which becomes known by this.</summary>
    public int FindOrAdd(ulong key)
    {
        var slots = _slots;
        for (var at = Place(key); ; at = (at + 1) & (slots.Length - 1))
        {
            // A slot holds the number after the key's own, so that 0 is an empty one.
            var number = slots[at] - 1;
            if (number < 0) return Add(key, at);
            if (_keys[number] == key) return number;
        }
    }

    private int Add(ulong key, int at)
    {
        if (Count == _keys.Length) Array.Resize(ref _keys, 2 * Count);
        _keys[Count] = key;
        _slots[at] = ++Count;
        if (2 * Count > _slots.Length) Grow();
        return Count - 1;
    }

    private void Grow()
    {
        _slots = new int[2 * _slots.Length];
        _shift--;
        for (var i = 0; i < Count; i++)
        {
            var at = Place(_keys[i]);
            while (_slots[at] != 0) at = (at + 1) & (_slots.Length - 1);
            _slots[at] = i + 1;
        }
    }

    // Fibonacci hashing of a key whose high bits were mixed into the low ones.
    private int Place(ulong key) => (int)(((key ^ (key >> 29)) * 0x9E3779B97F4A7C15UL) >> _shift);
}
