using System.Text.Json;
using KlCore.Charts;
using KlCore.Training;

namespace KlCore.Tests.Training.DensityFit;

/// <summary>The charts of a fit, as what they show.</summary>
public class ChartTests
{
    private static readonly Dictionary<string, MetricHistory> History = new() { ["loss"] = new MetricHistory([1, 2, 3], [100, 1, 0.01]) };

    [Fact]
    public void Loss_ThatFallsFar_IsOnALogarithmicAxis()
    {
        var chart = Fits.Read(Fits.Example).Draw("loss", History, null)!;
        Assert.True(chart.Y.Logarithmic);
        Assert.Equal([1, 2, 3], Assert.Single(chart.Series).X);
    }

    [Fact]
    public void Density_BeforeTheEnd_IsNotThere() => Assert.Null(Fits.Read(Fits.Example).Draw("density", History, null));

    [Fact]
    public void Density_OfADatasetsColumn_BearsItsName()
    {
        var specification = Fits.Read("""{ "dataset": "d", "columns": ["proline"] }""", """{ "family": "normal" }""", """{ "name": "reverse-kl" }""", more: "\"steps\": 1");
        var result = JsonSerializer.SerializeToUtf8Bytes(Fits.Run(Fits.Read(Fits.Example.Replace("2000", "1", StringComparison.Ordinal))), Fits.Json);
        Assert.Equal("proline", specification.Draw("density", History, result)!.X.Label);
    }

    [Fact]
    public void Density_OnTheLine_HasBothCurves()
    {
        var chart = Draw(Fits.Example.Replace("2000", "5", StringComparison.Ordinal));
        Assert.Equal([("p", SeriesKind.Area), ("q", SeriesKind.Line)], chart.Series.Select(series => (series.Name, series.Kind)));
        Assert.All(chart.Series, series => Assert.Equal(series.X.Count, series.Y.Count));
    }

    [Theory]
    [InlineData("""{ "family": "multivariate-normal", "initial": { "mean": [1, 2], "covariance": [[4, 1], [1, 9]] } }""", 1)]
    [InlineData("""{ "family": "gaussian-mixture", "components": 3 }""", 3)]
    public void Density_InThePlane_HasPointsAndEllipsesAroundEachComponent(string model, int components)
    {
        var chart = Draw($$"""
            { "kind": "density-fit", "target": { "samples": [[0, 1], [1, 2], [2, 1], [4, 7]] }, "model": {{model}},
              "optimizer": { "name": "sgd", "learningRate": 1e-300 }, "steps": 1 }
            """);
        Assert.True(chart.EqualScales);
        Assert.Equal(4, chart.Series[0].X.Count);
        Assert.Equal(["p", "q, 1 sd", "q, 2 sd"], chart.Series.Select(series => series.Name));
        Assert.Equal(components - 1, chart.Series[1].Y.Count(double.IsInfinity));
        if (components > 1) return;
        // The ellipse of one standard deviation reaches sd in every coordinate.
        Assert.Equal(1 + 2, chart.Series[1].X.Max(), 0.01);
        Assert.Equal(2 + 3, chart.Series[1].Y.Max(), 0.01);
        Assert.Equal(2 - 6, chart.Series[2].Y.Min(), 0.02);
    }

    private static Chart Draw(string json)
    {
        var specification = Fits.Read(json);
        var result = JsonSerializer.SerializeToUtf8Bytes(Fits.Run(specification), Fits.Json);
        return specification.Draw("density", History, result)!;
    }
}
