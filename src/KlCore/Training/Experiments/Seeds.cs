using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Training.Experiments;

/// <summary>The seeds of runs that differ in nothing else: a list of them, or how many, which stands for 1, 2, 3, ….</summary>
[JsonConverter(typeof(SeedsConverter))]
public sealed record Seeds(IReadOnlyList<long> Values) : IChecked
{
    /// <summary>How many there may be.</summary>
    public const int Most = 100;

    private const long Largest = 9007199254740991L;

    /// <summary>Whether only their number was given, so that it is free which they are.</summary>
    internal bool IsCount { get; private init; }

    /// <summary>1, 2, …, <paramref name="count"/>.</summary>
    public static Seeds First(int count) => new([.. Enumerable.Range(1, Math.Max(0, count)).Select(seed => (long)seed)]) { IsCount = true };

    /// <summary>The seeds; where only their number was given, those that follow another one.</summary>
    internal IReadOnlyList<long> After(long seed) => IsCount ? [.. Values.Select(offset => (seed + offset) % Largest)] : Values;

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        if (Values.Count is < 1 or > Most) problems.Add($"must be from 1 to {Most} seeds, were {Values.Count}");
        for (var i = 0; i < Values.Count; i++)
        {
            if (Values[i] is < 0 or > Largest) problems.At(i).Add($"must be at least 0 and at most {Largest}, was {Values[i]}");
            if (Values.Take(i).Contains(Values[i])) problems.At(i).Add($"must be another seed than those before it, was {Values[i]}");
            if (i > Most) break;
        }
    }
}

/// <summary>Reads a number or a list, and writes what was read.</summary>
internal sealed class SeedsConverter : JsonConverter<Seeds>
{
    public override Seeds Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartArray) return new Seeds(ReadAll(ref reader));
        // As many as are too many, so that no number asks for memory.
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count)) return Seeds.First((int)Math.Clamp(count, 0, Seeds.Most + 1));
        throw new JsonException("must be a whole number or an array of whole numbers");
    }

    public override void Write(Utf8JsonWriter writer, Seeds value, JsonSerializerOptions options)
    {
        if (value.IsCount)
        {
            writer.WriteNumberValue(value.Values.Count);
            return;
        }

        writer.WriteStartArray();
        foreach (var seed in value.Values) writer.WriteNumberValue(seed);
        writer.WriteEndArray();
    }

    private static List<long> ReadAll(ref Utf8JsonReader reader)
    {
        var seeds = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var seed)) throw new JsonException("must be an array of whole numbers");
            seeds.Add(seed);
        }

        return seeds;
    }
}
