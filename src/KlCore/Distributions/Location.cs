using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Distributions;

/// <summary>A point: one number, or a vector of numbers. In JSON <c>3</c> or <c>[3, 4]</c>, written back as it was given.</summary>
[JsonConverter(typeof(LocationConverter))]
public sealed class Location
{
    private readonly double[] _coordinates;

    /// <summary>A number.</summary>
    public Location(double value) => (_coordinates, IsNumber) = ([value], true);

    /// <summary>A vector.</summary>
    public Location(double[] coordinates) => _coordinates = coordinates;

    /// <summary>How many coordinates it has.</summary>
    public int Dimension => _coordinates.Length;

    /// <summary>Whether it was given as a number.</summary>
    public bool IsNumber { get; }

    /// <summary>The coordinates.</summary>
    public ReadOnlySpan<double> Coordinates => _coordinates;

    /// <summary>Adds a problem if there is no coordinate, and for every one that is not finite.</summary>
    public void Check(Problems problems)
    {
        if (Dimension == 0) problems.Add("must have at least 1 coordinate, had none");
        for (var i = 0; i < Dimension; i++)
        {
            if (double.IsFinite(_coordinates[i])) continue;
            (IsNumber ? problems : problems.At(i)).Add($"must be finite, was {_coordinates[i]:R}");
        }
    }
}

/// <summary>Reads and writes a <see cref="Location"/>.</summary>
internal sealed class LocationConverter : JsonConverter<Location>
{
    /// <inheritdoc/>
    public override Location Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var number = (JsonConverter<double>)options.GetConverter(typeof(double));
        if (reader.TokenType == JsonTokenType.Number) return new Location(number.Read(ref reader, typeof(double), options));
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("must be a number or an array of numbers");
        var coordinates = new List<double>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            // The path is relative to the location, as that of an element would be.
            if (reader.TokenType != JsonTokenType.Number) throw At(coordinates.Count, "must be a finite number");
            try
            {
                coordinates.Add(number.Read(ref reader, typeof(double), options));
            }
            catch (JsonException failure)
            {
                throw At(coordinates.Count, failure.Message);
            }
        }

        return new Location([.. coordinates]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Location value, JsonSerializerOptions options)
    {
        if (!value.IsNumber) writer.WriteStartArray();
        foreach (var coordinate in value.Coordinates) writer.WriteNumberValue(coordinate);
        if (!value.IsNumber) writer.WriteEndArray();
    }

    private static JsonException At(int index, string message) => new(message, $"$[{index}]", null, null);
}
