using KlCore.Formats;
using KlCore.Logits;

namespace KlCore.Tests.Logits;

public sealed class RowTemperatureTests
{
    public static TheoryData<double> Temperatures => [0.02, 0.5, 0.7, 1, 2, 7.3, 60];

    [Theory]
    [InlineData(3, 0.7, 0)]
    [InlineData(3, 1e-3, 0.3)]
    [InlineData(5, 0.05, 17.3)]
    [InlineData(3, 1e-6, 15)]
    [InlineData(30, 5, -3)]
    public void Compare_Temperature_AgreesWithTheOracle(double deviation, double noise, double offset)
    {
        foreach (var temperature in new[] { 0.5, 2, 7.3, 1000 })
        {
            var (x, y) = RandomRows.Pair(3, 700, deviation, noise, offset);
            (x, y) = (Rows.Rounded(x, ElementType.F32), Rows.Rounded(y, ElementType.F32));
            var position = Rows.Compare(x, y, ElementType.F32, ElementType.F32, 9, new RowOptions { Temperature = temperature });
            RowAccuracyTests.Check(new RowOracle(x, y, temperature), position, 9, 1e-6, 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Temperatures))]
    public void Compare_Temperature_AgreesWithDoublesInEveryWidth(double temperature)
    {
        var options = new RowOptions { Temperature = temperature, TopK = [5] };
        foreach (var element in new[] { ElementType.F32, ElementType.F16, ElementType.Bf16 })
        {
            foreach (var count in new[] { 129, 1000, 5001 })
            {
                var (x, y) = RandomRows.Pair(count, count, 3 * Math.Sqrt(temperature), 0.3 * temperature, 2);
                RowAccuracyTests.CheckWidths(x, y, element, element, options);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Temperatures))]
    public void Compare_MasksAtATemperature_AddNothing(double temperature)
    {
        var options = new RowOptions { Temperature = temperature };
        var (x, y) = RandomRows.Pair(7, 3000, 3 * Math.Sqrt(temperature), 0.3 * temperature);
        int[] kept = [.. Enumerable.Range(0, x.Length).Where(i => i % 3 != 1)];
        var without = Rows.Compare([.. kept.Select(i => x[i])], [.. kept.Select(i => y[i])], ElementType.F32, ElementType.F32, options: options);
        for (var i = 1; i < x.Length; i += 3) x[i] = y[i] = double.NegativeInfinity;
        var masked = Rows.Compare(x, y, ElementType.F32, ElementType.F32, options: options);
        (masked.TopP, masked.TopQ) = (Array.IndexOf(kept, masked.TopP), Array.IndexOf(kept, masked.TopQ));
        RowAccuracyTests.AgreeWith(without, masked, 2e-6);
    }

    [Fact]
    public void Compare_DoublesThatWereFloats_AreComparedAsFloatsWithTheNoiseOfDoubles()
    {
        var (x, y) = RandomRows.Pair(7, 5000, 3, 0.3);
        (x, y) = (Rows.Rounded(x, ElementType.F32), Rows.Rounded(y, ElementType.F32));
        var floats = Rows.Compare(x, y, ElementType.F32, ElementType.F32);
        var doubles = Rows.Compare(x, y);
        var mixed = Rows.Compare(x, y, ElementType.F64, ElementType.F32);
        Assert.Equal((floats.Forward, floats.JensenShannon), (doubles.Forward, doubles.JensenShannon));
        Assert.Equal((floats.Forward, floats.JensenShannon), (mixed.Forward, mixed.JensenShannon));
        Assert.Equal(Math.Pow(2, -58), doubles.NoiseFloor / floats.NoiseFloor, 1e-30);

        // One double that is no float: all of the row in doubles.
        y[4000] += 1e-10;
        var careful = Rows.Compare(x, y);
        Assert.NotEqual(floats.Forward, careful.Forward);
        Assert.Equal(1, floats.Forward / careful.Forward, 1e-6);
        y[4000] = double.NaN;
        Assert.Equal(PositionFacts.InvalidQ, Rows.Compare(x, y).Facts);
    }
}
