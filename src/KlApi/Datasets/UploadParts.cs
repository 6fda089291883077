using KlApi.Host;
using KlCore;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace KlApi.Datasets;

/// <summary>The body of an upload, told apart from what it is wrapped in: sent as it is, or as the one file of a form.</summary>
internal static class UploadParts
{
    private const int LongestName = 200;

    /// <summary>What a raw body is, by its Content-Type.</summary>
    public static DatasetFormat FormatOf(MediaTypeHeaderValue type)
    {
        if (DatasetFormats.OfMediaType(type.MediaType.ToString()) is not { } format) throw Unsupported();
        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        if (charset.HasValue && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase))
            throw Refusal.MediaType("Text is read as UTF-8 and in no other charset.");
        return format;
    }

    /// <summary>What a file of a form is: by its own Content-Type, or, where clients only say "some bytes", by its name.</summary>
    public static DatasetFormat FormatOf(MultipartSection section, string fileName)
    {
        Form.RequirePlain(section);
        var known = MediaTypeHeaderValue.TryParse(section.ContentType, out var type);
        if (!known || type!.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase) || DatasetFormats.OfMediaType(type.MediaType.ToString()) is null)
            return DatasetFormats.OfFileName(fileName) ?? throw Unsupported();
        // curl and others call every unknown file text/plain; a name that says more is believed.
        var format = FormatOf(type);
        return format == DatasetFormat.Text ? DatasetFormats.OfFileName(fileName) ?? format : format;
    }

    /// <summary>The field that names the dataset.</summary>
    public static async Task<string> Name(MultipartSection section, CancellationToken cancellation) => CheckName(await Form.Text(section, "name", LongestName, cancellation));

    /// <summary>The name that a client gave, checked. It is only ever shown, but it must be possible to show it.</summary>
    public static string CheckName(string name)
    {
        if (name.Length is 0 or > LongestName) throw new InvalidInputException("name", $"must have 1 to {LongestName} characters, had {name.Length}");
        if (name.Any(char.IsControl)) throw new InvalidInputException("name", "must not hold control characters");
        return name;
    }

    private static RefusedException Unsupported() =>
        Refusal.MediaType($"A dataset is sent as {string.Join(", ", DatasetFormats.MediaTypes)}, or as the one file of a multipart/form-data.");
}
