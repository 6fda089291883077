using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using KlCore.Numerics;

namespace KlApi.Host;

/// <summary>How JSON is read and written everywhere: strictly (RFC 8259, no unknown or double fields, no NaN) and with infinities as strings.</summary>
internal static class Json
{
    public const int MaxDepth = 32;

    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions { TypeInfoResolver = new DefaultJsonTypeInfoResolver() });

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.AllowOutOfOrderMetadataProperties = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = MaxDepth;
        // The answers are JSON documents, not parts of HTML pages: formulas stay readable.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new ExtendedRealConverter());
        options.Converters.Add(new NumberArrays());
        options.Converters.Add(new NonNullElements());
        options.Converters.Add(new Names());
        return options;
    }
}

/// <summary>
/// A real number or an infinity, never NaN. Infinities travel as the strings "Infinity" and "-Infinity"; a numeral too large for a
/// double is refused, since nobody who writes 1e400 means infinity.
/// </summary>
internal sealed class ExtendedRealConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadValue(ref reader);

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => WriteValue(writer, value);

    public static double ReadValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            var value = reader.HasValueSequence ? reader.GetDouble() : DecimalNumerals.Parse(reader.ValueSpan);
            if (double.IsFinite(value)) return value;
            throw new JsonException("must be within the range of a double (about ±1.8e308)");
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            if (reader.ValueTextEquals("Infinity"u8)) return double.PositiveInfinity;
            if (reader.ValueTextEquals("-Infinity"u8)) return double.NegativeInfinity;
        }

        throw new JsonException("must be a number");
    }

    public static void WriteValue(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value)) writer.WriteNumberValue(value);
        else if (double.IsPositiveInfinity(value)) writer.WriteStringValue("Infinity"u8);
        else if (double.IsNegativeInfinity(value)) writer.WriteStringValue("-Infinity"u8);
        else throw new InvalidOperationException("NaN must not leave the core.");
    }
}
