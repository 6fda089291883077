using System.Text.Json;
using System.Text.Json.Serialization;
using KlApi.Host;
using KlCore;
using KlCore.Divergences;

namespace KlApi.Divergences;

/// <summary>One measure's value and how it was found.</summary>
[JsonConverter(typeof(Writer))]
public sealed record MeasureResult
{
    internal MeasureResult(Divergence measure, Measurement measured) =>
        (Measure, Value, Method, ErrorBound) = (measure, measured.Value, measured.Method, measured.ErrorBound);

    /// <summary>The measure with its parameters, those included that were left out of the request.</summary>
    public Divergence Measure { get; }

    /// <summary>Its value; may be infinite, is never NaN.</summary>
    public double Value { get; }

    /// <summary>How the value was found.</summary>
    public Method Method { get; }

    /// <summary>How far from the exact value it can be, where it is not exact.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ErrorBound { get; }

    /// <summary>
    /// Writes what the serializer would. Most requests ask for the default measures, which are the same objects each time, so their JSON
    /// is made once; it is most of what an answer holds.
    /// </summary>
    private sealed class Writer : JsonConverter<MeasureResult>
    {
        private static readonly Dictionary<Divergence, byte[]> Default = Catalogue.Default.ToDictionary<Divergence, Divergence, byte[]>(measure => measure, Text, ReferenceEqualityComparer.Instance);
        private static readonly JsonEncodedText MeasureName = JsonEncodedText.Encode("measure");
        private static readonly JsonEncodedText ValueName = JsonEncodedText.Encode("value");
        private static readonly JsonEncodedText MethodName = JsonEncodedText.Encode("method");
        private static readonly JsonEncodedText ErrorBoundName = JsonEncodedText.Encode("errorBound");

        public override MeasureResult Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Results are answered, not read.");

        public override void Write(Utf8JsonWriter writer, MeasureResult value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WritePropertyName(MeasureName);
            if (Default.TryGetValue(value.Measure, out var text)) writer.WriteRawValue(text, skipInputValidation: true);
            else JsonSerializer.Serialize(writer, value.Measure, options);
            writer.WritePropertyName(ValueName);
            ExtendedRealConverter.WriteValue(writer, value.Value);
            writer.WritePropertyName(MethodName);
            JsonSerializer.Serialize(writer, value.Method, options);
            if (value.ErrorBound is { } bound)
            {
                writer.WritePropertyName(ErrorBoundName);
                ExtendedRealConverter.WriteValue(writer, bound);
            }

            writer.WriteEndObject();
        }

        private static byte[] Text(Divergence measure) => JsonSerializer.SerializeToUtf8Bytes(measure, Json.Options);
    }
}
