namespace KlCore.Tests.Logits;

/// <summary>Rows that look like those of language models, the same in every run.</summary>
internal static class RandomRows
{
    /// <summary>Nearly normal numbers.</summary>
    public static double[] Bell(Random random, int count, double deviation)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = deviation * (random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * 1.7320508075688772;
        return values;
    }

    /// <summary>A row, and one that is off by noise and by a constant.</summary>
    public static (double[] X, double[] Y) Pair(int seed, int count, double deviation, double noise, double offset = 0)
    {
        var random = new Random(seed);
        var (x, error) = (Bell(random, count, deviation), Bell(random, count, noise));
        return (x, [.. x.Zip(error, (a, b) => a + b + offset)]);
    }
}
