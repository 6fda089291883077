using KlCore.Formats;

namespace KlCore.Tests.Formats;

/// <summary>Feeds readers in pieces and keeps what came out.</summary>
internal static class Reading
{
    public static readonly string[] Formats = ["csv", "npy", "json-lines", "text"];

    public static TableReader Open(string format, NumberVisitor? numbers = null, TextVisitor? texts = null) => format switch
    {
        "csv" => new CsvReader { Numbers = numbers, Texts = texts },
        "npy" => new NpyReader { Numbers = numbers, Texts = texts },
        "json-lines" => new JsonLinesReader { Numbers = numbers, Texts = texts },
        _ => new TextLinesReader { Numbers = numbers, Texts = texts },
    };

    /// <summary>Every cell as text, by row and column, read in pieces of the given size.</summary>
    public static string[][] Texts(string format, string data, int piece = int.MaxValue)
    {
        var cells = new Dictionary<(long, int), string>();
        var reader = Open(format, texts: (row, column, utf8) => cells.Add((row, column), System.Text.Encoding.UTF8.GetString(utf8)));
        var shape = Whole(reader, System.Text.Encoding.UTF8.GetBytes(data), piece);
        Assert.Equal(shape.Rows * shape.Columns.Count, cells.Count);
        return [.. Enumerable.Range(0, (int)shape.Rows).Select(row => Enumerable.Range(0, shape.Columns.Count).Select(column => cells[(row, column)]).ToArray())];
    }

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
        var reader = Open(
            format,
            (row, column, value) => seen.Append(row).Append(' ').Append(column).Append(' ').Append(value.ToString("R")).Append('\n'),
            (row, column, utf8) => seen.Append(row).Append(' ').Append(column).Append(' ').Append(Convert.ToHexString(utf8)).Append('\n'));
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
