using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Training;

namespace KlCore.Estimation;

/// <summary>
/// A sample as a request gives it: its points themselves (rows of numbers, or plain numbers for one dimension), or columns of a stored dataset
/// (<c>{"dataset": "id", "columns": ["…"]}</c>).
/// </summary>
[JsonConverter(typeof(SampleInputConverter))]
[Shape("", typeof(Points))]
[Shape("dataset", typeof(DatasetSample))]
public abstract record SampleInput : IChecked
{
    /// <inheritdoc/>
    public abstract void Check(Problems problems);

    /// <summary>The points.</summary>
    /// <param name="member">The member of the request that this is, for messages about datasets.</param>
    /// <param name="inputs">Where datasets are.</param>
    public abstract Points Read(string member, ITrainingInputs inputs);
}

/// <summary>The points themselves.</summary>
public sealed record InlineSample(Points Points) : SampleInput
{
    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        Points.Check(problems);
        if (Points.Count == 0) problems.Add("must have at least 1 point, had none");
    }

    /// <inheritdoc/>
    public override Points Read(string member, ITrainingInputs inputs) => Points;
}

/// <summary>The rows of a stored dataset.</summary>
public sealed record DatasetSample : SampleInput
{
    /// <summary>The dataset's id.</summary>
    public required string Dataset { get; init; }

    /// <summary>The one column that is meant; or <c>columns</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Column { get; init; }

    /// <summary>The columns that make a point, by name; all numeric ones if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Columns { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems) => DatasetColumns.CheckChoice(Dataset, Column, Columns, problems);

    /// <inheritdoc/>
    public override Points Read(string member, ITrainingInputs inputs)
    {
        var rows = inputs.Rows(new DatasetColumns(Dataset, Column is null ? Columns : [Column]) { Member = member, IsSingle = Column is not null });
        return rows.Length > 0 && rows[0].Length == 1 ? new Points(rows.Select(row => row[0])) : new Points(rows);
    }
}

/// <summary>Tells the shapes of a <see cref="SampleInput"/> apart: an array is the points.</summary>
internal sealed class SampleInputConverter : ShapeConverter<SampleInput>
{
    public override SampleInput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartArray) return new InlineSample(JsonSerializer.Deserialize<Points>(ref reader, options)!);
        return base.Read(ref reader, typeToConvert, options);
    }

    public override void Write(Utf8JsonWriter writer, SampleInput value, JsonSerializerOptions options)
    {
        if (value is InlineSample inline) JsonSerializer.Serialize(writer, inline.Points, options);
        else base.Write(writer, value, options);
    }
}
