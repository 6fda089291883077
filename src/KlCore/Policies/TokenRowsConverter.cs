using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Policies;

/// <summary>Numbers or rows of numbers, never both.</summary>
internal sealed class TokenRowsConverter : JsonConverter<TokenRows>
{
    /// <inheritdoc/>
    public override TokenRows Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("must be an array of numbers, or of one such array for each sequence");
        var ahead = reader;
        if (!ahead.Read() || ahead.TokenType != JsonTokenType.StartArray) return new TokenRows(ReadRow(ref reader, options, "$"));
        var rows = new List<double[]>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var path = $"$[{rows.Count}]";
            if (reader.TokenType != JsonTokenType.StartArray) throw At(path, "must be an array of numbers, like the first element");
            rows.Add(ReadRow(ref reader, options, path));
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

    private static double[] ReadRow(ref Utf8JsonReader reader, JsonSerializerOptions options, string path)
    {
        var start = reader;
        try
        {
            return ((JsonConverter<double[]>)options.GetConverter(typeof(double[]))).Read(ref reader, typeof(double[]), options)!;
        }
        catch (JsonException)
        {
            throw Locate(start, (JsonConverter<double>)options.GetConverter(typeof(double)), options, path);
        }
    }

    /// <summary>Which element of a row could not be read.</summary>
    private static JsonException Locate(Utf8JsonReader reader, JsonConverter<double> number, JsonSerializerOptions options, string path)
    {
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            try
            {
                number.Read(ref reader, typeof(double), options);
            }
            catch (JsonException failure)
            {
                return At($"{path}[{i}]", failure.Message);
            }
        }

        return At(path, "must be an array of numbers");
    }

    // The path is relative to the value, as that of an element would be.
    private static JsonException At(string path, string message) => new(message, path, null, null);
}
