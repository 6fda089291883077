using System.Globalization;
using System.Text.Json;
using KlCore.Formats;
using KlCore.Numerics;
using KlCore.Tests.Training.DensityFit;
using KlCore.Training;

namespace KlCore.Tests.Training.Supervised;

/// <summary>Three classes of points around three centres, as a dataset, and runs on it.</summary>
internal sealed class Blobs : ITrainingInputs
{
    private static readonly string[] Features = ["x", "y", "z"];

    public const string Layers = """[ { "units": 16, "activation": "relu", "dropout": 0.1 }, { "units": 3, "activation": "softmax" } ]""";

    private readonly double[][] _rows;
    private readonly int[] _labels;

    public Blobs(int count = 120, double spread = 0.6, bool areNames = false)
    {
        var stream = new RandomStream(11, 0, "blobs");
        double[][] centres = [[0, 0, 5], [3, 0, 5], [0, 3, 5]];
        _labels = [.. Enumerable.Range(0, count).Select(i => i % 3)];
        _rows = [.. _labels.Select(label => centres[label].Select(x => 100 + x + spread * stream.NextNormal()).ToArray())];
        Names = areNames ? ["cat", "dog", "owl"] : ["0", "1", "2"];
    }

    public IReadOnlyList<string> Names { get; }

    public static string Job(string more = "\"epochs\": 12", string layers = Layers, string data = """{ "dataset": "blobs", "label": "label" }""") =>
        $$"""{ "kind": "classifier", "seed": 3, "data": {{data}}, "layers": {{layers}}, "optimizer": { "name": "adam", "learningRate": 0.02 }, "batchSize": 10, {{more}} }""";

    public double[][] Rows(DatasetColumns columns) => columns.Columns is ["label"] ? [.. _labels.Select(label => new double[] { label })] : _rows;

    public DatasetFacts? FindDataset(string id) => new(_rows.Length,
        [.. Features.Select(name => new TableColumn(name, ColumnType.Number, 0)), new TableColumn("label", Names[0] == "0" ? ColumnType.Number : ColumnType.Text, 0)]);

    public IReadOnlyList<string> Texts(DatasetText column) => [.. _labels.Select(label => Names[label])];

    public TrainingRun Start(string json) => Fits.Read(json).Start(this);

    public static TrainingOutcome Finish(TrainingRun run)
    {
        while (!run.IsComplete) run.Step();
        return run.Finish();
    }

    public T Run<T>(string json) => (T)Finish(Start(json)).Result;

    /// <summary>The result as JSON and all files.</summary>
    public static string Everything(TrainingRun run)
    {
        var outcome = Finish(run);
        var files = outcome.Artifacts.Select(artifact => $"{artifact.Name}: {Convert.ToHexString(artifact.Content.Span)}");
        return string.Join('\n', [JsonSerializer.Serialize(outcome.Result, outcome.Result.GetType(), Fits.Json), .. files]);
    }

    /// <summary>The rows and labels as they would stand in a request.</summary>
    public string Inline(int count) => string.Create(CultureInfo.InvariantCulture,
        $$"""{ "inputs": {{JsonSerializer.Serialize(_rows[..count])}}, "labels": {{JsonSerializer.Serialize(_labels[..count])}} }""");
}
