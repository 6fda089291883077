using System.Runtime.InteropServices;
using KlCore.Formats;
using KlCore.Logits;
using KlCore.Numerics;

namespace KlCore.Tests.Logits;

public sealed class RowAccuracyTests
{
    private static readonly ElementType[] _singles = [ElementType.F32, ElementType.F16, ElementType.Bf16];

    [Theory]
    [InlineData(3, 0.7, 0)]
    [InlineData(3, 0.1, 0)]
    [InlineData(3, 1e-3, 0.3)]
    [InlineData(5, 0.05, 17.3)]
    [InlineData(3, 1e-6, 0)]
    [InlineData(3, 1e-6, 15)]
    [InlineData(30, 5, -3)]
    [InlineData(0.1, 1e-5, 1e-3)]
    public void Compare_Floats_AgreesWithTheOracle(double deviation, double noise, double offset)
    {
        foreach (var count in new[] { 1, 2, 17, 100, 700 })
        {
            var (x, y) = RandomRows.Pair(count, count, deviation, noise, offset);
            (x, y) = (Rows.Rounded(x, ElementType.F32), Rows.Rounded(y, ElementType.F32));
            var oracle = new RowOracle(x, y);
            Check(oracle, InFloats(x, y, count / 2), count / 2, 1e-6, 1e-7);
            var tolerance = count <= FastRow.Short ? 1e-12 : 1e-6;
            Check(oracle, Rows.Compare(x, y, ElementType.F32, ElementType.F32, count / 2), count / 2, tolerance, tolerance / 10);
        }
    }

    [Fact]
    public void Compare_EveryPairOfTypes_AgreesWithTheOracle()
    {
        foreach (var p in Enum.GetValues<ElementType>())
        {
            foreach (var q in Enum.GetValues<ElementType>())
            {
                var (x, y) = RandomRows.Pair(3, 333, 4, 0.2, 0.5);
                (x, y) = (Rows.Rounded(x, p), Rows.Rounded(y, q));
                var tolerance = p == ElementType.F64 || q == ElementType.F64 ? 1e-12 : 1e-6;
                Check(new RowOracle(x, y), Rows.Compare(x, y, p, q, 7), 7, tolerance, tolerance / 10);
            }
        }
    }

    [Theory]
    [InlineData(3, 0.3, 0, 1)]
    [InlineData(3, 0.3, 0, 2.5)]
    [InlineData(1e4, 100, 0, 1)]
    [InlineData(8, 1e-3, 20, 1)]
    [InlineData(8, 1e-3, 0.25, 0.1)]
    public void Compare_Doubles_AgreesWithTheOracleToTwelveDigits(double deviation, double noise, double offset, double temperature)
    {
        foreach (var count in new[] { 1, 2, 9, 150 })
        {
            var (x, y) = RandomRows.Pair(count, count, deviation, noise, offset);
            var position = Rows.Compare(x, y, target: count - 1, options: new RowOptions { Temperature = temperature });
            Check(new RowOracle(x, y, temperature), position, count - 1, 1e-12, 1e-12);
        }
    }

    [Theory]
    [InlineData(ElementType.F32)]
    [InlineData(ElementType.F16)]
    [InlineData(ElementType.Bf16)]
    public void Compare_EveryLengthAndWidth_AgreesWithDoubles(ElementType p)
    {
        foreach (var q in _singles)
        {
            for (var count = 1; count <= 257; count++)
            {
                var (x, y) = RandomRows.Pair(count, count, 4, 0.3, 0.1);
                var options = new RowOptions { TopK = [1, 3, 20] };
                CheckWidths(x, y, p, q, options);
            }
        }
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(32_000)]
    [InlineData(151_937)]
    [InlineData(1 << 21)]
    public void Compare_LongRows_AgreesWithDoublesInEveryWidth(int count)
    {
        var (x, y) = RandomRows.Pair(count, count, 3, 0.1);
        CheckWidths(x, y, ElementType.F32, ElementType.F32, new RowOptions { TopK = [5, 1000] });
        // The largest logits come late and rise by more than floats' exponentials bear.
        var rising = x.Select((value, i) => value + 600.0 * i / count).ToArray();
        CheckWidths(rising, [.. rising.Zip(y, (a, b) => a + b / 10)], ElementType.F32, ElementType.F32, new RowOptions { TopK = [5] });
    }

    [Fact]
    public void Compare_Threads_GiveTheSameBits()
    {
        const int rows = 23;
        var (x, y) = RandomRows.Pair(1, rows * 1000, 3, 0.5);
        var (p, q) = (new LogitRows(Rows.Bytes(x, ElementType.F32), ElementType.F32, 1000), new LogitRows(Rows.Bytes(y, ElementType.F16), ElementType.F16, 1000));
        var targets = Enumerable.Range(0, rows).ToArray();
        var expected = Compare(1);
        Assert.Equal(Bits(expected), Bits(Compare(2)));
        Assert.Equal(Bits(expected), Bits(Compare(3)));
        Assert.All(expected, position => Assert.True(position.Forward > 0.05));

        Position[] Compare(int threads)
        {
            var positions = new Position[rows];
            RowComparison.Compare(p, q, targets, new RowOptions { Threads = threads, TopK = [5] }, positions, CancellationToken.None);
            return positions;
        }
    }

    /// <summary>Compared in floats however short the rows are, unless floats do not suffice.</summary>
    private static Position InFloats(double[] x, double[] y, int target)
    {
        var (options, position) = (new RowOptions(), new Position { Target = target });
        using var scratch = new RowScratch(options);
        var p = new LogitRow(Rows.Bytes(x, ElementType.F32), ElementType.F32, x.Length);
        var q = new LogitRow(Rows.Bytes(y, ElementType.F32), ElementType.F32, y.Length);
        var isDone = FloatLanes512.IsSupported ? FastRow.TryCompare<FloatLanes512>(p, q, options, scratch, ref position) : FastRow.TryCompare<FloatLanes32>(p, q, options, scratch, ref position);
        return isDone ? position : Rows.Compare(x, y, ElementType.F32, ElementType.F32, target);
    }

    private static byte[] Bits(Position[] positions) => MemoryMarshal.AsBytes<Position>(positions).ToArray();

    internal static void CheckWidths(double[] x, double[] y, ElementType p, ElementType q, RowOptions options)
    {
        using var scratch = new RowScratch(options);
        var (bytesP, bytesQ) = (Rows.Bytes(x, p), Rows.Bytes(y, q));
        var careful = new Position { Target = x.Length / 3 };
        CarefulRow.Compare(new LogitRow(bytesP, p, x.Length), new LogitRow(bytesQ, q, y.Length), options, scratch, ref careful);
        Check<FloatLanes32>();
        if (FloatLanes256.IsSupported) Check<FloatLanes256>();
        if (FloatLanes512.IsSupported) Check<FloatLanes512>();

        void Check<T>() where T : struct, IFloatLanes<T>
        {
            var position = new Position { Target = x.Length / 3 };
            Assert.True(FastRow.TryCompare<T>(new LogitRow(bytesP, p, x.Length), new LogitRow(bytesQ, q, y.Length), options, scratch, ref position));
            // Of a few tokens far below the top one, each is off by what x - max x was rounded; of many that averages out.
            AgreeWith(careful, position, x.Length < 50 ? 2e-6 : 1e-6);
        }
    }

    /// <summary>All fields, with the tolerance of floats.</summary>
    internal static void AgreeWith(in Position expected, in Position position, double relative = 1e-6)
    {
        Near(expected.Forward, position.Forward, relative);
        Near(expected.Reverse, position.Reverse, relative);
        Near(expected.JensenShannon, position.JensenShannon, relative);
        Near(expected.TotalVariation, position.TotalVariation, relative);
        Near(expected.Hellinger, position.Hellinger, relative);
        Near(expected.NoiseFloor, position.NoiseFloor, 1e-5);
        Near(expected.TopProbabilityP, position.TopProbabilityP, 1e-6);
        Near(expected.TopProbabilityQ, position.TopProbabilityQ, 1e-6);
        Near(expected.RemovedP, position.RemovedP, 1e-6);
        Near(expected.RemovedQ, position.RemovedQ, 1e-6);
        Assert.Equal(expected.EntropyP, position.EntropyP, 1e-6);
        Assert.Equal(expected.EntropyQ, position.EntropyQ, 1e-6);
        Assert.Equal(expected.TargetLogP, position.TargetLogP, 1e-6);
        Assert.Equal(expected.TargetLogQ, position.TargetLogQ, 1e-6);
        Assert.Equal((expected.TopP, expected.TopQ, expected.RankInQ, expected.Facts), (position.TopP, position.TopQ, position.RankInQ, position.Facts));
        Assert.Equal(((ReadOnlySpan<int>)expected.Overlap).ToArray(), ((ReadOnlySpan<int>)position.Overlap).ToArray());
        Assert.Equal(((ReadOnlySpan<int>)expected.OrderedMatch).ToArray(), ((ReadOnlySpan<int>)position.OrderedMatch).ToArray());
    }

    internal static void Check(RowOracle oracle, in Position position, int target, double relative, double entropy)
    {
        Near(oracle.Forward, position.Forward, relative);
        Near(oracle.Reverse, position.Reverse, relative);
        Near(oracle.JensenShannon, position.JensenShannon, relative);
        // The normalisers are doubles: a total variation of 1e-15 has lost its digits with them.
        Near(oracle.TotalVariation, position.TotalVariation, relative, 1e-15);
        Near(oracle.Hellinger, position.Hellinger, relative, 1e-15);
        Assert.Equal(oracle.EntropyP, position.EntropyP, entropy * 10);
        Assert.Equal(oracle.EntropyQ, position.EntropyQ, entropy * 10);
        Near(oracle.LogP[target], position.TargetLogP, relative);
        Near(oracle.LogQ[target], position.TargetLogQ, relative);
        Near(Math.Exp(oracle.LogP[position.TopP]), position.TopProbabilityP, relative);
        Near(Math.Exp(oracle.LogQ[position.TopQ]), position.TopProbabilityQ, relative);
    }

    /// <summary>Relative, but below 1e-60 anything goes, and a log-probability of almost 0 is as good as its probability.</summary>
    private static void Near(double expected, double actual, double relative, double absolute = 1e-60) =>
        Assert.True(Math.Abs(actual - expected) <= relative * Math.Abs(expected) + (expected < 0 ? relative : absolute), $"{actual:R} instead of {expected:R}");
}
