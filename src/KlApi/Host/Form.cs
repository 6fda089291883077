using System.Text;
using KlCore;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace KlApi.Host;

/// <summary>A <c>multipart/form-data</c> body, read part by part as it arrives: nothing of it is buffered.</summary>
internal static class Form
{
    private const int LongestBoundary = 70;

    /// <summary>Whether the body is a form.</summary>
    public static bool Is(MediaTypeHeaderValue type) => type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <summary>The parts of a form.</summary>
    public static MultipartReader Read(MediaTypeHeaderValue type, Stream body)
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

    /// <summary>A file of a form must be sent as it is.</summary>
    public static void RequirePlain(MultipartSection section)
    {
        if (section.Headers is { } headers && headers.TryGetValue("Content-Transfer-Encoding", out var encoding)
            && encoding.ToString().ToLowerInvariant() is not ("binary" or "8bit" or "7bit"))
            throw Refusal.MediaType("The file must be sent as it is, not in a transfer encoding.");
    }

    /// <summary>A short field of a form; one of more than so many characters is refused.</summary>
    public static async Task<string> Text(MultipartSection section, string name, int longest, CancellationToken cancellation)
    {
        var bytes = new byte[4 * longest + 1];
        var length = await new FormPart(section.Body).ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        try
        {
            if (length < bytes.Length && new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length) is { } text && text.Length <= longest) return text;
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidInputException(name, "must be UTF-8");
        }

        throw new InvalidInputException(name, $"must have at most {longest} characters, had more");
    }

    /// <summary>Whether the exception says that a form is not well-formed. A client that left and a body that ended early are told apart elsewhere.</summary>
    public static bool IsBroken(Exception exception) => exception is InvalidDataException or IOException and not BadHttpRequestException;

    public static InvalidInputException Malformed(string message) => new("", message);
}
