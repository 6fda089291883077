using System.Text.Json;
using KlCore.Charts;

namespace KlCore.Training.Classifier;

/// <summary>The pictures of a classifier's result.</summary>
internal static class ClassifierCharts
{
    /// <summary>How many examples of each class were taken for each.</summary>
    public static Chart? Confusion(ReadOnlyMemory<byte>? result)
    {
        if (result is not { } json) return null;
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        string[] names = [.. root.GetProperty("classes").EnumerateArray().Select(name => name.ToString())];
        double[][] counts = [.. root.GetProperty("confusionMatrix").EnumerateArray().Select(Numbers)];
        return new Chart("Confusion", new Axis("predicted class"), new Axis("actual class"), [])
        {
            Description = $"How many examples of each class were taken for each; {Percent(root.GetProperty("accuracy").GetDouble())} are on the diagonal, which is right.",
            Cells = new HeatMap(counts) { RowNames = names, ColumnNames = names, ShowsNumbers = true, Minimum = 0, Maximum = Math.Max(1, counts.Max(row => row.Max())) },
        };
    }

    /// <summary>How often the likeliest class is right, against its probability; on the diagonal probabilities mean what they say.</summary>
    public static Chart? Calibration(ReadOnlyMemory<byte>? result)
    {
        if (result is not { } json) return null;
        using var document = JsonDocument.Parse(json);
        var calibration = document.RootElement.GetProperty("calibration");
        JsonElement[] bins = [.. calibration.GetProperty("bins").EnumerateArray()];
        double[] Of(string name) => [.. bins.Select(bin => bin.GetProperty(name).GetDouble())];
        return new Chart("Calibration", new Axis("probability of the likeliest class"), new Axis("share that is right"),
            [new Series("the network", SeriesKind.Points, Of("confidence"), Of("accuracy")), new Series("perfect", SeriesKind.Dashed, [0, 1], [0, 1])])
        {
            EqualScales = true,
            Description = $"How often the likeliest class is right, by its probability; the expected calibration error is {calibration.GetProperty("expectedCalibrationError").GetDouble():G3}.",
        };
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(element => element.GetDouble())];

    private static string Percent(double share) => $"{100 * share:0.0} %";
}
