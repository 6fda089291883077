using System.ComponentModel;
using KlApi.Host;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace KlApi.Datasets;

/// <summary><c>POST /v1/datasets</c></summary>
internal static class UploadDataset
{
    /// <summary>How long an upload may go on once the service is told to stop: enough for most, and the stop stays within its time.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1.5);

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
            400, 413, 415, 503, 507)
        .WithMetadata(new UploadBody())
        .DisableRequestTimeout();

    private static async Task<Created<Dataset>> Handle(
        HttpContext context,
        DatasetFiles files,
        DatasetTable table,
        DatasetQuota quota,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
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
        files.RequireRoom(request.ContentLength ?? 0);
        await using var upload = new Upload(files, reservation);
        var received = await UntilStop(
            stop => isForm
                ? ReceiveForm(UploadParts.Form(type, request.Body), upload, header, stop)
                : upload.Receive(request.Body, FileName(request), format, header, stop),
            lifetime,
            cancellation);
        // To the millisecond, as the database keeps it: the first answer and all later ones say the same.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()).UtcDateTime;
        var dataset = received with { Id = Ids.Next(time), CreatedAt = now, Name = name ?? received.Name };
        await upload.Commit(dataset, header, table);
        return TypedResults.Created($"/v1/datasets/{dataset.Id}", dataset);
    }

    private static async Task<Dataset> UntilStop(Func<CancellationToken, Task<Dataset>> receive, IHostApplicationLifetime lifetime, CancellationToken client)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(client);
        using var stop = lifetime.ApplicationStopping.Register(() => end.CancelAfter(Grace));
        try
        {
            return await receive(end.Token);
        }
        catch (OperationCanceledException) when (!client.IsCancellationRequested && lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw Refusal.NotReady("The service is stopping and the upload was not complete; send it again.", TimeSpan.FromSeconds(5));
        }
    }

    private static async Task<Dataset> ReceiveForm(MultipartReader form, Upload upload, bool? header, CancellationToken cancellation)
    {
        Dataset? dataset = null;
        string? name = null;
        while (await UploadParts.Next(form, cancellation) is var (section, disposition))
        {
            if (disposition.IsFileDisposition())
            {
                if (dataset is not null) throw UploadParts.Malformed("must hold one file, holds more");
                var fileName = UploadedName(disposition);
                dataset = await upload.Receive(new FormPart(section.Body), fileName, UploadParts.FormatOf(section, fileName ?? ""), header, cancellation);
            }
            else if (name is null && disposition.Name.Equals("name", StringComparison.Ordinal))
                name = UploadParts.CheckName(await UploadParts.Text(section, cancellation));
            else throw UploadParts.Malformed("may hold one field besides the file, called name");
        }
        if (dataset is null) throw UploadParts.Malformed("must hold one file, holds none");
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
