using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore;

/// <summary>Reads a base whose records are told apart by the fields of its <see cref="ShapeAttribute"/> lines; the first such field decides.</summary>
internal class ShapeConverter<T> : JsonConverter<T>
    where T : class
{
    private static readonly ShapeAttribute[] Shapes = [.. typeof(T).GetCustomAttributes<ShapeAttribute>().Where(shape => shape.Field.Length > 0)];

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("must be an object");
        var ahead = reader;
        for (ahead.Read(); ahead.TokenType == JsonTokenType.PropertyName; ahead.Read())
        {
            foreach (var shape in Shapes)
                if (ahead.ValueTextEquals(shape.Field)) return From(JsonSerializer.Deserialize(ref reader, shape.Type, options)!);
            ahead.Skip();
        }

        throw new JsonException($"must have one of the fields {string.Join(", ", Shapes.Select(shape => shape.Field))}");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, value.GetType(), options);

    /// <summary>The record that was read, as the base.</summary>
    private protected virtual T From(object read) => (T)read;
}
