using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore;

/// <summary>One row of numbers in a JSON document: read in one go, and where that fails looked through once more for the element that is to blame.</summary>
internal static class NumberRow
{
    /// <summary>Reads the row on whose opening bracket the reader stands, and stops on the closing one.</summary>
    /// <param name="reader">Where to read.</param>
    /// <param name="options">Says how numbers are read.</param>
    /// <param name="path">The row's place in the value that is being read, for example <c>$[2]</c>.</param>
    /// <param name="expected">What the row must be, in words, where no single element is to blame.</param>
    public static double[] Read(ref Utf8JsonReader reader, JsonSerializerOptions options, string path, string expected)
    {
        var start = reader;
        try
        {
            return ((JsonConverter<double[]>)options.GetConverter(typeof(double[]))).Read(ref reader, typeof(double[]), options)!;
        }
        catch (JsonException)
        {
            throw Locate(start, options, path, expected);
        }
    }

    /// <summary>A failure at a path that is relative to the value, as that of an element would be.</summary>
    public static JsonException At(string path, string message) => new(message, path, null, null);

    private static JsonException Locate(Utf8JsonReader reader, JsonSerializerOptions options, string path, string expected)
    {
        var number = (JsonConverter<double>)options.GetConverter(typeof(double));
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            try
            {
                number.Read(ref reader, typeof(double), options);
            }
            catch (JsonException failure)
            {
                return At($"{path}[{i}]", failure.Message);
            }
        }

        return At(path, expected);
    }
}
