using System.Buffers;
using KlApi.Host;
using KlApi.Storage.Logits;
using KlCore;
using KlCore.Formats;
using KlCore.Training;
using Microsoft.Extensions.Options;

namespace KlApi.Datasets;

/// <summary>Gives jobs what their specifications name: columns of datasets, and baselines.</summary>
internal sealed class DatasetInputs(DatasetTable table, DatasetFiles files, BaselineInputs baselines, IOptions<Limits> limits) : ITrainingInputs
{
    private const int PieceLength = 128 << 10;
    private const string Gone = "must be the id of a dataset, there is none with this id";

    public void Check(DatasetColumns columns, Problems problems)
    {
        var at = At(columns, problems);
        if (Find(columns.Dataset) is { } found) _ = Select(found.Dataset, columns, at);
        else at.Add("dataset", Gone);
    }

    public double[][] Rows(DatasetColumns columns)
    {
        if (Find(columns.Dataset) is not { } found) throw Missing(columns);
        var problems = new Problems();
        var selected = Select(found.Dataset, columns, At(columns, problems));
        problems.ThrowIfAny();

        // Where in a row of the result each column of the file goes; -1 for those that were not asked for.
        var places = new int[found.Dataset.Columns];
        Array.Fill(places, -1);
        for (var i = 0; i < selected.Count; i++) places[selected[i]] = i;
        var rows = new double[found.Dataset.Rows][];
        for (var i = 0; i < rows.Length; i++) rows[i] = new double[selected.Count];
        var reader = found.Dataset.Format.Open(found.Header, (row, column, value) =>
        {
            if (places[column] >= 0) rows[row][places[column]] = value;
        });
        using var file = files.Open(found.Dataset.Id) ?? throw Missing(columns);
        Read(file, reader);
        return rows;
    }

    public LogitsFacts? FindLogits(string name) => baselines.Find(name);

    public IStoredLogits? OpenLogits(string name) => baselines.Open(name);

    private static Problems At(DatasetColumns columns, Problems problems) => columns.Member.Length == 0 ? problems : problems.At(columns.Member);

    private static InvalidInputException Missing(DatasetColumns columns)
    {
        var problems = new Problems();
        At(columns, problems).Add("dataset", Gone);
        return new InvalidInputException(problems);
    }

    // The core is synchronous; a read of the database does not wait for anything but its start.
    private (Dataset Dataset, bool? Header)? Find(string id) => table.Find(id).GetAwaiter().GetResult();

    private static void Read(FileStream file, TableReader reader)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            while (file.Read(piece) is var length and > 0) reader.Append(piece.AsSpan(0, length));
            reader.Complete();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>The indices of the columns; adds what keeps them from being read.</summary>
    private List<int> Select(Dataset dataset, DatasetColumns columns, Problems problems)
    {
        var schema = dataset.Schema!;
        var selected = new List<int>();
        if (columns.Columns is null)
        {
            selected.AddRange(Enumerable.Range(0, schema.Count).Where(i => schema[i].Type == ColumnType.Number));
            if (selected.Count == 0) problems.Add("dataset", "must have a column of numbers, it has none");
            foreach (var column in selected.Where(i => schema[i].Missing > 0)) problems.Add("dataset", $"must have a number in every row of its columns of numbers, has {Lacking(schema[column])}; name the columns to read");
        }
        else
        {
            if (columns.Columns.Count == 0) problems.Add("columns", "must name at least one column");
            for (var i = 0; i < columns.Columns.Count; i++) SelectOne(columns.Columns[i], schema, selected, columns.IsSingle ? problems.At("column") : problems.At("columns").At(i));
        }
        if (problems.Any) return selected;
        if (dataset.Rows > columns.MaximumRows) problems.Add("dataset", $"must have at most {columns.MaximumRows} rows, has {dataset.Rows}");
        var most = Math.Min(columns.MaximumNumbers, limits.Value.DatasetNumbers);
        if (dataset.Rows * selected.Count > most)
            problems.Add("dataset", $"must have at most {most} numbers in the columns that are read, has {dataset.Rows * selected.Count}");
        return selected;
    }

    private static void SelectOne(string name, IReadOnlyList<TableColumn> schema, List<int> selected, Problems problems)
    {
        var index = Enumerable.Range(0, schema.Count).FirstOrDefault(i => schema[i].Name == name, -1);
        if (index < 0) problems.Add($"must be a column of the dataset, which has {Names(schema)}");
        else if (schema[index].Type != ColumnType.Number)
            problems.Add($"must be a column of numbers, it holds text; of numbers are {Names(schema.Where(column => column.Type == ColumnType.Number))}");
        else if (schema[index].Missing > 0) problems.Add($"must have a number in every row, has {Lacking(schema[index])}");
        else if (selected.Contains(index)) problems.Add("must differ from the columns before it");
        else selected.Add(index);
    }

    private static string Lacking(TableColumn column) => $"{column.Missing} cells without a finite number in column '{Short(column.Name)}'";

    private static string Names(IEnumerable<TableColumn> columns)
    {
        const int shown = 20;
        var names = columns.Select(column => $"'{Short(column.Name)}'").Take(shown + 1).ToList();
        if (names.Count == 0) return "none";
        return names.Count > shown ? $"{string.Join(", ", names.Take(shown))}, …" : string.Join(", ", names);
    }

    private static string Short(string name) => name.Length <= 60 ? name : string.Concat(name.AsSpan(0, 60), "…");
}
