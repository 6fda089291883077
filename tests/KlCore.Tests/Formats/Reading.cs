using KlCore.Formats;

namespace KlCore.Tests.Formats;

/// <summary>Feeds readers in pieces and keeps what came out.</summary>
internal static class Reading
{
    public static readonly string[] Formats = ["csv", "npy", "json-lines", "text"];

    public static TableReader Open(string format, NumberVisitor? numbers = null) => format switch
    {
        "csv" => new CsvReader { Numbers = numbers },
        "npy" => new NpyReader { Numbers = numbers },
        "json-lines" => new JsonLinesReader { Numbers = numbers },
        _ => new TextLinesReader { Numbers = numbers },
    };

    public static TableShape Whole(TableReader reader, byte[] bytes, int piece = int.MaxValue)
    {
        for (var at = 0; at < bytes.Length; at += Math.Min(piece, bytes.Length - at))
            reader.Append(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)));
        return reader.Complete();
    }

    /// <summary>All that can be seen from outside: the shape and every cell, or the failure.</summary>
    public static string Outcome(string format, byte[] bytes, Func<int> piece)
    {
        var seen = new System.Text.StringBuilder();
        var reader = Open(format, (row, column, value) => seen.Append(row).Append(' ').Append(column).Append(' ').Append(value.ToString("R")).Append('\n'));
        try
        {
            for (var at = 0; at < bytes.Length;)
            {
                var length = Math.Min(piece(), bytes.Length - at);
                reader.Append(bytes.AsSpan(at, length));
                at += length;
            }
            var shape = reader.Complete();
            return $"{shape.Rows} {string.Join('|', shape.Columns)}\n{seen}";
        }
        catch (MalformedDataException error)
        {
            return $"{error.Code} {error.Offset} {error.Line} {error.Message}";
        }
    }
}
