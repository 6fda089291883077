using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlCore.Tests.Logits;

public class DivergenceChartTests
{
    [Fact]
    public void Of_MadeUpPositions_BarsHoldEveryPositiveValueInItsPlace()
    {
        var positions = ReportGolden.Positions.ToArray();
        (positions[0].Forward, positions[1].Forward, positions[2].Forward) = (0, 0, double.PositiveInfinity);
        var chart = DivergenceChart.Of(Summarise(positions));
        var bars = Assert.Single(chart.Series);
        Assert.Equal(bars.X.Count, bars.Y.Count + 1);
        Assert.InRange(bars.Y.Count, 10, 60);
        Assert.Equal(positions.Length - 3, bars.Y.Sum());
        // A value close to an edge may fall on either side of it.
        var values = positions[3..].Select(position => Math.Log10(position.Forward)).Order().ToArray();
        var cumulative = 0.0;
        for (var i = 0; i < bars.Y.Count; i++)
        {
            cumulative += bars.Y[i];
            Assert.InRange(cumulative, values.Count(value => value < bars.X[i + 1] - 0.005), values.Count(value => value < bars.X[i + 1] + 0.005));
        }

        Assert.EndsWith("; not drawn: 2 zero, 1 infinite.", chart.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-30)]
    [InlineData(double.Epsilon)]
    [InlineData(1e308)]
    [InlineData(double.PositiveInfinity)]
    public void Of_OneValueOnly_IsDrawable(double value)
    {
        var chart = DivergenceChart.Of(Summarise([new Position { Forward = value, Target = -1 }]));
        Assert.All(chart.Series, series => Assert.True(series.X.All(double.IsFinite) && series.Y.All(double.IsFinite) && series.X.Zip(series.X.Skip(1)).All(pair => pair.First < pair.Second)));
    }

    private static ComparisonSummary Summarise(Position[] positions)
    {
        var builder = new ReportBuilder(new ReportOptions(), ReportGolden.Shape(), ReportGolden.Shape());
        builder.Add(positions);
        return builder.Summarise();
    }
}
