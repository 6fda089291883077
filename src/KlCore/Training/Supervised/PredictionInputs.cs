using KlCore.Networks;

namespace KlCore.Training.Supervised;

/// <summary>The rows that a trained network is asked about, scaled as its training scaled them.</summary>
internal static class PredictionInputs
{
    /// <summary>Operations of one request: some seconds.</summary>
    private const double MaximumWork = 1e11;

    private const long MaximumNumbers = 1 << 24;

    /// <summary>Asks a trained dense network.</summary>
    /// <param name="request">The rows.</param>
    /// <param name="layers">The network's layers.</param>
    /// <param name="hasLinearEnd">Whether the last activation was left to the loss.</param>
    /// <param name="source">Where the training read its inputs, if from a dataset; for requests that name one without its columns.</param>
    /// <param name="training">The finished job.</param>
    /// <param name="inputs">Where datasets are read.</param>
    /// <returns>The outputs, row by row, and the metadata of the model.</returns>
    public static (float[][] Outputs, IReadOnlyDictionary<string, string> Metadata) Ask(
        PredictionRequest request, IReadOnlyList<DenseLayer> layers, bool hasLinearEnd, DatasetColumns? source, FinishedTraining training, ITrainingInputs inputs)
    {
        var (file, metadata, scaling) = Open(training);
        return (Answers(Rows(request, scaling.Shift.Length, source, inputs), layers, hasLinearEnd, file, scaling, MaximumWork), metadata);
    }

    /// <summary>Asks a trained dense network about rows that a later training reads.</summary>
    public static (float[][] Outputs, IReadOnlyDictionary<string, string> Metadata) Ask(double[][] rows, IReadOnlyList<DenseLayer> layers, bool hasLinearEnd, FinishedTraining training)
    {
        var (file, metadata, scaling) = Open(training);
        if (rows[0].Length != scaling.Shift.Length)
            throw new InvalidInputException("", $"must take {rows[0].Length} numbers, as the data has for each example; its model takes {scaling.Shift.Length}");
        return (Answers(rows, layers, hasLinearEnd, file, scaling, double.PositiveInfinity), metadata);
    }

    private static (ReadOnlyMemory<byte> File, IReadOnlyDictionary<string, string> Metadata, ColumnScaling Scaling) Open(FinishedTraining training)
    {
        var file = training.Artifact(TrainedNetwork.FileName) ?? throw new NotComputableException("model-gone", "The job's model is not there any more.");
        var metadata = Formats.SafeTensors.ReadMetadata(file);
        return (file, metadata, ColumnScaling.FromJson(metadata["scaling"]));
    }

    private static float[][] Answers(double[][] rows, IReadOnlyList<DenseLayer> layers, bool hasLinearEnd, ReadOnlyMemory<byte> file, ColumnScaling scaling, double most)
    {
        var width = scaling.Shift.Length;
        var work = 2.0 * DenseNetwork.CountParameters(width, layers) * rows.Length;
        if (work > most) throw new TooCostlyException($"The model would take some {work:G2} operations for {rows.Length} rows, and {most:G2} are allowed in one request. Ask for fewer rows at a time.");
        var network = DenseNetwork.Of(width, layers, Math.Clamp(rows.Length, 1, SupervisedRun.JudgedAtOnce), hasLinearEnd);
        network.Load(file);
        var scaled = new FloatBuffer(rows.Length * width);
        for (var i = 0; i < rows.Length; i++) scaling.Apply(rows[i], scaled.Span.Slice(i * width, width));
        var outputs = new float[rows.Length][];
        network.Run(scaled.Rows(rows.Length, width), (from, batch) =>
        {
            for (var i = 0; i < batch.Rows; i++) outputs[from + i] = batch[i].ToArray();
        });
        var far = Array.FindIndex(outputs, row => !Array.TrueForAll(row, float.IsFinite));
        if (far >= 0) throw new NotComputableException("overflow", $"Row {far} is so far from the rows that the model was trained with that its numbers overflow.");
        return outputs;
    }

    /// <summary>The rows of a request, each of the width that the model was trained with.</summary>
    /// <param name="request">Where they are.</param>
    /// <param name="width">How many numbers a row must have.</param>
    /// <param name="source">Where the training read its inputs, if from a dataset.</param>
    /// <param name="inputs">Where datasets are read.</param>
    /// <exception cref="InvalidInputException">There are none, or they have another width.</exception>
    internal static double[][] Rows(PredictionRequest request, int width, DatasetColumns? source, ITrainingInputs inputs)
    {
        var problems = new Problems();
        if (request.Documents is not null) problems.Add("documents", "must not be given: this model takes rows of numbers, in inputs or in a dataset");
        else if (request.Inputs is { } points)
        {
            if (points.Count > 0 && points.Dimension != width) problems.At("inputs").At(0).Add($"must have {width} numbers, as the model was trained with, had {points.Dimension}");
            if (points.Count == 0) problems.Add("inputs", "must have at least 1 row, had none");
            problems.ThrowIfAny();
            return [.. Enumerable.Range(0, points.Count).Select(row => points[row].ToArray())];
        }
        else
        {
            var columns = new DatasetColumns(request.Dataset!, request.Columns ?? source?.Columns) { Excluded = source?.Excluded ?? [], MaximumNumbers = MaximumNumbers };
            var rows = inputs.Rows(columns);
            if (rows.Length > 0 && rows[0].Length == width) return rows;
            if (rows.Length == 0) problems.Add("dataset", "must have at least 1 row, has none");
            else problems.Add(request.Columns is null ? "dataset" : "columns", $"must give {width} numbers a row, as the model was trained with, gives {rows[0].Length}");
        }

        throw new InvalidInputException(problems);
    }
}
