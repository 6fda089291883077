using System.Buffers;
using KlApi.Host;
using KlApi.Storage;
using KlApi.Storage.Logits;
using KlCore.Formats;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace KlApi.Baselines;

/// <summary><c>PUT</c> and <c>GET /v1/baselines/{name}/targets</c></summary>
internal static class PutTargets
{
    private const int PieceLength = 128 << 10;

    /// <summary>What a target takes at most where it is text.</summary>
    private const int LongestTarget = 64;

    public static void Map(RouteGroupBuilder baselines)
    {
        baselines.MapPut("/{name}/targets", Handle)
            .Describe(
                "Give a baseline its targets",
                """
                The id of the token that follows each row, from 0 up and below the vocabulary; -1 (or -100) where a row has none. A `.npy` array of whole numbers of any shape, a
                tensor of a `.safetensors` file, or whole numbers as text. With targets a report tells perplexities and the probability of what was said. A baseline from a kld
                file has them already.

                They never change: the same again answers 200, others 409 `targets-exist`. They must be as many as the rows (422 `row-count-mismatch`) and within the vocabulary
                (422 `token-out-of-range`, naming the first index).

                `curl -T tokens.npy http://localhost:5080/v1/baselines/base/targets`
                """,
                400, 404, 409, 413, 415, 422, 503, 507)
            .Example("For a baseline of two rows", "0 2\n", "application/octet-stream", "The baseline must be there.")
            .WithMetadata(new LogitsBody())
            .DisableRequestTimeout();
        baselines.MapGet("/{name}/targets", Get)
            .Describe("Download targets", "The targets as a `.npy` list of 32-bit whole numbers, -1 where a row has none. 404 while there are none.", 404, 503)
            .Produces(200, contentType: "application/x-npy")
            .DisableRequestTimeout();
    }

    private static async Task<Ok<Baseline>> Handle(
        string name, HttpContext context, BaselineTable table, BaselineFiles files, StorageQuota quota, TimeProvider time, IOptions<Limits> limits, IHostApplicationLifetime lifetime,
        CancellationToken cancellation)
    {
        LogitsBody.RequirePlausible(UploadStream.Open(context));
        var stored = await table.Require(name, cancellation);
        var (rows, vocabulary) = (stored.Baseline.Rows, stored.Baseline.Vocabulary);
        var largest = Math.Min(limits.Value.UploadBytes, (1 << 20) + LongestTarget * rows);
        if (context.Request.ContentLength > largest) throw TooLarge(largest);
        var intake = new TargetsIntake(rows);
        await UploadStream.UntilStop(lifetime, stop => Receive(context.Request.Body, intake, largest, stop), cancellation);
        var targets = intake.Complete();
        await using var upload = new TargetsUpload(files, quota, vocabulary);
        await upload.Append(targets, cancellation);
        var own = new StoredTargets(Ids.Next(time), upload.Sha256());
        if (stored.TargetsFile is null)
        {
            var holder = stored;
            await upload.Commit(own, async () =>
            {
                holder = await table.SetTargets(stored.File, own.File, own.Sha256) ?? throw Refusal.NotFound("baseline");
                return holder.TargetsFile == own.File;
            });
            stored = holder;
        }

        return stored.TargetsSha256 == own.Sha256
            ? TypedResults.Ok(stored.Baseline)
            : throw Refusal.Conflict("targets-exist", "This baseline has other targets already. They never change: store the logits under another name.");
    }

    private static async Task<bool> Receive(Stream body, TargetsIntake intake, long largest, CancellationToken cancellation)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        long received = 0;
        try
        {
            while (await body.ReadAsync(piece, cancellation) is var length and > 0)
            {
                received += length;
                if (received > largest) throw TooLarge(largest);
                intake.Append(piece.AsSpan(0, length));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return true;
    }

    private static RefusedException TooLarge(long largest) => Refusal.TooLarge($"The targets of this baseline may have at most {largest} bytes.");

    private static async Task<IResult> Get(string name, BaselineTable table, BaselineFiles files, CancellationToken cancellation)
    {
        var stored = await table.Require(name, cancellation);
        if (stored.TargetsFile is null) throw new RefusedException(404, "no-targets", "This baseline has no targets.");
        if (files.Open(stored.TargetsFile) is not { } file) throw Refusal.NotFound("baseline");
        return Results.Stream(
            async output =>
            {
                await using (file)
                {
                    await output.WriteAsync(NpyPreamble.Of("'<i4'", stored.Baseline.Rows), cancellation);
                    await file.CopyToAsync(output, cancellation);
                }
            },
            "application/x-npy",
            $"{name}.targets.npy");
    }
}
