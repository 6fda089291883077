using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Training.Topics;

/// <summary>
/// The parameters of a Dirichlet prior: a word (<c>"symmetric"</c>: each 1/K for K topics; <c>"asymmetric"</c>: proportional to 1/(i + sqrt K),
/// with sum 1; <c>"auto"</c>: from 1/K on learned from the documents), one number for all, or a list.
/// </summary>
[JsonConverter(typeof(PriorConverter))]
public sealed class Prior
{
    private static readonly string[] Names = ["symmetric", "asymmetric", "auto"];

    /// <summary>Smaller parameters are refused: their digamma is -1e6 and what it says is beyond a float.</summary>
    private const double Smallest = 1e-6;
    private const double Largest = 1e6;

    private Prior(string? name, IReadOnlyList<double>? values, bool isNumber) => (Name, Values, IsNumber) = (name, values, isNumber);

    /// <summary>1/K each.</summary>
    public static Prior Symmetric { get; } = new("symmetric", null, false);

    /// <summary>The word, if it was one.</summary>
    public string? Name { get; }

    /// <summary>The numbers, if they were given; one alone stands for all.</summary>
    public IReadOnlyList<double>? Values { get; }

    /// <summary>Whether one number was given for all.</summary>
    public bool IsNumber { get; }

    /// <summary>Whether it is learned.</summary>
    public bool IsLearned => Name == "auto";

    /// <summary>Adds a problem for a number that is out of range and for a list of another length.</summary>
    /// <param name="length">How many there must be, and of what; null while that is not known.</param>
    /// <param name="problems">Seen from the prior.</param>
    internal void Check((int Count, string Of)? length, Problems problems)
    {
        for (var i = 0; i < Values?.Count; i++)
        {
            if (Values[i] is >= Smallest and <= Largest) continue;
            (IsNumber ? problems : problems.At(i)).Add($"must be at least {Smallest} and at most {Largest}, was {Values[i]:R}");
        }

        if (length is var (count, of) && Values is not null && !IsNumber && Values.Count != count) problems.Add($"must have {count} numbers, one for each {of}, had {Values.Count}");
    }

    /// <summary>The parameters to begin with.</summary>
    /// <param name="count">How many.</param>
    /// <param name="topics">K.</param>
    internal double[] Start(int count, int topics)
    {
        if (Values is not null) return IsNumber ? [.. Enumerable.Repeat(Values[0], count)] : [.. Values];
        if (Name != "asymmetric") return [.. Enumerable.Repeat(1.0 / topics, count)];
        double[] weights = [.. Enumerable.Range(0, count).Select(i => 1 / (i + Math.Sqrt(count)))];
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }

    /// <summary>Reads and writes one.</summary>
    private sealed class PriorConverter : JsonConverter<Prior>
    {
        private const string Expected = "must be \"symmetric\", \"asymmetric\", \"auto\", a number or a list of numbers";

        public override Prior Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var number = (JsonConverter<double>)options.GetConverter(typeof(double));
            switch (reader.TokenType)
            {
                case JsonTokenType.String when reader.GetString() is { } name && Names.Contains(name): return new Prior(name, null, false);
                case JsonTokenType.Number: return new Prior(null, [number.Read(ref reader, typeof(double), options)], true);
                case JsonTokenType.StartArray: break;
                default: throw new JsonException(Expected);
            }

            var values = new List<double>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.Number) throw new JsonException("must be a number", $"$[{values.Count}]", null, null);
                values.Add(number.Read(ref reader, typeof(double), options));
            }

            return new Prior(null, values, false);
        }

        public override void Write(Utf8JsonWriter writer, Prior value, JsonSerializerOptions options)
        {
            if (value.Name is { } name) writer.WriteStringValue(name);
            else if (value.IsNumber) writer.WriteNumberValue(value.Values![0]);
            else JsonSerializer.Serialize(writer, value.Values, options);
        }
    }
}
