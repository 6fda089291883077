using KlCore.Numerics;

namespace KlCore.Benchmarks;

/// <summary>Counter-based splitmix64: any language makes the very same doubles, so that results can be compared, not only times.</summary>
internal static class SplitMix
{
    /// <summary>Uniform numbers in [0, 1).</summary>
    public static double[] Uniform(ulong seed, int count)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            var z = unchecked(seed * 0xD1342543DE82EF95UL + ((ulong)i + 1) * 0x9E3779B97F4A7C15UL);
            z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
            z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
            z ^= z >> 31;
            values[i] = (z >> 11) * (1.0 / 9007199254740992);
        }

        return values;
    }

    /// <summary>A distribution without empty categories.</summary>
    public static double[] Distribution(ulong seed, int count)
    {
        var values = Array.ConvertAll(Uniform(seed, count), value => value + 1e-3);
        // A plain sum of a million numbers is off by 1e-14, and a divergence by as much.
        var sum = new CompensatedSum();
        foreach (var value in values) sum.Add(value);
        return Array.ConvertAll(values, value => value / sum.Value);
    }

    /// <summary>Nearly normal numbers of mean 0 and variance 1: sums of four uniform ones.</summary>
    public static double[] Bell(ulong seed, int count)
    {
        var parts = Enumerable.Range(0, 4).Select(k => Uniform(4 * seed + (ulong)k, count)).ToArray();
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = (parts[0][i] + parts[1][i] + parts[2][i] + parts[3][i] - 2) * 1.7320508075688772;
        return values;
    }
}
