using System.Text.Json;

namespace KlCore.Training.ObjectiveComparison;

/// <summary>
/// What objectives are called in tables: the name, and those other members that differ between them, as "renyi (order 0.5)" or "distilled (loss reverse-kl)".
/// </summary>
internal static class ObjectiveLabel
{
    private const int Longest = 60;

    /// <summary>The labels of all, in order.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<JsonElement> objectives)
    {
        var common = objectives.All(objective => objective.ValueKind == JsonValueKind.Object)
            ? objectives.SelectMany(objective => objective.EnumerateObject()).GroupBy(member => (member.Name, Text: member.Value.GetRawText()))
                .Where(group => group.Count() == objectives.Count && objectives.Count > 1).Select(group => group.Key.Name).ToHashSet()
            : [];
        return [.. objectives.Select(objective => Shorten(Show(objective, common)))];
    }

    private static string Shorten(string label) => label.Length <= Longest ? label : string.Concat(label.AsSpan(0, Longest - 1), "…");

    private static string Show(JsonElement value, HashSet<string> common) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Object when value.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String => Named(name.GetString()!, value, common),
        _ => value.GetRawText(),
    };

    private static string Named(string name, JsonElement value, HashSet<string> common)
    {
        string[] others = [.. value.EnumerateObject().Where(member => member.Name != "name" && !common.Contains(member.Name)).Select(member => $"{member.Name} {Show(member.Value, [])}")];
        return others.Length == 0 ? name : $"{name} ({string.Join(", ", others)})";
    }
}
