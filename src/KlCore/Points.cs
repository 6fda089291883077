using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore;

/// <summary>
/// Points of one dimension or of many. In JSON an array of rows, <c>[[1, 2], [3, 4]]</c>; plain numbers, <c>[1, 3]</c>, are points of
/// one dimension and are written back as plain numbers.
/// </summary>
[JsonConverter(typeof(PointsConverter))]
public sealed class Points
{
    private readonly double[] _coordinates;
    private readonly (int Row, int Length)? _ragged;

    /// <summary>Points of one dimension.</summary>
    public Points(IEnumerable<double> values)
    {
        _coordinates = [.. values];
        (Count, Dimension, IsPlain) = (_coordinates.Length, 1, true);
    }

    /// <summary>Points given as rows; all must be equally long, which <see cref="Check"/> tests.</summary>
    public Points(IReadOnlyList<double[]> rows)
    {
        (Count, Dimension) = (rows.Count, rows.Count == 0 ? 0 : rows[0].Length);
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            if (rows[i].Length != Dimension) _ragged = (i, rows[i].Length);
        }

        _coordinates = [.. rows.SelectMany(row => row)];
    }

    internal Points(double[] coordinates, int dimension, bool plain)
    {
        _coordinates = coordinates;
        (Count, Dimension, IsPlain) = (coordinates.Length / Math.Max(1, dimension), dimension, plain);
    }

    /// <summary>Points whose coordinates stand one after the other; of one coordinate plain numbers.</summary>
    public static Points Of(double[] coordinates, int dimension) => new(coordinates, dimension, plain: dimension == 1);

    /// <summary>How many points there are.</summary>
    public int Count { get; }

    /// <summary>How many coordinates each point has.</summary>
    public int Dimension { get; }

    /// <summary>Whether they were given as plain numbers.</summary>
    public bool IsPlain { get; }

    /// <summary>All coordinates, one point after the other.</summary>
    public ReadOnlySpan<double> Coordinates => _coordinates;

    /// <summary>The coordinates of one point.</summary>
    public ReadOnlySpan<double> this[int index] => _coordinates.AsSpan(index * Dimension, Dimension);

    /// <summary>Adds a problem for rows of unequal or zero length and for every coordinate that is not finite.</summary>
    public void Check(Problems problems)
    {
        if (_ragged is { } odd)
        {
            problems.At(odd.Row).Add($"must have {Dimension} coordinates like the first point, had {odd.Length}");
            return;
        }

        if (Count > 0 && Dimension == 0) problems.At(0).Add("must have at least 1 coordinate, had none");
        for (var i = 0; i < _coordinates.Length; i++)
        {
            if (double.IsFinite(_coordinates[i])) continue;
            var row = problems.At(i / Dimension);
            (IsPlain ? row : row.At(i % Dimension)).Add(double.IsNaN(_coordinates[i]) ? "must be a finite number, is none (the cell is empty, NaN or infinite)" : $"must be finite, was {_coordinates[i]:R}");
        }
    }
}

/// <summary>Reads and writes <see cref="Points"/>: numbers or rows of numbers, never both.</summary>
internal sealed class PointsConverter : JsonConverter<Points>
{
    /// <inheritdoc/>
    public override Points Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("must be an array of numbers or of rows of numbers");
        var number = (JsonConverter<double>)options.GetConverter(typeof(double));
        reader.Read();
        return reader.TokenType == JsonTokenType.StartArray ? ReadRows(ref reader, number, options) : new Points(ReadNumbers(ref reader, number, options));
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Points value, JsonSerializerOptions options)
    {
        // Draws of heavy tails may be infinite, which this converter writes as a string.
        var number = (JsonConverter<double>)options.GetConverter(typeof(double));
        writer.WriteStartArray();
        for (var i = 0; i < value.Count; i++)
        {
            if (!value.IsPlain) writer.WriteStartArray();
            foreach (var coordinate in value[i]) number.Write(writer, coordinate, options);
            if (!value.IsPlain) writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static Points ReadRows(ref Utf8JsonReader reader, JsonConverter<double> number, JsonSerializerOptions options)
    {
        var rows = new List<double[]>();
        for (; reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            if (reader.TokenType != JsonTokenType.StartArray) throw At("$", rows.Count, "must be a row of numbers, like the first element");
            reader.Read();
            rows.Add([.. ReadNumbers(ref reader, number, options, $"$[{rows.Count}]")]);
        }

        return new Points(rows);
    }

    // Starts on the first element and stops on the closing bracket.
    private static List<double> ReadNumbers(ref Utf8JsonReader reader, JsonConverter<double> number, JsonSerializerOptions options, string path = "$")
    {
        var numbers = new List<double>();
        for (; reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            if (reader.TokenType != JsonTokenType.Number) throw At(path, numbers.Count, "must be a finite number");
            try
            {
                numbers.Add(number.Read(ref reader, typeof(double), options));
            }
            catch (JsonException failure)
            {
                throw At(path, numbers.Count, failure.Message);
            }
        }

        return numbers;
    }

    // The path is relative to the points, as that of an element would be.
    private static JsonException At(string path, int index, string message) => new(message, $"{path}[{index}]", null, null);
}
