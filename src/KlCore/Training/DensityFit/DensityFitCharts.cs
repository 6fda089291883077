using System.Text.Json;
using KlCore.Charts;

namespace KlCore.Training.DensityFit;

/// <summary>The pictures of a density fit.</summary>
internal static class DensityFitCharts
{
    /// <summary>The loss over the steps; on a logarithmic axis where it falls to less than a tenth.</summary>
    public static Chart? Loss(IReadOnlyDictionary<string, MetricHistory> history)
    {
        if (!history.TryGetValue("loss", out var loss) || loss.Values.Count == 0) return null;
        var (smallest, largest) = (loss.Values.Min(), loss.Values.Max());
        double[] steps = [.. loss.Steps.Select(step => (double)step)];
        return new Chart("Loss", new Axis("step"), new Axis("loss (nats)", smallest > 0 && largest > 10 * smallest), [new Series("loss", SeriesKind.Line, steps, loss.Values)])
        {
            Description = $"The loss over {loss.Steps[^1]} steps, from {loss.Values[0]:G4} to {loss.Values[^1]:G4} nats.",
        };
    }

    /// <summary>The densities of target and model; in two dimensions points of the target under ellipses of the model.</summary>
    public static Chart? Density(ReadOnlyMemory<byte>? result, IReadOnlyList<string>? names)
    {
        if (result is not { } json) return null;
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return root.TryGetProperty("points", out var points) ? EllipseDrawing.Draw(root.GetProperty("model"), points, names) : Curves(root, names);
    }

    /// <summary>The picture of <see cref="Density"/>, target and model apart.</summary>
    public static Overlay Overlay(ReadOnlyMemory<byte> result, IReadOnlyList<string>? names)
    {
        var chart = Density(result, names)!;
        return new Overlay(chart with { Series = [chart.Series[0]], Description = chart.Title }, [.. chart.Series.Skip(1)]);
    }

    private static Chart Curves(JsonElement root, IReadOnlyList<string>? names)
    {
        var curves = root.GetProperty("curves");
        var (x, p, q) = (Numbers(curves.GetProperty("x")), Numbers(curves.GetProperty("p")), Numbers(curves.GetProperty("q")));
        return new Chart("Target and model", new Axis(names?[0] ?? "x"), new Axis("density"), [new Series("p", SeriesKind.Area, x, p), new Series("q", SeriesKind.Line, x, q)])
        {
            Description = root.GetProperty("advice").GetString()!,
        };
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(element => element.GetDouble())];
}
