using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Policies;

/// <summary>Numbers or rows of numbers, never both.</summary>
internal sealed class TokenRowsConverter : JsonConverter<TokenRows>
{
    private const string Row = "must be an array of numbers";

    /// <inheritdoc/>
    public override TokenRows Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("must be an array of numbers, or of one such array for each sequence");
        var ahead = reader;
        if (!ahead.Read() || ahead.TokenType != JsonTokenType.StartArray) return new TokenRows(NumberRow.Read(ref reader, options, "$", Row));
        var rows = new List<double[]>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var path = $"$[{rows.Count}]";
            if (reader.TokenType != JsonTokenType.StartArray) throw NumberRow.At(path, "must be an array of numbers, like the first element");
            rows.Add(NumberRow.Read(ref reader, options, path, Row));
        }

        return new TokenRows([.. rows]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TokenRows value, JsonSerializerOptions options)
    {
        var row = (JsonConverter<double[]>)options.GetConverter(typeof(double[]));
        if (value.IsFlat)
        {
            row.Write(writer, value.Rows[0], options);
            return;
        }

        writer.WriteStartArray();
        foreach (var tokens in value.Rows) row.Write(writer, tokens, options);
        writer.WriteEndArray();
    }
}
