using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Losses;

/// <summary>Rows of numbers, or arrays of rows of numbers, never both.</summary>
internal sealed class LogitArraysConverter : JsonConverter<LogitArrays>
{
    private const string Row = "must be a row of numbers";
    private const string Shape = "must be [positions][vocabulary] or [sequences][positions][vocabulary]";

    /// <inheritdoc/>
    public override LogitArrays Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException(Shape);
        var rows = new List<double[]>();
        var lengths = new List<int>();
        var nested = false;
        for (var outer = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; outer++)
        {
            if (reader.TokenType != JsonTokenType.StartArray) throw NumberRow.At($"$[{outer}]", "must be a row of numbers, or an array of rows");
            var inner = IsNested(reader);
            if (outer == 0) nested = inner;
            if (nested != inner && !IsEmpty(reader)) throw NumberRow.At($"$[{outer}]", nested ? "must be an array of rows, like the first element" : "must be a row of numbers, like the first element");
            if (!nested)
            {
                rows.Add(NumberRow.Read(ref reader, options, $"$[{outer}]", Row));
                continue;
            }

            var before = rows.Count;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var path = $"$[{outer}][{rows.Count - before}]";
                if (reader.TokenType != JsonTokenType.StartArray) throw NumberRow.At(path, Row);
                rows.Add(NumberRow.Read(ref reader, options, path, Row));
            }

            lengths.Add(rows.Count - before);
        }

        return nested ? new LogitArrays([.. rows], lengths) : new LogitArrays([.. rows]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LogitArrays value, JsonSerializerOptions options)
    {
        var row = (JsonConverter<double[]>)options.GetConverter(typeof(double[]));
        writer.WriteStartArray();
        var next = 0;
        foreach (var length in value.Lengths)
        {
            if (value.HasSequences) writer.WriteStartArray();
            for (var end = next + length; next < end; next++)
            {
                if (value.Rows[next] is { } numbers) row.Write(writer, numbers, options);
                else writer.WriteNullValue();
            }

            if (value.HasSequences) writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    /// <summary>Whether the array at which a copy of the reader stands begins with an array.</summary>
    private static bool IsNested(Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.StartArray;

    private static bool IsEmpty(Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.EndArray;
}

/// <summary>Whole numbers, or arrays of them, never both.</summary>
internal sealed class TokenArraysConverter : JsonConverter<TokenArrays>
{
    /// <inheritdoc/>
    public override TokenArrays Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("must be an array of token ids, or of arrays of token ids");
        var ahead = reader;
        if (!ahead.Read() || ahead.TokenType != JsonTokenType.StartArray) return new TokenArrays(ReadTokens(ref reader, "$"));
        var sequences = new List<int[]>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var path = $"$[{sequences.Count}]";
            if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("must be an array of token ids, like the first element", path, null, null);
            sequences.Add(ReadTokens(ref reader, path));
        }

        return new TokenArrays(sequences);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TokenArrays value, JsonSerializerOptions options)
    {
        var next = 0;
        writer.WriteStartArray();
        foreach (var length in value.Lengths ?? [value.Tokens.Length])
        {
            if (value.Lengths is not null) writer.WriteStartArray();
            for (var end = next + length; next < end; next++) writer.WriteNumberValue(value.Tokens[next]);
            if (value.Lengths is not null) writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static int[] ReadTokens(ref Utf8JsonReader reader, string path)
    {
        var tokens = new List<int>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var token)) throw new JsonException("must be a whole number within range", $"{path}[{tokens.Count}]", null, null);
            tokens.Add(token);
        }

        return [.. tokens];
    }
}
