using System.Text;
using KlApi.Host;
using KlCore;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace KlApi.Datasets;

/// <summary>The body of an upload, told apart from what it is wrapped in: sent as it is, or as the one file of a form.</summary>
internal static class UploadParts
{
    private const int LongestBoundary = 70;
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
        if (section.Headers is { } headers && headers.TryGetValue("Content-Transfer-Encoding", out var encoding)
            && encoding.ToString().ToLowerInvariant() is not ("binary" or "8bit" or "7bit"))
            throw Refusal.MediaType("The file must be sent as it is, not in a transfer encoding.");
        var known = MediaTypeHeaderValue.TryParse(section.ContentType, out var type);
        if (!known || type!.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase) || DatasetFormats.OfMediaType(type.MediaType.ToString()) is null)
            return DatasetFormats.OfFileName(fileName) ?? throw Unsupported();
        // curl and others call every unknown file text/plain; a name that says more is believed.
        var format = FormatOf(type);
        return format == DatasetFormat.Text ? DatasetFormats.OfFileName(fileName) ?? format : format;
    }

    /// <summary>The parts of a form.</summary>
    public static MultipartReader Form(MediaTypeHeaderValue type, Stream body)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > LongestBoundary)
            throw Malformed($"must have a Content-Type with a boundary of 1 to {LongestBoundary} characters");
        return new MultipartReader(boundary, body);
    }

    /// <summary>The next part with its disposition, or null after the last.</summary>
    public static async Task<(MultipartSection Section, ContentDispositionHeaderValue Disposition)?> Next(MultipartReader form, CancellationToken cancellation)
    {
        MultipartSection? section;
        try
        {
            section = await form.ReadNextSectionAsync(cancellation);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw Malformed("must be well-formed multipart/form-data that ends with its boundary");
        }
        if (section is null) return null;
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.IsFormDisposition() && !disposition.IsFileDisposition())
            throw Malformed("must have parts with a Content-Disposition: form-data and a name");
        return (section, disposition);
    }

    /// <summary>A short field of a form.</summary>
    public static async Task<string> Text(MultipartSection section, CancellationToken cancellation)
    {
        var bytes = new byte[4 * LongestName + 1];
        var length = await new FormPart(section.Body).ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidInputException("name", "must be UTF-8");
        }
    }

    /// <summary>The name that a client gave, checked. It is only ever shown, but it must be possible to show it.</summary>
    public static string CheckName(string name)
    {
        if (name.Length is 0 or > LongestName) throw new InvalidInputException("name", $"must have 1 to {LongestName} characters, had {name.Length}");
        if (name.Any(char.IsControl)) throw new InvalidInputException("name", "must not hold control characters");
        return name;
    }

    /// <summary>Whether the exception says that a form is not well-formed. A client that left and a body that ended early are told apart elsewhere.</summary>
    public static bool IsBroken(Exception exception) => exception is InvalidDataException or IOException and not BadHttpRequestException;

    public static InvalidInputException Malformed(string message) => new("", message);

    private static RefusedException Unsupported() =>
        Refusal.MediaType($"A dataset is sent as {string.Join(", ", DatasetFormats.MediaTypes)}, or as the one file of a multipart/form-data.");
}
