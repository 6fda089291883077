using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Drift;

/// <summary>Columns as a JSON object of arrays.</summary>
[JsonConverter(typeof(ColumnCellsConverter))]
public sealed class ColumnCells
{
    internal ColumnCells(IReadOnlyList<ColumnSample> samples) => Samples = samples;

    /// <summary>The columns.</summary>
    public IReadOnlyList<ColumnSample> Samples { get; }

    /// <summary>Adds a problem where there is no cell, and for columns of other lengths than the first.</summary>
    public void Check(Problems problems)
    {
        if (Samples.Count == 0 || Samples[0].Rows == 0) problems.Add("must have at least one column with at least one cell");
        foreach (var column in Samples)
            if (column.Rows != Samples[0].Rows) problems.Add(column.Name, $"must have {Samples[0].Rows} cells like the first column, had {column.Rows}");
    }
}

/// <summary>Rows as a JSON array of objects.</summary>
[JsonConverter(typeof(RowCellsConverter))]
public sealed class RowCells
{
    internal RowCells(IReadOnlyList<ColumnSample> samples) => Samples = samples;

    /// <summary>The columns.</summary>
    public IReadOnlyList<ColumnSample> Samples { get; }
}

/// <summary>Reads one cell.</summary>
internal static class CellReading
{
    private const int MostColumns = 10_000;

    /// <summary>Adds the value on which the reader stands.</summary>
    public static void Add(ref Utf8JsonReader reader, ColumnSample column, JsonSerializerOptions options, string path)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null: column.AddMissing(); break;
            case JsonTokenType.True: column.Add(1); break;
            case JsonTokenType.False: column.Add(0); break;
            case JsonTokenType.String: column.Add(Text(ref reader, path)); break;
            case JsonTokenType.Number: column.Add(Number(ref reader, options, path)); break;
            default: throw new JsonException("must be a number, a text, true, false or null", path, null, null);
        }
    }

    /// <summary>Refuses more columns than a table may have.</summary>
    public static void RequireRoom(int columns)
    {
        if (columns >= MostColumns) throw new JsonException($"must have at most {MostColumns} columns", "$", null, null);
    }

    /// <summary>A text or a name, whole.</summary>
    public static string Text(ref Utf8JsonReader reader, string path)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new JsonException("must be text of whole characters, has half of a surrogate pair or bytes that are no UTF-8", path, null, null);
        }
    }

    private static double Number(ref Utf8JsonReader reader, JsonSerializerOptions options, string path)
    {
        try
        {
            return ((JsonConverter<double>)options.GetConverter(typeof(double))).Read(ref reader, typeof(double), options);
        }
        catch (JsonException failure)
        {
            throw new JsonException(failure.Message, path, null, null);
        }
    }
}

/// <summary>Reads <see cref="ColumnCells"/>.</summary>
internal sealed class ColumnCellsConverter : JsonConverter<ColumnCells>
{
    /// <inheritdoc/>
    public override ColumnCells Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("must be an object of arrays of cells, one for each column");
        var (samples, names) = (new List<ColumnSample>(), new HashSet<string>());
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            CellReading.RequireRoom(samples.Count);
            var name = CellReading.Text(ref reader, "$");
            var path = $"$['{name}']";
            if (!names.Add(name)) throw new JsonException("must be given once, but occurs more than once", path, null, null);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("must be an array of cells", path, null, null);
            var column = new ColumnSample(name);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) CellReading.Add(ref reader, column, options, path);
            samples.Add(column);
        }

        return new ColumnCells(samples);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ColumnCells value, JsonSerializerOptions options) => throw new NotSupportedException("Cells are not kept.");
}

/// <summary>Reads <see cref="RowCells"/>.</summary>
internal sealed class RowCellsConverter : JsonConverter<RowCells>
{
    /// <inheritdoc/>
    public override RowCells Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("must be an array of rows");
        var (samples, columns) = (new List<ColumnSample>(), new Dictionary<string, ColumnSample>());
        var rows = 0L;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; rows++)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("must be an object of cells", $"$[{rows}]", null, null);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject) Cell(ref reader, rows, samples, columns, options);
        }

        foreach (var column in samples) Fill(column, rows);
        return new RowCells(samples);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RowCells value, JsonSerializerOptions options) => throw new NotSupportedException("Cells are not kept.");

    private static void Cell(ref Utf8JsonReader reader, long row, List<ColumnSample> samples, Dictionary<string, ColumnSample> columns, JsonSerializerOptions options)
    {
        var name = CellReading.Text(ref reader, $"$[{row}]");
        if (!columns.TryGetValue(name, out var column))
        {
            CellReading.RequireRoom(samples.Count);
            columns.Add(name, column = new ColumnSample(name));
            samples.Add(column);
        }

        var path = $"$[{row}]['{name}']";
        if (column.Rows > row) throw new JsonException("must be given once, but occurs more than once", path, null, null);
        Fill(column, row);
        reader.Read();
        CellReading.Add(ref reader, column, options, path);
    }

    private static void Fill(ColumnSample column, long rows) => column.AddMissing(rows - column.Rows);
}
