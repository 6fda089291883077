using KlApi.Host;
using KlApi.Storage;
using KlApi.Storage.Logits;
using KlCore;
using KlCore.Formats;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace KlApi.Comparisons;

/// <summary>Both sides of a form, kept on disk until they are compared.</summary>
internal sealed class SpooledLogits(ComparisonFiles files, StorageQuota quota, IOptions<Limits> limits)
{
    private const int MostFields = 100;
    private const int LongestField = 2000;

    /// <summary>Reads the form, compares what it holds, and forgets the files.</summary>
    public async Task<(StoredComparison Stored, QueryOptions Options)> Compare(MultipartReader form, HttpRequest request, ComparisonRun run, CancellationToken cancellation)
    {
        RequireRoom(request.ContentLength);
        var fields = request.Query.ToList();
        var received = new Dictionary<string, File>(StringComparer.Ordinal);
        try
        {
            while (await Form.Next(form, cancellation) is var (section, disposition))
            {
                var name = disposition.Name.Value?.Trim('"') ?? "";
                if (!disposition.IsFileDisposition())
                {
                    if (fields.Count >= MostFields) throw Form.Malformed($"must have at most {MostFields} fields");
                    fields.Add(new(name, await Form.Text(section, name, LongestField, cancellation)));
                    continue;
                }

                Form.RequirePlain(section);
                if (name is not ("p" or "q" or "targets")) throw new InvalidInputException(name, "is not a known file; known are p, q and targets");
                if (received.ContainsKey(name)) throw new InvalidInputException(name, "must be there once, is there more than once");
                received.Add(name, await Receive(section, cancellation));
            }

            var missing = new Problems();
            foreach (var name in (string[])["p", "q"])
                if (!received.ContainsKey(name)) missing.Add(name, "is required: a file of logits");
            missing.ThrowIfAny();
            var options = QueryBody.Parse<QueryOptions>(Together(fields));
            return (await Compare(received["p"], received["q"], received.GetValueOrDefault("targets"), options, run, cancellation), options);
        }
        finally
        {
            foreach (var file in received.Values) await file.DisposeAsync();
        }
    }

    private async Task<StoredComparison> Compare(File p, File q, File? targets, QueryOptions options, ComparisonRun run, CancellationToken cancellation)
    {
        using var rowsP = await LogitsSource.Open(await p.Upload.Rewind(cancellation), options.Tensor, cancellation, "p");
        using var rowsQ = await LogitsSource.Open(await q.Upload.Rewind(cancellation), options.Tensor, cancellation, "q");
        await using var own = targets is null ? null : CompareLogits.Targets(await ReadTargets(await targets.Upload.Rewind(cancellation), rowsP.Shape.Rows, cancellation));
        return await run.Run(new Sides(rowsP, rowsQ, own, p.Received.Sha256) { CandidateSha256 = q.Received.Sha256 }, options, cancellation);
    }

    /// <summary>What is announced too large is refused before a byte of it is read.</summary>
    private void RequireRoom(long? announced)
    {
        if (announced is not { } bytes) return;
        if (bytes / 2 > limits.Value.UploadBytes) throw Refusal.TooLarge($"Each file may have at most {limits.Value.UploadBytes} bytes (limit uploadBytes of GET /v1/limits).");
        using var room = quota.ReserveOwn();
        room.Need(bytes);
        files.RequireRoom(bytes);
    }

    private async Task<File> Receive(MultipartSection section, CancellationToken cancellation)
    {
        var reservation = quota.Reserve(null);
        var upload = new Upload(files, reservation);
        try
        {
            return new File(upload, reservation, await upload.Receive(new FormPart(section.Body), _ => { }, cancellation));
        }
        catch
        {
            await upload.DisposeAsync();
            reservation.Dispose();
            throw;
        }
    }

    private async Task<int[]> ReadTargets(Stream file, long? rows, CancellationToken cancellation)
    {
        var intake = new TargetsIntake(rows, limits.Value.DatasetNumbers);
        var piece = new byte[64 << 10];
        try
        {
            while (await file.ReadAsync(piece, cancellation) is var length and > 0) intake.Append(piece.AsSpan(0, length));
            return intake.Complete();
        }
        catch (MalformedDataException failure)
        {
            throw failure.Of("targets");
        }
    }

    /// <summary>A field that is given several times is one with several values.</summary>
    private static IEnumerable<KeyValuePair<string, StringValues>> Together(IEnumerable<KeyValuePair<string, StringValues>> fields) =>
        fields.GroupBy(field => field.Key, StringComparer.Ordinal).Select(group => new KeyValuePair<string, StringValues>(group.Key, group.SelectMany(field => field.Value.ToArray()).ToArray()));

    private sealed record File(Upload Upload, StorageQuota.Reservation Reservation, Received Received) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Upload.DisposeAsync();
            Reservation.Dispose();
        }
    }
}
