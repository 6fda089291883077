using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using KlCore;

namespace KlApi.Host;

/// <summary>
/// Says why a body could not be read. The serializer stops at its first failure; this walks the document beside the type's own contract
/// and names them all. It runs only after a failure, so it may take its time.
/// </summary>
internal static class BodyProblems
{
    public static Problems Explain(ReadOnlyMemory<byte> json, JsonTypeInfo type, Exception unreadable)
    {
        var problems = new Problems();
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Json.MaxDepth });
            Walk(document.RootElement, type.Type, problems);
        }
        catch (JsonException malformed)
        {
            problems.Add($"is not valid JSON at line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}: {Reason(malformed, json.Span)}");
        }
        catch (InvalidOperationException)
        {
            problems.Add("holds a string that is not valid UTF-8 or has half of a surrogate pair");
        }

        if (!problems.Any) AddFirst(unreadable, typeof(object), problems);
        return problems;
    }

    private static void Walk(JsonElement element, Type type, Problems problems)
    {
        if (problems.Total >= Problems.Limit) return;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.GetCustomAttributes<ShapeAttribute>().ToArray() is { Length: > 0 } shapes)
        {
            WalkShape(element, shapes, problems);
            return;
        }

        var info = Json.Options.GetTypeInfo(type);
        if (info.Kind == JsonTypeInfoKind.Object) WalkObject(element, info, problems);
        else if (info.Kind == JsonTypeInfoKind.Dictionary && info.ElementType is { } valueType) WalkMap(element, valueType, problems);
        else if (ElementType(type, info) is { } inner) WalkArray(element, inner, problems);
        else TryRead(element, type, problems);
    }

    /// <summary>The shape whose field comes first is what was meant.</summary>
    private static void WalkShape(JsonElement element, ShapeAttribute[] shapes, Problems problems)
    {
        var list = shapes.FirstOrDefault(shape => shape.Field.Length == 0);
        var fields = List(shapes.Where(shape => shape != list).Select(shape => shape.Field), null);
        if (list is not null && element.ValueKind == JsonValueKind.Array) Walk(element, list.Type, problems);
        else if (element.ValueKind != JsonValueKind.Object) problems.Add($"must be {(list is null ? "" : "an array or ")}an object with one of the fields {fields}, was {Name(element)}");
        else if (element.EnumerateObject().Select(member => shapes.FirstOrDefault(shape => shape.Field == member.Name)).FirstOrDefault(shape => shape is not null) is { } shape)
            Walk(element, shape.Type, problems);
        else problems.Add($"must have one of the fields {fields}");
    }

    private static void WalkObject(JsonElement element, JsonTypeInfo info, Problems problems)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"must be an object, was {Name(element)}");
            return;
        }

        var discriminator = info.PolymorphismOptions?.TypeDiscriminatorPropertyName;
        if (discriminator is not null)
        {
            if (Derived(element, info, discriminator, problems) is not { } derived) return;
            info = derived;
        }

        var known = info.Properties.Where(property => property.Set is not null || property.AssociatedParameter is not null)
            .ToDictionary(property => property.Name);
        var seen = new HashSet<string>();
        foreach (var member in element.EnumerateObject())
        {
            if (!seen.Add(member.Name)) problems.Add(member.Name, "must be given once, but occurs more than once");
            else if (known.TryGetValue(member.Name, out var property)) WalkProperty(member.Value, property, problems.At(member.Name));
            else if (member.Name != discriminator) problems.Add(member.Name, $"is not a known field; known are {List(known.Keys, discriminator)}");
        }

        foreach (var property in known.Values)
            if (property.IsRequired && !seen.Contains(property.Name)) problems.Add(property.Name, "is required");
    }

    private static void WalkMap(JsonElement element, Type valueType, Problems problems)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"must be an object, was {Name(element)}");
            return;
        }

        var seen = new HashSet<string>();
        foreach (var member in element.EnumerateObject())
        {
            if (problems.Total >= Problems.Limit) return;
            if (!seen.Add(member.Name)) problems.Add(member.Name, "must be given once, but occurs more than once");
            else if (member.Value.ValueKind == JsonValueKind.Null) problems.Add(member.Name, "must not be null");
            else Walk(member.Value, valueType, problems.At(member.Name));
        }
    }

    private static void WalkProperty(JsonElement value, JsonPropertyInfo property, Problems problems)
    {
        if (value.ValueKind != JsonValueKind.Null) Walk(value, property.PropertyType, problems);
        else if (!property.IsSetNullable || property.PropertyType is { IsValueType: true } type && Nullable.GetUnderlyingType(type) is null)
            problems.Add("must not be null");
    }

    /// <summary>The contract of the record that the discriminator names.</summary>
    private static JsonTypeInfo? Derived(JsonElement element, JsonTypeInfo info, string discriminator, Problems problems)
    {
        var options = info.PolymorphismOptions!.DerivedTypes;
        var names = List(options.Select(option => (string)option.TypeDiscriminator!), null);
        if (!element.TryGetProperty(discriminator, out var name))
        {
            problems.Add(discriminator, $"is required; one of {names}");
            return null;
        }

        var match = name.ValueKind == JsonValueKind.String
            ? options.FirstOrDefault(option => name.ValueEquals((string)option.TypeDiscriminator!))
            : default;
        if (match.DerivedType is not null) return Json.Options.GetTypeInfo(match.DerivedType);
        problems.Add(discriminator, $"must be one of {names}, was {Show(name)}");
        return null;
    }

    private static void WalkArray(JsonElement element, Type inner, Problems problems)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            problems.Add($"must be an array, was {Name(element)}");
            return;
        }

        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            if (problems.Total >= Problems.Limit) return;
            if (item.ValueKind == JsonValueKind.Null) problems.At(index).Add("must not be null");
            else Walk(item, inner, problems.At(index));
            index++;
        }
    }

    private static void TryRead(JsonElement element, Type type, Problems problems)
    {
        try
        {
            element.Deserialize(Json.Options.GetTypeInfo(type));
        }
        catch (JsonException failure)
        {
            AddFirst(failure, type, problems, element);
        }
    }

    /// <summary>A failure in a converter's own words ("must be …"), or in words made from the type that was expected.</summary>
    private static void AddFirst(Exception failure, Type expected, Problems problems, JsonElement? element = null)
    {
        var at = failure is JsonException { Path: { } path } ? Follow(problems, path) : problems;
        if (expected == typeof(string) && element is { ValueKind: JsonValueKind.String })
        {
            at.Add("must be text of whole characters, has half of a surrogate pair or bytes that are no UTF-8");
            return;
        }

        var own = failure.Message.StartsWith("must ", StringComparison.Ordinal) ? failure.Message : $"must be {Expected(expected)}";
        // What failed may lie within the element; then the element would be shown in its place.
        at.Add(element is { } value && ReferenceEquals(at, problems) ? $"{own}, was {Show(value)}" : own);
    }

    private static string Expected(Type type) => type switch
    {
        _ when type == typeof(double) || type == typeof(float) => "a number",
        _ when type == typeof(int) || type == typeof(long) => "a whole number within range",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(string) => "a string",
        _ => "of the documented shape",
    };

    /// <summary>Turns the serializer's path ($.a[3]['b c']) into steps.</summary>
    private static Problems Follow(Problems problems, string path)
    {
        var position = 1;
        while (position < path.Length)
        {
            if (path[position] == '.')
            {
                var end = path.IndexOfAny(['.', '['], position + 1);
                if (end < 0) end = path.Length;
                problems = problems.At(path[(position + 1)..end]);
                position = end;
            }
            else
            {
                var close = path.IndexOf(']', position);
                if (close < 0) return problems;
                var key = path[(position + 1)..close].Trim('\'');
                problems = int.TryParse(key, out var index) ? problems.At(index) : problems.At(key);
                position = close + 1;
            }
        }

        return problems;
    }

    private static Type? ElementType(Type type, JsonTypeInfo info)
    {
        if (NonNullElements.ElementOf(type) is { } element) return element;
        if (info.Kind != JsonTypeInfoKind.Enumerable || !typeof(IEnumerable).IsAssignableFrom(type)) return null;
        return info.ElementType;
    }

    /// <summary>The value as the client wrote it, if it is short enough to be shown.</summary>
    private static string Show(JsonElement element)
    {
        if (element.ValueKind is JsonValueKind.Object or JsonValueKind.Array) return Name(element);
        var text = element.GetRawText();
        return text.Length <= 60 ? text : $"{Name(element)} of {Encoding.UTF8.GetByteCount(text)} bytes";
    }

    private static string Name(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    private static string List(IEnumerable<string> names, string? first) => string.Join(", ", first is null ? names : names.Prepend(first));

    private static string Reason(JsonException malformed, ReadOnlySpan<byte> json)
    {
        if (BareLiteral(malformed, json) is { } literal)
            return literal == "NaN" ? "the literal NaN is no JSON, and no number either" : $"the literal {literal} is no JSON; it is sent as the string \"{literal}\"";
        var end = malformed.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? "the text ends or breaks here" : malformed.Message[..end].TrimEnd('.');
    }

    /// <summary>What Python's json writes for numbers that JSON does not have, if the text breaks at one.</summary>
    private static string? BareLiteral(JsonException malformed, ReadOnlySpan<byte> json)
    {
        for (var line = malformed.LineNumber ?? 0; line > 0; line--)
        {
            var feed = json.IndexOf((byte)'\n');
            if (feed < 0) return null;
            json = json[(feed + 1)..];
        }

        var position = (int)Math.Min(malformed.BytePositionInLine ?? 0, json.Length);
        if (json[position..].StartsWith("NaN"u8)) return "NaN";
        if (!json[position..].StartsWith("Infinity"u8)) return null;
        return position > 0 && json[position - 1] == '-' ? "-Infinity" : "Infinity";
    }
}
