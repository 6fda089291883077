using System.Text.Json;
using KlApi.Host;
using KlCore.Training;

namespace KlApi.Jobs;

/// <summary>Documents as the tables keep them: JSON text, written as the answers are.</summary>
internal static class JsonText
{
    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Json.Options);

    /// <summary>A result: a record that is known by its own type only.</summary>
    public static string OfResult(object value) => JsonSerializer.Serialize(value, value.GetType(), Json.Options);

    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Json.Options)!;

    public static JsonElement Element(string text) => JsonElement.Parse(text);

    /// <summary>The kinds of job that there are.</summary>
    public static IReadOnlyList<string> Kinds() =>
        Json.Options.GetTypeInfo(typeof(TrainingSpecification)).PolymorphismOptions is { } options
            ? [.. options.DerivedTypes.Select(derived => (string)derived.TypeDiscriminator!)]
            : [];

    /// <summary>What the specification calls itself in its field <c>kind</c>.</summary>
    public static string KindOf(TrainingSpecification specification) =>
        (string)Json.Options.GetTypeInfo(typeof(TrainingSpecification)).PolymorphismOptions!.DerivedTypes
            .First(derived => derived.DerivedType == specification.GetType()).TypeDiscriminator!;
}
