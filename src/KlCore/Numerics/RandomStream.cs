using System.Text;

namespace KlCore.Numerics;

/// <summary>
/// A stream of random numbers with an address instead of a state: (seed, step, purpose). The same address gives the same numbers, so a
/// run that resumes at step k draws what it would have drawn, and what one purpose draws does not shift what another does.
/// </summary>
/// <remarks>
/// Philox 4x32 with 10 rounds (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3, SC11). The seed and the purpose
/// make the key, the step and the position in the stream make the counter. Not for secrets.
/// </remarks>
#pragma warning disable CA1711 // A stream of random numbers is what the literature calls it; it is no System.IO.Stream.
public sealed class RandomStream
#pragma warning restore CA1711
{
    private readonly uint _key0;
    private readonly uint _key1;
    private readonly ulong _step;
    private ulong _position;
    private ulong _spare;
    private bool _hasSpare;
    private double _spareNormal = double.NaN;

    /// <summary>The stream at an address.</summary>
    /// <param name="seed">What the caller chose.</param>
    /// <param name="step">The step that draws; 0 for what is drawn once.</param>
    /// <param name="purpose">What the numbers are for, for example "batch".</param>
    public RandomStream(long seed, long step, string purpose)
    {
        var key = Mix((ulong)seed ^ Mix(Hash(purpose)));
        (_key0, _key1, _step) = ((uint)key, (uint)(key >> 32), (ulong)step);
    }

    /// <summary>64 uniform random bits.</summary>
    public ulong NextBits()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }

        var (first, second) = Block(_position++);
        (_spare, _hasSpare) = (second, true);
        return first;
    }

    /// <summary>Uniform in the open interval (0, 1): never 0 and never 1, so its logarithm is finite.</summary>
    public double NextUniform() => ((NextBits() >> 12) + 0.5) * (1.0 / (1UL << 52));

    /// <summary>Uniform among 0, …, <paramref name="count"/> − 1.</summary>
    public int NextIndex(int count) => (int)Math.BigMul(NextBits(), (ulong)count, out _);

    /// <summary>Puts items into a random order, each equally likely (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextIndex(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Standard normal, by the transformation of Box and Muller.</summary>
    public double NextNormal()
    {
        if (!double.IsNaN(_spareNormal))
        {
            var spare = _spareNormal;
            _spareNormal = double.NaN;
            return spare;
        }

        var radius = Math.Sqrt(-2 * Math.Log(NextUniform()));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * NextUniform());
        _spareNormal = radius * sine;
        return radius * cosine;
    }

    /// <summary>The generator itself: four words from a counter of four and a key of two.</summary>
    internal static (uint, uint, uint, uint) Philox(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (var round = 0; round < 10; round++)
        {
            var product0 = (ulong)c0 * 0xD2511F53u;
            var product1 = (ulong)c2 * 0xCD9E8D57u;
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ k0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ k1, (uint)product0);
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }

        return (c0, c1, c2, c3);
    }

    private (ulong First, ulong Second) Block(ulong position)
    {
        var (c0, c1, c2, c3) = Philox((uint)position, (uint)(position >> 32), (uint)_step, (uint)(_step >> 32), _key0, _key1);
        return (c0 | ((ulong)c1 << 32), c2 | ((ulong)c3 << 32));
    }

    // FNV-1a: stable between processes, which string.GetHashCode is not.
    private static ulong Hash(string purpose)
    {
        var hash = 14695981039346656037UL;
        foreach (var value in Encoding.UTF8.GetBytes(purpose)) hash = (hash ^ value) * 1099511628211UL;
        return hash;
    }

    // The finaliser of SplitMix64: neighbouring seeds give unrelated keys.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15UL;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
