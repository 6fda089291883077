using KlCore.Formats;
using KlCore.Logits;

namespace KlCore.Tests.Logits;

public sealed class RowEdgeTests
{
    private static readonly int[] _beyond = [2001];

    private const double NegativeInfinity = double.NegativeInfinity;

    public static TheoryData<ElementType> Types => [.. Enum.GetValues<ElementType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void Compare_IdenticalRows_IsExactlyZero(ElementType element)
    {
        foreach (var count in new[] { 1, 15, 16, 1000, 5000 })
        {
            var (x, _) = RandomRows.Pair(count, count, 5, 0);
            var position = Rows.Compare(x, x, element, element);
            Assert.Equal((0.0, 0.0, 0.0), (position.Forward, position.Reverse, position.JensenShannon));
            Assert.Equal((0.0, 0.0, 1), (position.TotalVariation, position.Hellinger, position.RankInQ));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Compare_ShiftedByAConstant_IsExactlyZero(ElementType element)
    {
        // Multiples of 1/8 up to 8, and the shift, are exact in every type.
        var x = Enumerable.Range(0, 3000).Select(i => i * 7919 % 65 / 8.0).ToArray();
        var y = Array.ConvertAll(x, value => value - 8);
        var position = Rows.Compare(x, y, element, element);
        Assert.Equal((0.0, 0.0, 0.0), (position.Forward, position.Reverse, position.JensenShannon));
        Assert.Equal((0.0, 0.0), (position.TotalVariation, position.Hellinger));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Compare_MaskedOnBothSides_AddsNothing(ElementType element)
    {
        foreach (var count in new[] { 3, 40, 3000 })
        {
            var (x, y) = RandomRows.Pair(count, count, 3, 0.3);
            int[] kept = [.. Enumerable.Range(0, count).Where(i => i % 3 != 1)];
            var without = Rows.Compare([.. kept.Select(i => x[i])], [.. kept.Select(i => y[i])], element, element);
            for (var i = 1; i < count; i += 3) x[i] = y[i] = NegativeInfinity;
            var masked = Rows.Compare(x, y, element, element);
            (masked.TopP, masked.TopQ) = (Array.IndexOf(kept, masked.TopP), Array.IndexOf(kept, masked.TopQ));
            RowAccuracyTests.AgreeWith(without, masked, 2e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Compare_MaskedInOneRowAlone_IsInfiniteOneWayOnly(ElementType element)
    {
        foreach (var count in new[] { 2, 33, 2500 })
        {
            var (x, y) = RandomRows.Pair(count, count, 3, 0.3);
            var token = count - 1;
            y[token] = NegativeInfinity;
            var position = Rows.Compare(x, y, element, element, token);
            var swapped = Rows.Compare(y, x, element, element, token);
            Assert.Equal((double.PositiveInfinity, double.PositiveInfinity), (position.Forward, swapped.Reverse));
            Assert.Equal((NegativeInfinity, NegativeInfinity), (position.TargetLogQ, swapped.TargetLogP));

            // With z = 1 - p(token): KL(q || p) = KL(q || p without it) - ln z, and TV is at least p(token).
            var without = Rows.Compare(x[..token], y[..token], element, element);
            var rest = -double.LogP1(-Math.Exp(position.TargetLogP));
            Assert.Equal(1, position.Reverse / (without.Reverse + rest), 2e-6);
            Assert.Equal(1, swapped.Forward / (without.Reverse + rest), 2e-6);
            Assert.True(position.TotalVariation >= Math.Exp(position.TargetLogP) * (1 - 1e-6));
            Assert.True(double.IsFinite(position.JensenShannon + position.Hellinger + position.EntropyP + position.EntropyQ));
            Assert.Equal(position.JensenShannon, swapped.JensenShannon, position.JensenShannon * 2e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Compare_SentinelsInsteadOfMasks_AreTokensWithoutMass(ElementType element)
    {
        // Frameworks mask with the type's lowest number as often as with -Infinity.
        var lowest = element switch
        {
            ElementType.F16 => -65504,
            ElementType.F64 => double.MinValue,
            _ => -3.3895313892515355e38,
        };
        var (x, y) = RandomRows.Pair(5, 2000, 3, 0.3);
        var without = Rows.Compare(x[100..], y[100..], element, element);
        for (var i = 0; i < 100; i++) x[i] = y[i] = lowest;
        var position = Rows.Compare(x, y, element, element);
        (position.TopP, position.TopQ) = (position.TopP - 100, position.TopQ - 100);
        RowAccuracyTests.AgreeWith(without, position);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Compare_NoDistribution_SetsTheFactAndNothingElse(ElementType element)
    {
        foreach (var bad in new[] { double.NaN, double.PositiveInfinity })
        {
            foreach (var token in new[] { 0, 700, 1999 })
            {
                var (x, y) = RandomRows.Pair(2, 2000, 3, 0.3);
                y[token] = bad;
                var position = Rows.Compare(x, y, element, element, 2);
                Assert.Equal((PositionFacts.InvalidQ, 0.0, 0.0, 0.0, 0.0, 0), (position.Facts, position.Forward, position.EntropyP, position.TargetLogP, position.NoiseFloor, position.RankInQ));
                Assert.Equal(PositionFacts.InvalidP, Rows.Compare(y, x, element, element, 2).Facts);
                Assert.Equal(PositionFacts.InvalidP | PositionFacts.InvalidQ, Rows.Compare(y, y, element, element, 2).Facts);
            }
        }

        var none = Enumerable.Repeat(NegativeInfinity, 50).ToArray();
        Assert.Equal(PositionFacts.InvalidP, Rows.Compare(none, new double[50], element, element).Facts);
    }

    [Fact]
    public void Compare_FarApart_StaysFiniteAndRight()
    {
        // All of p on the first token, all of q on the second: each e^-200 of the other.
        foreach (var element in new[] { ElementType.F64, ElementType.F32, ElementType.F16 })
        {
            var position = Rows.Compare([200, 0, 0], [0, 200, 0], element, element);
            Assert.Equal(200, position.Forward, 1e-4);
            Assert.Equal(200, position.Reverse, 1e-4);
            Assert.Equal((Math.Log(2), 1.0), (position.JensenShannon, position.TotalVariation));
            Assert.Equal(1, position.Hellinger, 1e-12);
        }

        var far = Rows.Compare([1e4, -1e4], [-1e4, 1e4], ElementType.F32, ElementType.F32);
        Assert.Equal((2e4, 2e4), (far.Forward, far.Reverse));
    }

    [Fact]
    public void Compare_SubnormalLogits_AreAlmostUniform()
    {
        foreach (var element in new[] { ElementType.F64, ElementType.F32, ElementType.F16, ElementType.Bf16 })
        {
            var tiny = element == ElementType.F16 ? 6e-8 : 1e-40;
            var position = Rows.Compare([tiny, 0, 0, 0], [0, 0, tiny, 0], element, element);
            Assert.Equal(Math.Log(4), position.EntropyP, 1e-7);
            Assert.True(position.Forward >= 0 && position.Forward < 1e-12);
            Assert.Equal((0, 2, 2), (position.TopP, position.TopQ, position.RankInQ));
        }
    }

    [Fact]
    public void Compare_VocabulariesDiffer_ComparesWhatBothHaveRenormalised()
    {
        foreach (var element in Enum.GetValues<ElementType>())
        {
            var (x, y) = RandomRows.Pair(8, 2064, 3, 0.3);
            var positions = new Position[1];
            RowComparison.Compare(
                new LogitRows(Rows.Bytes(x, element), element, 2064), new LogitRows(Rows.Bytes(y[..2000], element), element, 2000),
                _beyond, new RowOptions(), positions, CancellationToken.None);
            var common = Rows.Compare(x[..2000], y[..2000], element, element);
            var rounded = Rows.Rounded(x, element);
            common.RemovedP = rounded[2000..].Sum(Math.Exp) / rounded.Sum(Math.Exp);
            Assert.Equal(-1, positions[0].Target);
            RowAccuracyTests.AgreeWith(common, positions[0]);
            x[2050] = double.NaN;
            RowComparison.Compare(
                new LogitRows(Rows.Bytes(x, element), element, 2064), new LogitRows(Rows.Bytes(y[..2000], element), element, 2000),
                default, new RowOptions(), positions, CancellationToken.None);
            Assert.Equal(PositionFacts.InvalidP, positions[0].Facts);
        }
    }

    [Fact]
    public void Compare_NoiseFloor_IsTheSumOfBothSidesSquaredUlps()
    {
        var (x, y) = RandomRows.Pair(4, 300, 3, 0.3);
        foreach (var (element, digits, lowest) in new[] { (ElementType.F64, 52, -1022), (ElementType.F32, 23, -126), (ElementType.F16, 10, -14), (ElementType.Bf16, 7, -126) })
        {
            var position = Rows.Compare(x, y, element, element);
            Assert.Equal(1, position.NoiseFloor / (Noise(Rows.Rounded(x, element)) + Noise(Rows.Rounded(y, element))), 1e-5);

            double Noise(double[] logits)
            {
                var sum = logits.Sum(Math.Exp);
                return logits.Sum(logit => Math.Exp(logit) / sum * Math.Pow(4, Math.Max(Math.ILogB(logit), lowest) - digits)) / 24;
            }
        }
    }
}
