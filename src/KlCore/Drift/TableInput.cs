using System.Text.Json.Serialization;
using KlCore.Formats;
using KlCore.Training;

namespace KlCore.Drift;

/// <summary>
/// A table as a request gives it: a stored dataset (<c>{"dataset": "id"}</c>), its columns (<c>{"columns": {"age": [31, null, 52]}}</c>), or its rows
/// (<c>{"rows": [{"age": 31}, {"age": null}]}</c>). Cells are numbers, texts, true and false (1 and 0), or null for what is missing.
/// </summary>
[JsonConverter(typeof(ShapeConverter<TableInput>))]
[Shape("dataset", typeof(StoredTable))]
[Shape("columns", typeof(InlineColumns))]
[Shape("rows", typeof(InlineRows))]
public abstract record TableInput : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems)
    {
    }

    /// <summary>The columns.</summary>
    /// <param name="inputs">Where datasets are.</param>
    /// <param name="mostCells">How many cells of a dataset are read at most.</param>
    /// <param name="problems">Seen from the table.</param>
    public abstract IReadOnlyList<ColumnSample> Read(ITrainingInputs inputs, long mostCells, Problems problems);
}

/// <summary>A stored dataset.</summary>
public sealed record StoredTable : TableInput
{
    /// <summary>The dataset's id.</summary>
    public required string Dataset { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnSample> Read(ITrainingInputs inputs, long mostCells, Problems problems)
    {
        if (inputs.FindDataset(Dataset) is not { } facts)
        {
            problems.Add("dataset", "must be the id of a dataset, there is none with this id");
            return [];
        }

        if (facts.Rows * facts.Columns.Count > mostCells)
        {
            problems.Add("dataset", $"must have at most {mostCells} cells, has {facts.Rows * facts.Columns.Count}");
            return [];
        }

        var table = new TableColumns(facts.Columns);
        if (!inputs.ReadCells(Dataset, (_, column, value) => table.Number(column, value), (_, column, utf8) => table.Text(column, utf8))) problems.Add("dataset", "must be the id of a dataset, it was deleted meanwhile");
        return table.Samples;
    }
}

/// <summary>Columns by name, all of one length.</summary>
public sealed record InlineColumns : TableInput
{
    /// <summary>The cells of each column, in the order of the rows.</summary>
    public required ColumnCells Columns { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems) => Columns.Check(problems.At("columns"));

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnSample> Read(ITrainingInputs inputs, long mostCells, Problems problems) => Columns.Samples;
}

/// <summary>Rows of named cells; a name that a row lacks is missing there.</summary>
public sealed record InlineRows : TableInput
{
    /// <summary>The rows.</summary>
    public required RowCells Rows { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        if (Rows.Samples.Count == 0) problems.Add("rows", "must have at least one row with a cell, had none");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnSample> Read(ITrainingInputs inputs, long mostCells, Problems problems) => Rows.Samples;
}

/// <summary>A table of bytes as it is read: sees its cells and keeps its columns.</summary>
public sealed class TableColumns(IReadOnlyList<TableColumn> columns)
{
    /// <summary>The columns so far.</summary>
    public IReadOnlyList<ColumnSample> Samples { get; } = [.. columns.Select(column => new ColumnSample(column.Name))];

    /// <summary>Takes a cell of a column of numbers.</summary>
    public void Number(int column, double value)
    {
        if (columns[column].Type == ColumnType.Number) Samples[column].Add(value);
    }

    /// <summary>Takes a cell of a column of texts.</summary>
    public void Text(int column, ReadOnlySpan<byte> utf8)
    {
        if (columns[column].Type != ColumnType.Text) return;
        if (utf8.Trim(" \t"u8).IsEmpty) Samples[column].AddMissing();
        else Samples[column].Add(System.Text.Encoding.UTF8.GetString(utf8));
    }
}
