using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Divergences;

/// <summary>
/// Where each category lies, for the measures that have a ground distance: one coordinate, or one point, for each category. As JSON an
/// array of numbers, or an array of arrays of numbers of equal length.
/// </summary>
/// <param name="Points">One point for each category, all of one dimension.</param>
[JsonConverter(typeof(PositionsConverter))]
public sealed record Positions(double[][] Points)
{
    /// <summary>One coordinate for each category.</summary>
    public static Positions OnLine(IEnumerable<double> coordinates) => new([.. coordinates.Select(x => new[] { x })]);

    /// <summary>0, 1, 2, …: what is meant when no positions are given.</summary>
    public static Positions Ranks(int count) => OnLine(Enumerable.Range(0, count).Select(i => (double)i));

    /// <summary>How many coordinates a point has.</summary>
    public int Dimension() => Points.Length == 0 ? 1 : Points[0].Length;

    /// <summary>Adds every position that is missing, not finite, or of another dimension than the first.</summary>
    /// <param name="count">How many categories there are.</param>
    /// <param name="problems">Where failures go, seen from the positions.</param>
    public void Check(int count, Problems problems)
    {
        if (Points.Length != count) problems.Add($"must have one position for each of the {count} categories, had {Points.Length}");
        for (var i = 0; i < Points.Length; i++)
        {
            if (Points[i] is not { Length: > 0 } point)
            {
                problems.At(i).Add("must have at least one coordinate");
                continue;
            }

            if (point.Length != Points[0].Length) problems.At(i).Add($"must have {Points[0].Length} coordinates like the first, had {point.Length}");
            foreach (var x in point)
            {
                if (!double.IsFinite(x)) problems.At(i).Add($"must be finite, was {x:R}");
            }
        }
    }

    /// <summary>Numbers, or arrays of numbers.</summary>
    private sealed class PositionsConverter : JsonConverter<Positions>
    {
        public override Positions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("Positions are an array of numbers or of points.");
            var points = new List<double[]>();
            var first = JsonTokenType.None;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (first == JsonTokenType.None) first = reader.TokenType;
                if ((first == JsonTokenType.StartArray) != (reader.TokenType == JsonTokenType.StartArray))
                    throw new JsonException("Positions are all numbers or all points.");
                points.Add(reader.TokenType == JsonTokenType.StartArray
                    ? JsonSerializer.Deserialize<double[]>(ref reader, options)!
                    : [JsonSerializer.Deserialize<double>(ref reader, options)]);
            }

            return new(points.ToArray());
        }

        public override void Write(Utf8JsonWriter writer, Positions value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var point in value.Points)
            {
                if (point.Length == 1) JsonSerializer.Serialize(writer, point[0], options);
                else JsonSerializer.Serialize(writer, point, options);
            }

            writer.WriteEndArray();
        }
    }
}
