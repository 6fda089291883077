using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlApi.Host;

/// <summary>
/// The answer of another service, as it came: whole, or the part with the log-probabilities. Fields that are not known are passed over, since the
/// document is not ours.
/// </summary>
[JsonConverter(typeof(Converter))]
public sealed class ForeignDocument
{
    private ForeignDocument(JsonElement root) => Root = root;

    internal JsonElement Root { get; }

    private sealed class Converter : JsonConverter<ForeignDocument>
    {
        // Not by the serializer's own reader of elements, which refuses names that occur twice: where they matter, the layouts say so.
        public override ForeignDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(JsonElement.ParseValue(ref reader));

        public override void Write(Utf8JsonWriter writer, ForeignDocument value, JsonSerializerOptions options) => value.Root.WriteTo(writer);
    }
}
