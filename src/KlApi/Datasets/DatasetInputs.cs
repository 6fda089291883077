using System.Buffers;
using KlApi.Host;
using KlCore;
using KlCore.Formats;
using KlCore.Training;
using Microsoft.Extensions.Options;

namespace KlApi.Datasets;

/// <summary>Gives jobs the columns of datasets that their specifications name.</summary>
internal sealed class DatasetInputs(DatasetTable table, DatasetFiles files, IOptions<Limits> limits) : ITrainingInputs
{
    private const int PieceLength = 128 << 10;

    public void Check(DatasetColumns columns, Problems problems)
    {
        var at = columns.Member.Length == 0 ? problems : problems.At(columns.Member);
        if (Find(columns.Dataset) is not { } found) at.Add("dataset", "must be the id of a dataset, there is none with this id");
        else _ = Select(found.Dataset, columns, at);
    }

    public double[][] Rows(DatasetColumns columns)
    {
        var problems = new Problems();
        if (Find(columns.Dataset) is not { } found) throw Gone();
        var selected = Select(found.Dataset, columns, problems);
        problems.ThrowIfAny();

        // Where in a row of the result each column of the file goes; -1 for those that were not asked for.
        var places = new int[found.Dataset.Columns];
        Array.Fill(places, -1);
        for (var i = 0; i < selected.Count; i++) places[selected[i]] = i;
        var rows = new double[found.Dataset.Rows][];
        for (var i = 0; i < rows.Length; i++) rows[i] = new double[selected.Count];
        Read(found.Dataset, found.Dataset.Format.Open(found.Header, (row, column, value) =>
        {
            if (places[column] >= 0) rows[row][places[column]] = value;
        }));
        return rows;
    }

    private static InvalidInputException Gone() => new("dataset", "must be the id of a dataset, there is none with this id (any more)");

    // The core is synchronous; a read of the database does not wait for anything but its start.
    private (Dataset Dataset, bool? Header)? Find(string id) => table.Find(id).GetAwaiter().GetResult();

    private void Read(Dataset dataset, TableReader reader)
    {
        using var file = files.Open(dataset.Id) ?? throw Gone();
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
            foreach (var column in selected.Where(i => schema[i].Missing > 0)) problems.Add("dataset", $"has {Missing(schema[column])}; name the columns to read");
        }
        else
        {
            if (columns.Columns.Count == 0) problems.Add("columns", "must name at least one column");
            for (var i = 0; i < columns.Columns.Count; i++) SelectOne(columns.Columns[i], schema, selected, problems.At("columns").At(i));
        }
        if (!problems.Any && dataset.Rows * selected.Count > limits.Value.DatasetNumbers)
            problems.Add("dataset", $"must have at most {limits.Value.DatasetNumbers} numbers in the columns that are read, has {dataset.Rows * selected.Count}");
        return selected;
    }

    private static void SelectOne(string name, IReadOnlyList<TableColumn> schema, List<int> selected, Problems problems)
    {
        var index = Enumerable.Range(0, schema.Count).FirstOrDefault(i => schema[i].Name == name, -1);
        if (index < 0) problems.Add($"must be a column of the dataset, which has {Names(schema)}");
        else if (schema[index].Type != ColumnType.Number)
            problems.Add($"must be a column of numbers, it holds text; of numbers are {Names(schema.Where(column => column.Type == ColumnType.Number))}");
        else if (schema[index].Missing > 0) problems.Add($"must have a number in every row, has {Missing(schema[index])}");
        else if (selected.Contains(index)) problems.Add("must differ from the columns before it");
        else selected.Add(index);
    }

    private static string Missing(TableColumn column) => $"{column.Missing} cells without a finite number in column '{Short(column.Name)}'";

    private static string Names(IEnumerable<TableColumn> columns)
    {
        const int shown = 20;
        var names = columns.Select(column => $"'{Short(column.Name)}'").Take(shown + 1).ToList();
        if (names.Count == 0) return "none";
        return names.Count > shown ? $"{string.Join(", ", names.Take(shown))}, …" : string.Join(", ", names);
    }

    private static string Short(string name) => name.Length <= 60 ? name : string.Concat(name.AsSpan(0, 60), "…");
}
