using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Networks.Explicit;

/// <summary>
/// What goes into a network, or what should come out: rows of numbers, <c>[[1, 0], [0, 1]]</c>, one for each example. Plain numbers, <c>[1, 0]</c>, are a
/// single row of inputs; of targets what <see cref="Targets"/> says.
/// </summary>
[JsonConverter(typeof(BatchRowsConverter))]
public sealed class BatchRows
{
    /// <summary>Plain numbers.</summary>
    public BatchRows(double[] numbers) => (Rows, IsPlain) = ([numbers], true);

    /// <summary>Rows.</summary>
    public BatchRows(double[][] rows) => Rows = rows;

    /// <summary>The rows; plain numbers are one.</summary>
    public double[][] Rows { get; }

    /// <summary>Whether they were given as plain numbers.</summary>
    public bool IsPlain { get; }

    /// <summary>Where problems of a row go, seen from the rows.</summary>
    internal Problems At(Problems problems, int row) => IsPlain ? problems : problems.At(row);
}

/// <summary>Numbers or rows of numbers, never both.</summary>
internal sealed class BatchRowsConverter : JsonConverter<BatchRows>
{
    /// <inheritdoc/>
    public override BatchRows Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("must be an array of rows of numbers, or a single row");
        var ahead = reader;
        if (!ahead.Read() || ahead.TokenType != JsonTokenType.StartArray) return new BatchRows(NumberRow.Read(ref reader, options, "$", "must be numbers or rows of numbers"));
        var rows = new List<double[]>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var path = $"$[{rows.Count}]";
            if (reader.TokenType != JsonTokenType.StartArray) throw NumberRow.At(path, "must be a row of numbers, like the first element");
            rows.Add(NumberRow.Read(ref reader, options, path, "must be a row of numbers"));
        }

        return new BatchRows([.. rows]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, BatchRows value, JsonSerializerOptions options)
    {
        if (value.IsPlain) JsonSerializer.Serialize(writer, value.Rows[0], options);
        else JsonSerializer.Serialize(writer, value.Rows, options);
    }
}
