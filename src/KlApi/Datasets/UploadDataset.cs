using System.ComponentModel;
using KlApi.Host;
using KlApi.Storage;
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

            `curl -F file=@wine.csv http://localhost:5080/v1/datasets`
            """,
            400, 413, 415, 503, 507)
        .Example("Two columns of numbers", "alcohol,proline\n14.23,1065\n13.2,1050\n", "text/csv")
        .WithMetadata(new UploadBody())
        .DisableRequestTimeout();

    private static async Task<Created<Dataset>> Handle(
        HttpContext context,
        DatasetFiles files,
        DatasetTable table,
        StorageQuota quota,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        [Description("What to call it, up to 200 characters; else the file's name.")] string? name,
        [Description("For CSV: whether the first row names the columns. Left out, it does unless all its cells are numbers.")] bool? header,
        CancellationToken cancellation)
    {
        var request = context.Request;
        var type = UploadStream.Open(context);
        if (name is not null) UploadParts.CheckName(name);
        var isForm = Form.Is(type);
        var format = isForm ? default : UploadParts.FormatOf(type);

        using var reservation = quota.Reserve(request.ContentLength);
        files.RequireRoom(request.ContentLength ?? 0);
        await using var upload = new Upload(files, reservation);
        var received = await UploadStream.UntilStop(
            lifetime,
            stop => isForm
                ? ReceiveForm(Form.Read(type, request.Body), upload, header, stop)
                : Receive(request.Body, upload, FileName(request), format, header, stop),
            cancellation);
        // To the millisecond, as the database keeps it: the first answer and all later ones say the same.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()).UtcDateTime;
        var dataset = received with { Id = Ids.Next(time), CreatedAt = now, Name = name ?? received.Name };
        await upload.Commit(dataset.Id, async () =>
        {
            await table.Add(dataset, header);
            return true;
        });
        return TypedResults.Created($"/v1/datasets/{dataset.Id}", dataset);
    }

    private static async Task<Dataset> Receive(Stream source, Upload upload, string? name, DatasetFormat format, bool? header, CancellationToken cancellation)
    {
        var reader = format.Open(header);
        var received = await upload.Receive(source, piece => reader.Append(piece.Span), cancellation);
        var shape = reader.Complete();
        return new Dataset
        {
            Id = "",
            Name = name ?? format.DefaultName(),
            Format = format,
            Rows = shape.Rows,
            Columns = shape.Columns.Count,
            Bytes = received.Bytes,
            Sha256 = received.Sha256,
            CreatedAt = default,
            Schema = shape.Columns,
        };
    }

    private static async Task<Dataset> ReceiveForm(MultipartReader form, Upload upload, bool? header, CancellationToken cancellation)
    {
        Dataset? dataset = null;
        string? name = null;
        while (await Form.Next(form, cancellation) is var (section, disposition))
        {
            if (disposition.IsFileDisposition())
            {
                if (dataset is not null) throw Form.Malformed("must hold one file, holds more");
                var fileName = UploadedName(disposition);
                dataset = await Receive(new FormPart(section.Body), upload, fileName, UploadParts.FormatOf(section, fileName ?? ""), header, cancellation);
            }
            else if (name is null && disposition.Name.Equals("name", StringComparison.Ordinal))
                name = await UploadParts.Name(section, cancellation);
            else throw Form.Malformed("may hold one field besides the file, called name");
        }
        if (dataset is null) throw Form.Malformed("must hold one file, holds none");
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
