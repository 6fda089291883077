using KlCore.Formats;

namespace KlApi.Datasets;

/// <summary>The formats that a dataset can have.</summary>
internal enum DatasetFormat
{
    /// <summary><c>text/csv</c>: comma-separated values, RFC 4180, UTF-8.</summary>
    Csv,

    /// <summary><c>application/x-npy</c>: a NumPy array of numbers with one or two dimensions.</summary>
    Npy,

    /// <summary><c>application/x-ndjson</c>: one JSON object per line, all with the same keys.</summary>
    Ndjson,

    /// <summary><c>text/plain</c>: lines of text, UTF-8.</summary>
    Text,
}

/// <summary>How formats are told apart, and who reads them.</summary>
internal static class DatasetFormats
{
    private static readonly (DatasetFormat Format, string MediaType, string[] Extensions)[] Known =
    [
        (DatasetFormat.Csv, "text/csv", [".csv"]),
        (DatasetFormat.Npy, "application/x-npy", [".npy"]),
        (DatasetFormat.Ndjson, "application/x-ndjson", [".ndjson", ".jsonl"]),
        (DatasetFormat.Text, "text/plain", [".txt"]),
    ];

    /// <summary>The media types that are read, for messages and the document.</summary>
    public static IReadOnlyList<string> MediaTypes { get; } = [.. Known.Select(known => known.MediaType)];

    /// <summary>The format of a media type without parameters, or null.</summary>
    public static DatasetFormat? OfMediaType(string mediaType)
    {
        foreach (var known in Known)
            if (known.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)) return known.Format;
        return null;
    }

    /// <summary>The format that a file's name tells, or null.</summary>
    public static DatasetFormat? OfFileName(string name)
    {
        foreach (var known in Known)
            if (Array.Exists(known.Extensions, extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))) return known.Format;
        return null;
    }

    /// <summary>What a download says it is.</summary>
    public static string ContentType(this DatasetFormat format)
    {
        var mediaType = Known[(int)format].MediaType;
        return mediaType.StartsWith("text/", StringComparison.Ordinal) ? $"{mediaType}; charset=utf-8" : mediaType;
    }

    /// <summary>The name of a dataset that nobody named.</summary>
    public static string DefaultName(this DatasetFormat format) => $"dataset{Known[(int)format].Extensions[0]}";

    /// <summary>Starts to read data of the format.</summary>
    public static TableReader Open(this DatasetFormat format, bool? header, NumberVisitor? numbers = null, TextVisitor? texts = null) => format switch
    {
        DatasetFormat.Csv => new CsvReader(header) { Numbers = numbers, Texts = texts },
        DatasetFormat.Npy => new NpyReader { Numbers = numbers },
        DatasetFormat.Ndjson => new JsonLinesReader { Numbers = numbers, Texts = texts },
        _ => new TextLinesReader { Numbers = numbers, Texts = texts },
    };
}
