using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlApi.Host;

/// <summary>
/// Arrays and lists of objects that refuse a null among their elements, which the serializer itself lets through whatever the nullable
/// annotations say.
/// </summary>
internal sealed class NonNullElements : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => ElementOf(typeToConvert) is { IsValueType: false };

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        var converter = typeToConvert.IsArray ? typeof(ArrayConverter<>) : typeof(ListConverter<>);
        return (JsonConverter)Activator.CreateInstance(converter.MakeGenericType(ElementOf(typeToConvert)!))!;
    }

    /// <summary>What an array or a read-only list holds; null for any other type.</summary>
    public static Type? ElementOf(Type type) =>
        type.IsSZArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0]
        : null;

    private static List<T> ReadAll<T>(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("must be an array");
        var items = new List<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Null) throw new JsonException("must not be null");
            items.Add(JsonSerializer.Deserialize<T>(ref reader, options)!);
        }

        return items;
    }

    private static void WriteAll<T>(Utf8JsonWriter writer, IReadOnlyList<T> items, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        for (var i = 0; i < items.Count; i++) JsonSerializer.Serialize(writer, items[i], options);
        writer.WriteEndArray();
    }

    private sealed class ArrayConverter<T> : JsonConverter<T[]>
    {
        public override T[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => [.. ReadAll<T>(ref reader, options)];

        public override void Write(Utf8JsonWriter writer, T[] value, JsonSerializerOptions options) => WriteAll(writer, value, options);
    }

    private sealed class ListConverter<T> : JsonConverter<IReadOnlyList<T>>
    {
        public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadAll<T>(ref reader, options);

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options) => WriteAll(writer, value, options);
    }
}
