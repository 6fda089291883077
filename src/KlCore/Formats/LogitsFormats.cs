using System.Buffers.Binary;

namespace KlCore.Formats;

/// <summary>How the formats of logits are told apart, and who reads them.</summary>
public static class LogitsFormats
{
    /// <summary>As many bytes as <see cref="Sniff"/> looks at.</summary>
    public const int SniffLength = 16;

    /// <summary>The media type of bytes that say themselves what they are.</summary>
    public const string AnyMediaType = "application/octet-stream";

    // No format but JSON lines has a registered name; these follow the custom of application/x- and the extension.
    private static readonly (LogitsFormat Format, string MediaType, string[] Extensions)[] Known =
    [
        (LogitsFormat.Npy, "application/x-npy", [".npy"]),
        (LogitsFormat.Safetensors, "application/x-safetensors", [".safetensors"]),
        (LogitsFormat.Kld, "application/x-kld", [".kld"]),
        (LogitsFormat.JsonLines, "application/x-ndjson", [".jsonl", ".ndjson"]),
    ];

    /// <summary>The media types that are read, for messages and the document: one for each format, then <see cref="AnyMediaType"/>.</summary>
    public static IReadOnlyList<string> MediaTypes { get; } = [.. Known.Select(known => known.MediaType), AnyMediaType];

    /// <summary>The format of a media type without parameters; null where it says none, as <see cref="AnyMediaType"/> does.</summary>
    public static LogitsFormat? OfMediaType(string mediaType)
    {
        foreach (var known in Known)
            if (known.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)) return known.Format;
        return null;
    }

    /// <summary>The format that a file's name tells, or null.</summary>
    public static LogitsFormat? OfFileName(string name)
    {
        foreach (var known in Known)
            if (Array.Exists(known.Extensions, extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))) return known.Format;
        return null;
    }

    /// <summary>What a download says it is.</summary>
    public static string MediaType(this LogitsFormat format) => Known[(int)format].MediaType;

    /// <summary>How the name of a file in the format ends, with the dot.</summary>
    public static string Extension(this LogitsFormat format) => Known[(int)format].Extensions[0];

    /// <summary>The format that the data begins with.</summary>
    /// <param name="start">The first <see cref="SniffLength"/> bytes of the data, or all of it where it is shorter.</param>
    /// <exception cref="MalformedDataException">No format begins so.</exception>
    public static LogitsFormat Sniff(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty) throw new MalformedDataException("empty", "the data must hold logits, it is empty", 0);
        if (start[0] == 0x93 && start[1..].StartsWith("NUMPY"u8)) return LogitsFormat.Npy;
        if (start.StartsWith("_logits_"u8)) return LogitsFormat.Kld;
        // The length of a header has zeros at its end, which no text has.
        if (start.Length > SafetensorsHeader.Preamble && start[SafetensorsHeader.Preamble] == (byte)'{' && BinaryPrimitives.ReadUInt64LittleEndian(start) <= uint.MaxValue)
            return LogitsFormat.Safetensors;
        var text = start.StartsWith("\uFEFF"u8) ? start[3..] : start;
        if (text.TrimStart(" \t\r\n"u8) is [(byte)'[' or (byte)'{', ..]) return LogitsFormat.JsonLines;
        throw new MalformedDataException(
            "unknown-format",
            "logits must be a .npy array, a .safetensors file, a file of llama.cpp's --kl-divergence-base, or lines of JSON; the data begins like none of them",
            0);
    }

    /// <summary>Starts to read data of the format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="tensor">The tensor of a safetensors file; null for the only one that could hold logits. Means nothing elsewhere.</param>
    public static LogitsReader Open(this LogitsFormat format, string? tensor = null) => format switch
    {
        LogitsFormat.Npy => new NpyLogitsReader(),
        LogitsFormat.Safetensors => new SafetensorsLogitsReader(tensor),
        LogitsFormat.Kld => new KldLogitsReader(),
        _ => new JsonLogitsReader(),
    };
}
