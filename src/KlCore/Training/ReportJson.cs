using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Training;

/// <summary>How the files that a run leaves are written as JSON: as the answers of the service are.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    /// <summary>A result as the file <c>report.json</c>.</summary>
    public static Artifact Report(object result) => new("report.json", "application/json", JsonSerializer.SerializeToUtf8Bytes(result, result.GetType(), Indented));

    /// <summary>A value in one line.</summary>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Compact);

    /// <summary>Reads a result as it is stored.</summary>
    public static T Read<T>(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize<T>(json.Span, Compact)!;

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Compact)!;
}
