using System.ComponentModel;
using KlApi.Host;
using KlApi.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace KlApi.Datasets;

/// <summary><c>POST /v1/datasets</c></summary>
internal static class UploadDataset
{
    public static void Map(RouteGroupBuilder datasets) => datasets.MapPost("", Handle)
        .Describe(
            "Upload a dataset",
            """
            Streams a table to the server, which checks it as it arrives and refuses it at the first byte that its format does not allow, naming row and byte.
            The body is the file itself, or a form with one file and, if wanted, a field `name`. Compressed bodies are not read.

            CSV as RFC 4180 has it, in UTF-8; the first row names the columns unless all its cells are numbers. A column whose cells are all numbers or missing
            (empty, NA, NaN, infinite) has type `number`. Arrays of NumPy have one or two dimensions; their columns are "0", "1", …. JSON lines are objects
            with the same keys, of numbers, text, true, false (1, 0) and null. Plain text has one column, `text`, and a row for each line.

            The dataset exists once 201 is answered, and from then on survives anything; of an upload that fails or is cut off nothing remains. The same data sent again makes
            another dataset, with the same `sha256`.
            """,
            400, 413, 415, 507)
        .WithMetadata(new UploadBody())
        .DisableRequestTimeout();

    private static async Task<Created<Dataset>> Handle(
        HttpContext context,
        DatasetFiles files,
        DatasetTable table,
        DatasetQuota quota,
        TimeProvider time,
        [Description("What to call it, up to 200 characters; else the file's name.")] string? name,
        [Description("For CSV: whether the first row names the columns. Left out, it does unless all its cells are numbers.")] bool? header,
        CancellationToken cancellation)
    {
        var request = context.Request;
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            throw Refusal.MediaType("Compressed bodies (Content-Encoding) are not read; send the file as it is.");
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) type = new MediaTypeHeaderValue("application/octet-stream");
        if (name is not null) UploadParts.CheckName(name);
        var isForm = type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);
        var format = isForm ? default : UploadParts.FormatOf(type);
        // The limit is ours to check: that of the server is for JSON.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;

        using var reservation = quota.Reserve(request.ContentLength);
        await using var file = files.Begin();
        var received = isForm
            ? await ReceiveForm(UploadParts.Form(type, request.Body), header, file, reservation, cancellation)
            : await Receive(request.Body, FileName(request), format, header, file, reservation, cancellation);
        var dataset = received with { Id = Ids.Next(time), CreatedAt = Now(time), Name = name ?? received.Name };
        await Keep(dataset, header, file, files, table);
        reservation.Keep(dataset.Bytes);
        return TypedResults.Created($"/v1/datasets/{dataset.Id}", dataset);
    }

    /// <summary>To the millisecond, as the database keeps it: the first answer and all later ones say the same.</summary>
    private static DateTimeOffset Now(TimeProvider time) => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>From here on the upload is complete: a client that leaves now does not undo it.</summary>
    private static async Task Keep(Dataset dataset, bool? header, PendingFile file, DatasetFiles files, DatasetTable table)
    {
        await file.Commit(dataset.Id);
        try
        {
            await table.Add(dataset, header);
        }
        catch
        {
            files.Delete(dataset.Id);
            throw;
        }
    }

    private static async Task<Dataset> Receive(
        Stream body, string? fileName, DatasetFormat format, bool? header, PendingFile file, DatasetQuota.Reservation reservation, CancellationToken cancellation)
    {
        using var upload = new Upload(format, header, file, reservation);
        var shape = await upload.Receive(body, cancellation);
        return new Dataset
        {
            Id = "",
            Name = fileName ?? format.DefaultName(),
            Format = format,
            Rows = shape.Rows,
            Columns = shape.Columns.Count,
            Bytes = upload.Bytes,
            Sha256 = upload.Sha256(),
            CreatedAt = default,
            Schema = shape.Columns,
        };
    }

    private static async Task<Dataset> ReceiveForm(
        MultipartReader form, bool? header, PendingFile file, DatasetQuota.Reservation reservation, CancellationToken cancellation)
    {
        Dataset? dataset = null;
        string? name = null;
        while (await UploadParts.Next(form, cancellation) is var (section, disposition))
        {
            if (disposition.IsFileDisposition())
            {
                if (dataset is not null) throw UploadParts.Malformed("the form must hold one file, it holds more");
                var fileName = UploadedName(disposition);
                dataset = await Receive(
                    new FormPart(section.Body), fileName, UploadParts.FormatOf(section, fileName ?? ""), header, file, reservation, cancellation);
            }
            else if (name is null && disposition.Name.Equals("name", StringComparison.Ordinal))
                name = UploadParts.CheckName(await UploadParts.Text(section, cancellation));
            else throw UploadParts.Malformed("besides the file the form may hold one field, called name");
        }
        if (dataset is null) throw UploadParts.Malformed("the form must hold one file, it holds none");
        return dataset with { Name = name ?? dataset.Name };
    }

    private static string? FileName(HttpRequest request) =>
        ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition) ? UploadedName(disposition) : null;

    private static string? UploadedName(ContentDispositionHeaderValue disposition)
    {
        var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        return name.Length == 0 ? null : UploadParts.CheckName(name);
    }
}
