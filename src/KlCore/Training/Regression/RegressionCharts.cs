using System.Text.Json;
using KlCore.Charts;

namespace KlCore.Training.Regression;

/// <summary>The pictures of a regression's result.</summary>
internal static class RegressionCharts
{
    /// <summary>What was foretold against what is; on the diagonal both agree.</summary>
    public static Chart? Predictions(ReadOnlyMemory<byte>? result)
    {
        if (result is not { } json) return null;
        var (actual, predicted, name) = Read(json);
        double[] ends = [actual.Concat(predicted).Min(), actual.Concat(predicted).Max()];
        return new Chart("Predictions", new Axis($"{name}, actual"), new Axis($"{name}, predicted"), [new Series("examples", SeriesKind.Points, actual, predicted), new Series("perfect", SeriesKind.Dashed, ends, ends)])
        {
            EqualScales = true,
            Description = $"What was foretold of {name} against what it is, for {actual.Length} examples.",
        };
    }

    /// <summary>How far off each answer is, against the answer.</summary>
    public static Chart? Residuals(ReadOnlyMemory<byte>? result)
    {
        if (result is not { } json) return null;
        var (actual, predicted, name) = Read(json);
        double[] residuals = [.. actual.Zip(predicted, (t, y) => t - y)];
        return new Chart("Residuals", new Axis($"{name}, predicted"), new Axis("actual less predicted"),
            [new Series("examples", SeriesKind.Points, predicted, residuals), new Series("perfect", SeriesKind.Dashed, [predicted.Min(), predicted.Max()], [0, 0])])
        {
            Description = $"How far off the answers for {name} are, for {actual.Length} examples: from {residuals.Min():G3} to {residuals.Max():G3}.",
        };
    }

    private static (double[] Actual, double[] Predicted, string Name) Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var points = root.GetProperty("points");
        var name = root.GetProperty("targets")[0].GetProperty("name").GetString()!;
        return (Numbers(points.GetProperty("actual")), Numbers(points.GetProperty("predicted")), name.All(char.IsAsciiDigit) ? $"target {name}" : name);
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(element => element.GetDouble())];
}
