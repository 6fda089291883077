using KlCore.Numerics;

namespace KlCore.Tests.Numerics;

public class RadixSortTests
{
    public static TheoryData<int> Sizes => [0, 1, 2, 100, 1499, 1500, 1501, 4096, 20_000];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sort_AnyBitsThatAreNumbers_IsThatOfComparison(int size)
    {
        var values = AnyNumbers(size);
        var expected = values.Order().ToArray();
        RadixSort.Sort(values);
        Assert.Equal(expected, values);
        Assert.DoesNotContain(values, x => x == 0 && double.IsNegative(x));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Order_ManyTies_IsStable(int size)
    {
        var random = new Random(size);
        var values = Enumerable.Range(0, size).Select(_ => (double)random.Next(-20, 20)).ToArray();
        Assert.Equal(Enumerable.Range(0, size).OrderBy(i => values[i]), RadixSort.Order(values));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Order_AnyBitsThatAreNumbers_IsThatOfComparison(int size)
    {
        var values = AnyNumbers(size);
        Assert.Equal(Enumerable.Range(0, size).OrderBy(i => values[i]), RadixSort.Order(values));
    }

    private static double[] AnyNumbers(int size)
    {
        var random = new Random(size);
        double[] special = [0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 1, -1, double.PositiveInfinity, double.NegativeInfinity];
        return [.. Enumerable.Range(0, size).Select(i => random.Next(4) == 0 ? special[random.Next(special.Length)] : BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))).Select(x => double.IsNaN(x) ? 2 : x)];
    }
}
