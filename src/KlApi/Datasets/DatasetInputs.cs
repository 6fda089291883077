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
        _ = reader.ReadAll(file);
        return rows;
    }

    public DatasetFacts? FindDataset(string id) => Find(id) is { Dataset: var dataset } ? new DatasetFacts(dataset.Rows, dataset.Schema!) : null;

    public bool ReadCells(string id, NumberVisitor numbers, TextVisitor texts)
    {
        if (Find(id) is not { } found || files.Open(found.Dataset.Id) is not { } file) return false;
        using (file) return found.Dataset.Format.Open(found.Header, numbers, texts).ReadAll(file);
    }

    public IReadOnlyList<string> Texts(DatasetText column)
    {
        var problems = new Problems();
        var at = At(column, problems);
        if (Find(column.Dataset) is not { } found || files.Open(found.Dataset.Id) is not { } file)
        {
            at.Add("dataset", Gone);
            throw new InvalidInputException(problems);
        }
        using (file)
        {
            var text = TextColumn.Find(found.Dataset, found.Header, column, limits.Value, at);
            problems.ThrowIfAny();
            var texts = text!.Read(file, at);
            problems.ThrowIfAny();
            return texts;
        }
    }

    public bool AreLines(DatasetText column) => Find(column.Dataset) is { Dataset.Format: DatasetFormat.Text };

    public void CheckTexts(DatasetText column, Problems problems)
    {
        var at = At(column, problems);
        if (Find(column.Dataset) is not { } found || files.Open(found.Dataset.Id) is not { } file)
        {
            at.Add("dataset", Gone);
            return;
        }
        using (file) TextColumn.Find(found.Dataset, found.Header, column, limits.Value, at)?.CheckLength(file, at);
    }

    public LogitsFacts? FindLogits(string name) => baselines.Find(name);

    public IStoredLogits? OpenLogits(string name) => baselines.Open(name);

    private static Problems At(DatasetColumns columns, Problems problems) => columns.Member.Length == 0 ? problems : problems.At(columns.Member);

    private static Problems At(DatasetText column, Problems problems) => column.Member.Length == 0 ? problems : problems.At(column.Member);

    private static InvalidInputException Missing(DatasetColumns columns)
    {
        var problems = new Problems();
        At(columns, problems).Add("dataset", Gone);
        return new InvalidInputException(problems);
    }

    // The core is synchronous; a read of the database does not wait for anything but its start.
    private (Dataset Dataset, bool? Header)? Find(string id) => table.Find(id).GetAwaiter().GetResult();

    /// <summary>The indices of the columns; adds what keeps them from being read.</summary>
    private List<int> Select(Dataset dataset, DatasetColumns columns, Problems problems)
    {
        var schema = dataset.Schema!;
        var selected = new List<int>();
        if (columns.Columns is null)
        {
            selected.AddRange(Enumerable.Range(0, schema.Count).Where(i => schema[i].Type == ColumnType.Number && !columns.Excluded.Contains(schema[i].Name)));
            if (selected.Count == 0) problems.Add("dataset", columns.Excluded.Count == 0 ? "must have a column of numbers, it has none" : "must have a column of numbers beside those with another purpose, it has none");
            foreach (var column in selected.Where(i => schema[i].Missing > 0)) problems.Add("dataset", $"must have a number in every row of its columns of numbers, has {Lacking(schema[column])}; name the columns to read");
        }
        else
        {
            var named = problems.At(columns.Field ?? (columns.IsSingle ? "column" : "columns"));
            if (columns.Columns.Count == 0) named.Add("must name at least one column");
            for (var i = 0; i < columns.Columns.Count; i++) SelectOne(columns.Columns[i], schema, selected, columns.IsSingle ? named : named.At(i));
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
        if (index < 0) problems.Add($"must be a column of the dataset, which has {ColumnNames.List(schema)}");
        else if (schema[index].Type != ColumnType.Number)
            problems.Add($"must be a column of numbers, it holds text; of numbers are {ColumnNames.List(schema.Where(column => column.Type == ColumnType.Number))}");
        else if (schema[index].Missing > 0) problems.Add($"must have a number in every row, has {Lacking(schema[index])}");
        else if (selected.Contains(index)) problems.Add("must differ from the columns before it");
        else selected.Add(index);
    }

    private static string Lacking(TableColumn column) => $"{column.Missing} cells without a finite number in column '{ColumnNames.Short(column.Name)}'";
}
