using System.Text.Json;

namespace KlCore.Training.ObjectiveComparison;

/// <summary>What an objective is called in tables: its name, and its other members if it has any: "renyi (order 0.5)".</summary>
internal static class ObjectiveLabel
{
    private const int Longest = 60;

    public static string Of(JsonElement objective)
    {
        var label = objective.ValueKind switch
        {
            JsonValueKind.String => objective.GetString()!,
            JsonValueKind.Object when objective.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String => Named(name.GetString()!, objective),
            _ => objective.GetRawText(),
        };
        return label.Length <= Longest ? label : string.Concat(label.AsSpan(0, Longest - 1), "…");
    }

    private static string Named(string name, JsonElement objective)
    {
        string[] others = [.. objective.EnumerateObject().Where(member => member.Name != "name").Select(member => $"{member.Name} {member.Value.GetRawText()}")];
        return others.Length == 0 ? name : $"{name} ({string.Join(", ", others)})";
    }
}
