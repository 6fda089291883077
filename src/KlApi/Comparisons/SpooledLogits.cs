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
        SpooledFile.RequireRoom(request.ContentLength, 2, files, quota, limits.Value);
        var fields = request.Query.ToList();
        var received = new Dictionary<string, SpooledFile>(StringComparer.Ordinal);
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
                received.Add(name, await SpooledFile.Receive(section, files, quota, _ => { }, cancellation));
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

    private async Task<StoredComparison> Compare(SpooledFile p, SpooledFile q, SpooledFile? targets, QueryOptions options, ComparisonRun run, CancellationToken cancellation)
    {
        using var rowsP = await LogitsSource.Open(await p.Rewind(cancellation), options.Tensor, cancellation, "p");
        using var rowsQ = await LogitsSource.Open(await q.Rewind(cancellation), options.Tensor, cancellation, "q");
        await using var own = targets is null ? null : CompareLogits.Targets(await ReadTargets(await targets.Rewind(cancellation), rowsP.Shape.Rows, cancellation));
        return await run.Run(new Sides(rowsP, rowsQ, own, p.Received.Sha256) { CandidateSha256 = q.Received.Sha256 }, options, cancellation);
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
}
