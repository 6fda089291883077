using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlApi.Host;

/// <summary>Enumerations as exact kebab-case names: no other case, no numbers, no lists.</summary>
internal sealed class Names : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    /// <summary>What a member is called on the wire.</summary>
    public static string Of(string member) => JsonNamingPolicy.KebabCaseLower.ConvertName(member);

    private sealed class Converter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly FrozenDictionary<string, T> Values = Enum.GetNames<T>().ToFrozenDictionary(Of, Enum.Parse<T>, StringComparer.Ordinal);
        private static readonly FrozenDictionary<T, JsonEncodedText> Texts = Values.ToFrozenDictionary(entry => entry.Value, entry => JsonEncodedText.Encode(entry.Key));
        private static readonly string Expected = $"must be one of {string.Join(", ", Enum.GetNames<T>().Select(Of))}";

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Values.TryGetValue(reader.GetString()!, out var value) ? value : throw new JsonException(Expected);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Texts[value]);
    }
}
