using System.Text.Json;
using KlCore.Charts;

namespace KlCore.Training.DensityFit;

/// <summary>A fit in two dimensions: the target's points, and around each of the model's means the ellipses of one and two standard deviations.</summary>
internal static class EllipseDrawing
{
    private const int Corners = 72;

    public static Chart Draw(JsonElement model, JsonElement points, IReadOnlyList<string>? names)
    {
        var series = new List<Series> { new("p", SeriesKind.Points, Column(points, 0), Column(points, 1)) };
        var mixture = model.TryGetProperty("means", out var means);
        var centres = mixture ? means.EnumerateArray().ToArray() : [model.GetProperty("mean")];
        var covariances = mixture ? model.GetProperty("covariances").EnumerateArray().ToArray() : [model.GetProperty("covariance")];
        series.Add(Ellipses("q, 1 sd", SeriesKind.Line, centres, covariances, 1));
        series.Add(Ellipses("q, 2 sd", SeriesKind.Dashed, centres, covariances, 2));
        return new Chart("Target and model", new Axis(names?[0] ?? "first coordinate"), new Axis(names?[1] ?? "second coordinate"), series)
        {
            // Named columns have units of their own, so that lengths along the two axes say nothing about each other.
            EqualScales = names is null,
            Description = $"Points of the target and the ellipses of the model's {centres.Length} components.",
        };
    }

    // All components are one series: an infinite ordinate breaks the line between them.
    private static Series Ellipses(string name, SeriesKind kind, JsonElement[] means, JsonElement[] covariances, double radius)
    {
        var (x, y) = (new List<double>(), new List<double>());
        for (var k = 0; k < means.Length; k++)
        {
            if (k > 0)
            {
                x.Add(x[^1]);
                y.Add(double.PositiveInfinity);
            }

            AddEllipse(means[k], covariances[k], radius, x, y);
        }

        return new Series(name, kind, x, y);
    }

    // m + r L (cos t, sin t) with C = L Lᵀ.
    private static void AddEllipse(JsonElement mean, JsonElement covariance, double radius, List<double> x, List<double> y)
    {
        var (a, b, c) = (covariance[0][0].GetDouble(), covariance[1][0].GetDouble(), covariance[1][1].GetDouble());
        var l = Math.Sqrt(a);
        var (m, n) = (b / l, Math.Sqrt(Math.Max(0, c - b * b / a)));
        for (var i = 0; i <= Corners; i++)
        {
            var t = 2 * Math.PI * i / Corners;
            x.Add(mean[0].GetDouble() + radius * l * Math.Cos(t));
            y.Add(mean[1].GetDouble() + radius * (m * Math.Cos(t) + n * Math.Sin(t)));
        }
    }

    private static double[] Column(JsonElement points, int index) => [.. points.EnumerateArray().Select(point => point[index].GetDouble())];
}
