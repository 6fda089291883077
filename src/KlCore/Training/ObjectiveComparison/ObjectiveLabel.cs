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
        try
        {
            return Readable(objectives);
        }
        catch (InvalidOperationException)
        {
            // One of them is no text, and refused for it.
            return [.. objectives.Select(objective => Shorten(objective.GetRawText()))];
        }
    }

    /// <summary>Whether all that the value says can be written again: JSON lets half of a surrogate pair pass, which is no text.</summary>
    public static bool IsText(JsonElement value)
    {
        try
        {
            _ = JsonSerializer.SerializeToUtf8Bytes(value);
            return true;
        }
        catch (Exception failure) when (failure is InvalidOperationException or JsonException)
        {
            return false;
        }
    }

    private static string[] Readable(IReadOnlyList<JsonElement> objectives)
    {
        // What several have and all have alike tells nothing apart: the teacher of a distillation under two losses.
        var common = objectives.Where(objective => objective.ValueKind == JsonValueKind.Object).SelectMany(objective => objective.EnumerateObject())
            .GroupBy(member => member.Name, member => member.Value.GetRawText())
            .Where(values => values.Count() > 1 && values.Distinct().Count() == 1).Select(values => values.Key).ToHashSet();
        string[] labels = [.. objectives.Select(objective => Shorten(Show(objective, common)))];
        return labels.Distinct().Count() == labels.Length ? labels : [.. objectives.Select(objective => Shorten(Show(objective, [])))];
    }

    private static string Shorten(string label) => label.Length <= Longest ? label : string.Concat(label.AsSpan(0, Longest - 1), "…");

    private static string Show(JsonElement value, HashSet<string> common) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Object => Named(value, common),
        _ => value.GetRawText(),
    };

    private static string Named(JsonElement value, HashSet<string> common)
    {
        var name = value.TryGetProperty("name", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : null;
        var others = string.Join(", ", value.EnumerateObject()
            .Where(member => !(member.Name == "name" && name is not null) && !common.Contains(member.Name)).Select(member => $"{member.Name} {Show(member.Value, [])}"));
        if (name is not null) return others.Length == 0 ? name : $"{name} ({others})";
        return others.Length == 0 ? value.GetRawText() : others;
    }
}
