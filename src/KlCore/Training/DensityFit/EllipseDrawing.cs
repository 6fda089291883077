using System.Text.Json;
using KlCore.Charts;

namespace KlCore.Training.DensityFit;

/// <summary>A fit in two dimensions: the target's points, and around each of the model's means the ellipses of one and two standard deviations.</summary>
internal static class EllipseDrawing
{
    private const int Corners = 72;

    public static Chart Draw(JsonElement model, JsonElement points)
    {
        var series = new List<Series> { new("p", SeriesKind.Points, Column(points, 0), Column(points, 1)) };
        var mixture = model.TryGetProperty("means", out var means);
        var centres = mixture ? means.EnumerateArray().ToArray() : [model.GetProperty("mean")];
        var covariances = mixture ? model.GetProperty("covariances").EnumerateArray().ToArray() : [model.GetProperty("covariance")];
        for (var k = 0; k < centres.Length; k++)
        {
            series.Add(Ellipse(k == 0 ? "q, 1 sd" : "", SeriesKind.Line, centres[k], covariances[k], 1));
            series.Add(Ellipse(k == 0 ? "q, 2 sd" : "", SeriesKind.Dashed, centres[k], covariances[k], 2));
        }

        return new Chart("Target and model", new Axis("first coordinate"), new Axis("second coordinate"), series)
        {
            EqualScales = true,
            Description = $"Points of the target and the ellipses of the model's {centres.Length} components.",
        };
    }

    // m + r L (cos t, sin t) with C = L Lᵀ.
    private static Series Ellipse(string name, SeriesKind kind, JsonElement mean, JsonElement covariance, double radius)
    {
        var (a, b, c) = (covariance[0][0].GetDouble(), covariance[1][0].GetDouble(), covariance[1][1].GetDouble());
        var l = Math.Sqrt(a);
        var (m, n) = (b / l, Math.Sqrt(Math.Max(0, c - b * b / a)));
        var angles = Enumerable.Range(0, Corners + 1).Select(i => 2 * Math.PI * i / Corners).ToArray();
        return new Series(name, kind,
            [.. angles.Select(t => mean[0].GetDouble() + radius * l * Math.Cos(t))],
            [.. angles.Select(t => mean[1].GetDouble() + radius * (m * Math.Cos(t) + n * Math.Sin(t)))]);
    }

    private static double[] Column(JsonElement points, int index) => [.. points.EnumerateArray().Select(point => point[index].GetDouble())];
}
