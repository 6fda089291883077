using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Training.Classifier;

/// <summary>Labels in a request: all whole numbers, <c>[0, 2, 1]</c>, or all names, <c>["cat", "dog"]</c>.</summary>
/// <param name="cells">The labels as text.</param>
/// <param name="areNumbers">Whether they are written as numbers.</param>
[JsonConverter(typeof(LabelListConverter))]
public sealed class LabelList(IReadOnlyList<string> cells, bool areNumbers)
{
    /// <summary>Class indices.</summary>
    public LabelList(IEnumerable<int> labels) : this([.. labels.Select(label => label.ToString(CultureInfo.InvariantCulture))], true)
    {
    }

    /// <summary>The labels as text.</summary>
    public IReadOnlyList<string> Cells { get; } = cells;

    /// <summary>Whether they are written as numbers.</summary>
    public bool AreNumbers { get; } = areNumbers;
}

/// <summary>Reads and writes <see cref="LabelList"/>.</summary>
internal sealed class LabelListConverter : JsonConverter<LabelList>
{
    public override LabelList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("must be an array of whole numbers or of names");
        var cells = new List<string>();
        JsonTokenType? first = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            first ??= reader.TokenType is JsonTokenType.String ? JsonTokenType.String : JsonTokenType.Number;
            if (reader.TokenType != first) throw NumberRow.At($"$[{cells.Count}]", first == JsonTokenType.String ? "must be a name, like the first label" : "must be a whole number");
            if (first == JsonTokenType.String) cells.Add(reader.GetString()!);
            else if (reader.TryGetInt32(out var label)) cells.Add(label.ToString(CultureInfo.InvariantCulture));
            else throw NumberRow.At($"$[{cells.Count}]", "must be a whole number");
        }

        return new LabelList(cells, first == JsonTokenType.Number);
    }

    public override void Write(Utf8JsonWriter writer, LabelList value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var cell in value.Cells)
        {
            if (value.AreNumbers) writer.WriteRawValue(cell);
            else writer.WriteStringValue(cell);
        }

        writer.WriteEndArray();
    }
}
