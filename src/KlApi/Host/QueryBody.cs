using System.Collections;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using KlCore;
using Microsoft.Extensions.Primitives;

namespace KlApi.Host;

/// <summary>
/// Options that come in the query (or the fields of a form) because the body is data. They are read as strictly as a JSON body with the same fields would
/// be: what is unknown, given twice or out of bounds is answered all at once, by pointer. Lists are separated by commas, given several times, or both; a
/// field of a field is named with a dot: <c>gate.forwardMean=0.01</c>.
/// </summary>
internal static class QueryBody
{
    /// <summary>Reads and checks the options.</summary>
    public static T Parse<T>(IEnumerable<KeyValuePair<string, StringValues>> query)
        where T : class
    {
        var fields = query.ToList();
        var problems = new Problems();
        if (TryParse<T>(fields, problems) is { } options) return options;
        // What could be read is checked too, without what could not: everything that is wrong is said at once.
        var wrong = problems.ByPointer().Keys.ToList();
        var rest = fields.Where(field => !wrong.Any(pointer => IsAt(pointer, field.Key))).ToList();
        var others = new Problems();
        if (rest.Count < fields.Count) TryParse<T>(rest, others);
        // What was left out because it is wrong is not missing.
        foreach (var (pointer, messages) in others.ByPointer().Where(other => !wrong.Contains(other.Key)))
            foreach (var message in messages) At(problems, pointer).Add(message);
        throw new InvalidInputException(problems);
    }

    /// <summary>A JSON object with the fields of the query put before its own, so that both are read by the same rules: what both give is given twice.</summary>
    public static ReadOnlyMemory<byte> Before<T>(IEnumerable<KeyValuePair<string, StringValues>> query, ReadOnlyMemory<byte> json)
    {
        var fields = Write(query, Json.Options.GetTypeInfo(typeof(T))).AsSpan();
        var start = json.Span.IndexOfAnyExcept(" \t\r\n"u8);
        // Without fields, or where there is no object, there is nothing to put anywhere.
        if (fields.Length == 2 || start < 0 || json.Span[start] != (byte)'{') return json;
        var own = json.Span[(start + 1)..];
        var isEmpty = own.IndexOfAnyExcept(" \t\r\n"u8) is var next && next >= 0 && own[next] == (byte)'}';
        var whole = new byte[fields.Length + own.Length];
        fields.CopyTo(whole);
        whole[fields.Length - 1] = isEmpty ? (byte)' ' : (byte)',';
        own.CopyTo(whole.AsSpan(fields.Length));
        return whole;
    }

    private static Problems At(Problems problems, string pointer) =>
        pointer.Split('/').Skip(1).Aggregate(problems, (inner, step) => inner.At(Unescape(step)));

    private static bool IsAt(string pointer, string key)
    {
        var path = $"/{Escape(key)}";
        return pointer == path || pointer.StartsWith(path + "/", StringComparison.Ordinal);
    }

    private static T? TryParse<T>(IReadOnlyList<KeyValuePair<string, StringValues>> query, Problems problems)
        where T : class
    {
        try
        {
            return Body<T>.Parse(Write(query, (JsonTypeInfo<T>)Json.Options.GetTypeInfo(typeof(T))));
        }
        catch (InvalidInputException invalid)
        {
            AddAsWritten(invalid.Problems, query, problems);
            return null;
        }
    }

    private static byte[] Write(IEnumerable<KeyValuePair<string, StringValues>> query, JsonTypeInfo type)
    {
        var properties = type.Properties.Where(property => property.Set is not null).ToDictionary(property => property.Name, property => property.PropertyType);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (key, values) in query.Where(entry => !IsNested(entry.Key, properties))) WriteField(writer, key, values, properties.GetValueOrDefault(key));
            foreach (var group in query.Where(entry => IsNested(entry.Key, properties)).GroupBy(entry => entry.Key[..entry.Key.IndexOf('.')]))
            {
                writer.WriteStartObject(group.Key);
                foreach (var (key, values) in group) WriteField(writer, key[(group.Key.Length + 1)..], values, typeof(double));
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static bool IsNested(string key, Dictionary<string, Type> properties) =>
        key.IndexOf('.') is > 0 and var dot && properties.TryGetValue(key[..dot], out var type) && IsMap(type);

    private static bool IsMap(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>);

    private static void WriteField(Utf8JsonWriter writer, string key, StringValues values, Type? type)
    {
        if (type is not null && type != typeof(string) && !IsMap(type) && typeof(IEnumerable).IsAssignableFrom(type))
        {
            writer.WriteStartArray(key);
            foreach (var value in values.SelectMany(text => (text ?? "").Split(','))) WriteValue(writer, value.Trim(), isText: false);
            writer.WriteEndArray();
            return;
        }

        // What is given twice is written twice, and refused as it would be in a document.
        foreach (var value in values)
        {
            writer.WritePropertyName(key);
            WriteValue(writer, value ?? "", type is null || type == typeof(string) || (Nullable.GetUnderlyingType(type) ?? type).IsEnum);
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, string text, bool isText)
    {
        if (!isText && (text is "true" or "false" || IsNumeral(text))) writer.WriteRawValue(text);
        else writer.WriteStringValue(text);
    }

    private static bool IsNumeral(string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            return text.Length > 0 && !char.IsWhiteSpace(text[0]) && !char.IsWhiteSpace(text[^1]) && reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Names the fields as the client did: <c>/gate.forwardMean</c>.</summary>
    private static void AddAsWritten(Problems problems, IReadOnlyList<KeyValuePair<string, StringValues>> query, Problems written)
    {
        var dotted = query.Select(entry => entry.Key).Where(key => key.Contains('.'))
            .ToDictionary(key => $"/{Escape(key[..key.IndexOf('.')])}/{Escape(key[(key.IndexOf('.') + 1)..])}", StringComparer.Ordinal);
        foreach (var (pointer, messages) in problems.ByPointer())
        {
            var at = dotted.TryGetValue(pointer, out var key) ? written.At(key) : At(written, pointer);
            foreach (var message in messages) at.Add(message);
        }
    }

    private static string Escape(string step) => step.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Unescape(string step) => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
