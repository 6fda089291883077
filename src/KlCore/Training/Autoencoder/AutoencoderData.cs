using System.Text.Json.Serialization;

namespace KlCore.Training.Autoencoder;

/// <summary>The rows to learn from: numbers as they are, <c>{ "rows": [[…], …] }</c>, or columns of a stored dataset, <c>{ "dataset": "id", "columns": ["…"] }</c>.</summary>
public sealed record AutoencoderData : IChecked
{
    /// <summary>The most rows, and the most numbers, that one training keeps in memory.</summary>
    internal const long MaximumRows = 1_000_000, MaximumNumbers = 1L << 26;

    /// <summary>The rows themselves.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[][]? Rows { get; init; }

    /// <summary>The dataset's id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Dataset { get; init; }

    /// <summary>The columns that make a row, by name; all numeric ones if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Columns { get; init; }

    /// <summary>Columns to leave out of all numeric ones, for example a label; where <c>columns</c> are not named.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Exclude { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        if (Exclude is not null && (Dataset is null || Columns is not null)) problems.Add("exclude", "must be given with a dataset, and not beside columns");
        if (Rows is null == Dataset is null) problems.Add(Rows is null ? "must have rows or dataset" : "must have one of rows and dataset, had both");
        if (Dataset is { Length: 0 }) problems.Add("dataset", "must be the id of a dataset, was empty");
        if (Columns is not null && Dataset is null) problems.Add("columns", "must be given with a dataset only");
        if (Columns is { Length: 0 }) problems.Add("columns", "must name at least 1 column, named none");
        if (Columns is not null && Columns.Distinct().Count() < Columns.Length) problems.Add("columns", "must name each column once");
        if (Rows is not null) CheckRows(Rows, problems.At("rows"));
    }

    /// <summary>How many numbers a row has, or null while that is not known.</summary>
    internal int? Width() => Rows is { Length: > 0 } ? Rows[0].Length : Columns?.Length;

    internal DatasetColumns? Source() => Dataset is null ? null : new(Dataset, Columns) { Member = "data", Excluded = Exclude ?? [], MaximumRows = MaximumRows, MaximumNumbers = MaximumNumbers };

    /// <summary>The rows, wherever they are.</summary>
    /// <exception cref="InvalidInputException">The dataset is gone, or has too few rows.</exception>
    internal double[][] Read(ITrainingInputs inputs)
    {
        var rows = Rows ?? inputs.Rows(Source()!);
        var problems = new Problems();
        if (Rows is null) CheckRows(rows, problems.At("data"));
        problems.ThrowIfAny();
        return rows;
    }

    private static void CheckRows(double[][] rows, Problems problems)
    {
        if (rows.Length is < 2 or > (int)MaximumRows) problems.Add($"must have at least 2 and at most {MaximumRows} rows, had {rows.Length}");
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Length != rows[0].Length) problems.At(i).Add($"must have {rows[0].Length} numbers like the first row, had {rows[i].Length}");
            else if (rows[i].Length == 0) problems.At(i).Add("must have at least 1 number, had none");
            for (var j = 0; j < rows[i].Length; j++)
                if (!(Math.Abs(rows[i][j]) <= 1e30)) problems.At(i).At(j).Add($"must be finite and at most 1e30 in size, was {rows[i][j]:R}");
        }
    }
}
