using System.Text.Json;

namespace KlCore.Logprobs.Completions;

/// <summary>A part of a document, with the place where its failures go. Fields that nobody asks for are no failures: the document is not ours.</summary>
internal readonly record struct Node(JsonElement Element, Problems At)
{
    private const string BrokenName = "has a field whose name has half of a surrogate pair";

    public bool IsNull => Element.ValueKind == JsonValueKind.Null;

    public bool IsArray => Element.ValueKind == JsonValueKind.Array;

    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    public bool IsNumber => Element.ValueKind == JsonValueKind.Number;

    public int Count => IsArray ? Element.GetArrayLength() : 0;

    /// <summary>A member that is there and is not null.</summary>
    public Node? Member(string name) => Field(name) is { IsNull: false } member ? member : null;

    /// <summary>A member that is there, be it null.</summary>
    public Node? Field(string name)
    {
        if (!IsObject) return null;
        try
        {
            return Element.TryGetProperty(name, out var value) ? new Node(value, At.At(name)) : null;
        }
        catch (InvalidOperationException)
        {
            At.Add(BrokenName);
            return null;
        }
    }

    /// <summary>A member that is an array.</summary>
    public Node? Array(string name) => Member(name) is { IsArray: true } array ? array : null;

    /// <summary>An element of an array, if there is one.</summary>
    public Node? Item(int index) => index < Count ? new Node(Element[index], At.At(index)) : null;

    /// <summary>The elements of an array.</summary>
    public IEnumerable<Node> Items()
    {
        if (!IsArray)
        {
            At.Add("must be an array");
            yield break;
        }

        var index = 0;
        foreach (var item in Element.EnumerateArray())
        {
            if (At.Total >= Problems.Limit) yield break;
            yield return new Node(item, At.At(index++));
        }
    }

    /// <summary>The members of an object, each of which must be given once.</summary>
    public IEnumerable<(string Name, Node Value)> Members()
    {
        if (!IsObject)
        {
            At.Add("must be an object");
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in Element.EnumerateObject())
        {
            if (At.Total >= Problems.Limit) yield break;
            if (NameOf(member) is not { } name) At.Add(BrokenName);
            else if (!seen.Add(name)) At.Add(name, "must be given once, but occurs more than once");
            else yield return (name, new Node(member.Value, At.At(name)));
        }
    }

    /// <summary>The text of a string; null with a failure for anything else.</summary>
    public string? Text()
    {
        if (Element.ValueKind == JsonValueKind.String)
        {
            try
            {
                return Element.GetString();
            }
            catch (InvalidOperationException)
            {
                At.Add("has half of a surrogate pair");
                return null;
            }
        }

        At.Add("must be a string");
        return null;
    }

    /// <summary>A token's number; null with a failure for anything else.</summary>
    public int? Id()
    {
        if (IsNumber && Element.TryGetInt32(out var id) && id >= 0) return id;
        At.Add("must be a token id, a whole number from 0");
        return null;
    }

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
