using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Tests.Numerics;

/// <summary>Every width at every length against sums of the definitions, and against each other.</summary>
public class KernelTests
{
    private const double Tolerance = 1e-13;

    public static TheoryData<string> Shapes => ["dense", "sparse", "nearly equal", "wide", "subnormal"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_EveryLengthAndWidth_IsTheSumOfTheTerms(string shape) => Agree<ForwardKernel>(shape, (p, q) => Elementary.Bregman(p, q - p, q));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Topsoe_EveryLengthAndWidth_IsTheSumOfTheTerms(string shape) =>
        Agree<TopsoeKernel>(shape, (p, q) => Elementary.Bregman(p, (q - p) / 2, p / 2 + q / 2) + Elementary.Bregman(q, (p - q) / 2, p / 2 + q / 2));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Hellinger_EveryLengthAndWidth_IsTheSumOfTheTerms(string shape)
    {
        if (shape is "subnormal" or "wide") return; // p q underflows; pairs with such numbers take the portable path
        Agree<HellingerKernel>(shape, (p, q) => p == q ? 0 : Math.Pow((p - q) / (Math.Sqrt(p) + Math.Sqrt(q)), 2));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Entropy_EveryLengthAndWidth_IsTheSumOfTheTerms(string shape) => Agree<EntropyKernel>(shape, (p, _) => p == 0 ? 0 : -p * Math.Log(p));

    [Theory]
    [InlineData(1.0, 0.0, double.PositiveInfinity)]
    [InlineData(0.0, 0.25, 0.25)]
    [InlineData(0.0, 0.0, 0.0)]
    [InlineData(0.25, 0.25, 0.0)]
    [InlineData(5e-324, 5e-324, 0.0)]
    public void Forward_AtTheEdges_IsExact(double p, double q, double expected)
    {
        double[] ps = [.. Enumerable.Repeat(0.0, 20), p], qs = [.. Enumerable.Repeat(0.0, 20), q];
        Assert.Equal(expected, Fold.Sum<ForwardKernel>(ps, qs));
        Assert.Equal(expected, Fold.Sum<ForwardKernel, Lanes64>(ps, qs));
    }

    [Fact]
    public void Sweep_EveryLengthAndWidth_IsTheSumOfTheTerms()
    {
        for (var length = 0; length <= 257; length++)
        {
            var (p, q) = Arrays("sparse", length);
            var difference = p.Zip(q, (a, b) => b - a).ToArray();
            var expected = Sweep.Of<Lanes64>(p, q, difference);
            Close(Fold.Sum<ForwardKernel, Lanes64>(p, q), expected.Forward);
            Close(Fold.Sum<ForwardKernel, Lanes64>(q, p), expected.Reverse);
            Close(Fold.Sum<TopsoeKernel, Lanes64>(p, q), expected.Topsoe);
            Close(Fold.Sum<HellingerKernel, Lanes64>(p, q), expected.Roots);
            Close(difference.Sum(Math.Abs), expected.Absolute);
            if (Lanes256.IsSupported) Close(expected, Sweep.Of<Lanes256>(p, q, difference));
            if (Lanes512.IsSupported) Close(expected, Sweep.Of<Lanes512>(p, q, difference));
        }
    }

    [Fact]
    public void Sum_OfAMillion_AllocatesNothing()
    {
        var (p, q) = Arrays("dense", 1_000_000);
        Fold.Sum<ForwardKernel>(p, q);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fold.Sum<ForwardKernel>(p, q);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Agree<TKernel>(string shape, Func<double, double, double> term) where TKernel : struct, IKernel
    {
        for (var length = 0; length <= 257; length++)
        {
            var (p, q) = Arrays(shape, length);
            var expected = p.Zip(q, term).Sum();
            Close(expected, Fold.Sum<TKernel>(p, q));
            Close(expected, Fold.Sum<TKernel, Lanes64>(p, q));
            if (Lanes256.IsSupported) Close(expected, Fold.Sum<TKernel, Lanes256>(p, q));
            if (Lanes512.IsSupported) Close(expected, Fold.Sum<TKernel, Lanes512>(p, q));
        }
    }

    private static (double[] P, double[] Q) Arrays(string shape, int length)
    {
        var random = new Random(length);
        var p = Enumerable.Range(0, length).Select(_ => random.NextDouble() + 1e-3).ToArray();
        Func<double, double> other = shape switch
        {
            "sparse" => value => value,
            "nearly equal" => value => value * (1 + 1e-7 * (random.NextDouble() - 0.5)),
            "wide" => value => value * Math.Pow(10, -300 * random.NextDouble()),
            "subnormal" => value => value * 1e-320,
            _ => _ => random.NextDouble() + 1e-3,
        };
        var q = Array.ConvertAll(p, value => other(value));
        if (shape == "subnormal") p = Array.ConvertAll(q, value => 3 * value);
        if (shape != "sparse") return (p, q);
        q = Array.ConvertAll(p, _ => random.NextDouble() + 1e-3);
        for (var i = 0; i < length; i++)
        {
            if (random.Next(3) == 0) p[i] = 0;
            if (p[i] == 0 && random.Next(2) == 0) q[i] = 0;
        }

        return (p, q);
    }

    private static void Close(Sweep expected, Sweep actual)
    {
        Close(expected.Forward, actual.Forward);
        Close(expected.Reverse, actual.Reverse);
        Close(expected.Topsoe, actual.Topsoe);
        Close(expected.Absolute, actual.Absolute);
        Close(expected.Roots, actual.Roots);
    }

    private static void Close(double expected, double actual) =>
        Assert.True(expected == actual || Math.Abs(expected - actual) <= Tolerance * Math.Abs(expected) + 1e-321, $"{expected:R} and {actual:R}");
}
