using KlApi.Charts;

namespace KlApi.Tests.Charts;

public class TicksTests
{
    [Theory]
    [InlineData(0, 1, "0|0.2|0.4|0.6|0.8|1")]
    [InlineData(-3, 3, "-3|-2|-1|0|1|2|3")]
    [InlineData(0, 2000, "0|500|1000|1500|2000")]
    [InlineData(0.001, 0.0024, "0.001|0.0012|0.0014|0.0016|0.0018|0.002|0.0022|0.0024")]
    [InlineData(0, 5e-7, "0|1e-7|2e-7|3e-7|4e-7|5e-7")]
    [InlineData(1e12, 2e12, "1e12|1.2e12|1.4e12|1.6e12|1.8e12|2e12")]
    [InlineData(100.0001, 100.0006, "100.0001|100.0002|100.0003|100.0004|100.0005|100.0006")]
    public void Of_LinearExtent_AreRoundNumbersInShortForm(double minimum, double maximum, string expected) =>
        Assert.Equal(expected, string.Join('|', Ticks.Of(new(minimum, maximum), false, 6).Select(tick => tick.Label)));

    [Theory]
    [InlineData(1, 100, "1|2|5|10|20|50|100")]
    [InlineData(1e-6, 1e6, "1e-6|0.0001|0.01|1|100|10000|1e6")]
    [InlineData(1e-300, 1e300, "1e-300|1e-200|1e-100|1|1e100|1e200|1e300")]
    public void Of_LogarithmicExtent_AreDecades(double minimum, double maximum, string expected) =>
        Assert.Equal(expected, string.Join('|', Ticks.Of(new(minimum, maximum), true, 6).Select(tick => tick.Label)));

    [Theory]
    [InlineData(-1.7e308, 1.7e308, false)]
    [InlineData(5e-324, 1e-310, false)]
    [InlineData(5e-324, 1.7e308, true)]
    [InlineData(1, 1.5, true)]
    public void Of_AnyExtent_AreFewAndInside(double minimum, double maximum, bool logarithmic)
    {
        var ticks = Ticks.Of(new(minimum, maximum), logarithmic, 6);
        Assert.InRange(ticks.Count, 1, 19);
        Assert.All(ticks, tick => Assert.InRange(tick.Value, minimum, maximum));
    }
}
