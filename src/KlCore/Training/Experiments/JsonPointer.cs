using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KlCore.Training.Experiments;

/// <summary>A place in a JSON document (RFC 6901): "/layers/0/units".</summary>
internal readonly record struct JsonPointer(string Text)
{
    /// <summary>Whether the text is a pointer to something within the document: "/" first, "~" only as ~0 or ~1.</summary>
    public bool IsValid()
    {
        if (!Text.StartsWith('/')) return false;
        for (var i = Text.IndexOf('~'); i >= 0; i = Text.IndexOf('~', i + 1))
            if (i + 1 == Text.Length || Text[i + 1] is not ('0' or '1')) return false;
        return true;
    }

    /// <summary>The steps, unescaped.</summary>
    public string[] Steps() =>
        Text.Length == 0 ? [] : [.. Text[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    /// <summary>All but the last step.</summary>
    public string Parent() => Text.LastIndexOf('/') is > 0 and var end ? Text[..end] : "the specification";

    /// <summary>Whether another pointer leads to this place or into it.</summary>
    public bool Contains(string other) => other == Text || other.StartsWith(Text + "/", StringComparison.Ordinal);

    /// <summary>What of a pointer that this one contains comes after it.</summary>
    public JsonPointer Rest(string other) => new(other[Text.Length..]);

    /// <summary>The same place seen from where problems are collected.</summary>
    public Problems From(Problems problems)
    {
        foreach (var step in Steps()) problems = problems.At(step);
        return problems;
    }

    /// <summary>Whether the member says which kind of thing its holder is, so that the other members depend on it.</summary>
    public bool IsDiscriminator() => Text[(Text.LastIndexOf('/') + 1)..] is "name" or "kind" or "method";

    /// <summary>
    /// Sets the value; false if what should hold it is in neither document. Holders that only the second has are copied from there, but of one that
    /// becomes another kind of thing nothing is kept: its members were those of the kind that it is no more.
    /// </summary>
    public bool TrySet(JsonNode root, Lazy<JsonNode> filled, JsonElement value)
    {
        var steps = Steps();
        JsonNode? node = root, copied = null;
        for (var i = 0; i < steps.Length - 1; i++)
        {
            if (node is JsonObject holder && holder[steps[i]] is null && At(filled.Value, steps[..(i + 1)]) is { } missing) holder[steps[i]] = copied = missing.DeepClone();
            node = Step(node, steps[i]);
        }

        var last = steps[^1];
        switch (node)
        {
            case JsonObject members:
                if (ReferenceEquals(members, copied) && IsDiscriminator()) members.Clear();
                members[last] = NodeOf(value);
                return true;
            case JsonArray elements when Index(last, elements) is { } index:
                elements[index] = NodeOf(value);
                return true;
            default:
                return false;
        }
    }

    private static JsonNode? At(JsonNode root, string[] steps) => steps.Aggregate((JsonNode?)root, Step);

    private static JsonNode? Step(JsonNode? node, string step) => node switch
    {
        JsonObject members => members[step],
        JsonArray elements when Index(step, elements) is { } index => elements[index],
        _ => null,
    };

    private static int? Index(string step, JsonArray elements) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < elements.Count ? index : null;

    private static JsonNode? NodeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        _ => JsonValue.Create(value),
    };
}
