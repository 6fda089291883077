using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Training;

/// <summary>A result as a file, with the names and values that the service answers.</summary>
internal static class ReportFile
{
    /// <summary>How results are written.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>report.json</summary>
    public static Artifact Of(object result) => new("report.json", "application/json", JsonSerializer.SerializeToUtf8Bytes(result, result.GetType(), Options));
}
