using System.Text.Json;
using KlCore.Charts;

namespace KlCore.Training.Autoencoder;

/// <summary>The pictures of an autoencoder.</summary>
internal static class AutoencoderCharts
{
    private const int MostPixels = 20_000;

    public static Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result) => name switch
    {
        "loss" => Curves("Loss", "nats", history, ("trainingLoss", "training"), ("validationLoss", "validation"), ("validationReconstruction", "validation, reconstruction")),
        "kl" => Curves("KL of the latents to their prior", "nats", history, ("kl", "training"), ("validationKl", "validation")),
        "latents" => result is { } json ? Latents(json) : null,
        "samples" => result is { } json ? Samples(json) : null,
        "reconstructions" => result is { } json ? Reconstructions(json) : null,
        _ => null,
    };

    private static Chart? Curves(string title, string unit, IReadOnlyDictionary<string, MetricHistory> history, params (string Metric, string Name)[] curves)
    {
        var series = curves.Where(curve => history.TryGetValue(curve.Metric, out var values) && values.Values.Count > 0).ToList();
        if (series.Count == 0) return null;
        // All of them are noted at the end of an epoch.
        var all = history[series[0].Metric].Values;
        return new Chart(title, new Axis("epoch"), new Axis(unit), [.. series.Select(curve => new Series(curve.Name, SeriesKind.Line, Epochs(history, curve.Metric), history[curve.Metric].Values))])
        {
            Description = $"{title} over the epochs: {series[0].Name} from {all[0]:G4} to {all[^1]:G4} {unit}.",
        };
    }

    /// <summary>The number of the epoch that ended where the metric was noted.</summary>
    private static double[] Epochs(IReadOnlyDictionary<string, MetricHistory> history, string metric)
    {
        var epochs = history["epoch"];
        var at = epochs.Steps.Zip(epochs.Values).ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. history[metric].Steps.Select(step => at.GetValueOrDefault(step, double.NaN))];
    }

    private static Chart Latents(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var latents = document.RootElement.GetProperty("latents");
        var kl = latents.EnumerateArray().Select(latent => latent.GetProperty("kl").GetDouble()).ToArray();
        double[] edges = [.. Enumerable.Range(0, kl.Length + 1).Select(i => i + 0.5)];
        return new Chart("What each latent tells of a row", new Axis("latents, the most telling first"), new Axis("KL (nats)"), [new Series("", SeriesKind.Bars, edges, kl)])
        {
            Description = $"KL of each of {kl.Length} latents to its prior, from {kl[0]:G4} to {kl[^1]:G4} nats; {document.RootElement.GetProperty("activeUnits").GetInt32()} of them are active.",
        };
    }

    private static Chart? Samples(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var samples = root.GetProperty("samples").EnumerateArray().Select(Numbers).ToList();
        if (samples.Count == 0 || ImageWidth(root) is not { } width) return null;
        samples = [.. samples.Take(Math.Max(1, MostPixels / samples[0].Length))];
        return Picture("Samples", $"{samples.Count} pictures that the decoder makes of latents drawn from their prior.", samples, width, (int)Math.Ceiling(Math.Sqrt(samples.Count)), root);
    }

    private static Chart? Reconstructions(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (ImageWidth(root) is not { } width) return null;
        var pairs = root.GetProperty("reconstructions").EnumerateArray().ToList();
        pairs = [.. pairs.Take(Math.Max(1, MostPixels / 2 / pairs[0].GetProperty("original").GetArrayLength()))];
        var perLine = (pairs.Count + 1) / 2;
        // Two bands of originals, each above what came back of them.
        List<double[]> images = [];
        for (var from = 0; from < pairs.Count; from += perLine)
        {
            var band = pairs.Skip(from).Take(perLine).ToList();
            foreach (var member in (string[])["original", "back"])
            {
                images.AddRange(band.Select(pair => Numbers(pair.GetProperty(member))));
                images.AddRange(Enumerable.Repeat(Array.Empty<double>(), perLine - band.Count));
            }
        }

        return Picture("Originals, and below each what came back of it", $"{pairs.Count} judged rows, each above its reconstruction.", images, width, perLine, root);
    }

    private static Chart Picture(string title, string description, IReadOnlyList<double[]> images, int width, int perLine, JsonElement root)
    {
        var scaling = root.GetProperty("scaling");
        var (shift, scale) = (Numbers(scaling.GetProperty("shift")), Numbers(scaling.GetProperty("scale")));
        var isRange = scaling.GetProperty("name").GetString() == "common-range";
        return new Chart(title, new Axis(""), new Axis(""), [])
        {
            Description = description,
            Cells = new HeatMap(PictureGrid.Of(images, width, perLine)) { IsGrey = true, Minimum = isRange ? shift[0] : null, Maximum = isRange ? shift[0] + scale[0] : null },
        };
    }

    private static int? ImageWidth(JsonElement root) => root.TryGetProperty("imageWidth", out var width) && width.ValueKind == JsonValueKind.Number ? width.GetInt32() : null;

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(element => element.GetDouble())];
}
