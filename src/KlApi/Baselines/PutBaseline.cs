using System.ComponentModel;
using KlApi.Host;
using KlApi.Storage;
using KlApi.Storage.Logits;
using KlCore;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KlApi.Baselines;

/// <summary><c>PUT /v1/baselines/{name}</c></summary>
internal static class PutBaseline
{
    private const int LongestTensor = 500;

    public static void Map(RouteGroupBuilder baselines) => baselines.MapPut("/{name}", Handle)
        .Describe(
            "Store a baseline",
            """
            Streams a reference's logits to the server, which tells the format by the first bytes, checks the data as it arrives and refuses it at the first byte that its format
            does not allow. Rows are positions of a text (the leading dimensions of an array are flattened), the last dimension is the vocabulary.

            `.npy` (versions 1 to 3; f2, f4, f8; either order of bytes), one tensor of a `.safetensors` file (F64, F32, F16, BF16; `tensor` names it where there are several that
            could be meant), the file that llama.cpp's `llama-perplexity --kl-divergence-base` writes (it has the tokens too, which become the targets), or JSON lines (an array of
            logits per line, or an object with `logits` and, if known, `target`).

            A baseline never changes: the same content again answers 200 with what is there, other content 409 `baseline-exists`. It exists once 201 is answered, and from then on
            survives anything; of an upload that fails or is cut off nothing remains.
            """,
            400, 409, 413, 415, 422, 503, 507)
        .WithMetadata(new LogitsBody())
        .DisableRequestTimeout();

    private static async Task<Results<Created<Baseline>, Ok<Baseline>>> Handle(
        HttpContext context,
        BaselineTable table,
        BaselineFiles files,
        StorageQuota quota,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        [Description("What to call it: 1 to 100 characters of A-Z, a-z, 0-9, '.', '_' and '-', not beginning with '.'.")] string name,
        [Description("The tensor of a safetensors file; needed where several could hold logits.")] string? tensor,
        CancellationToken cancellation)
    {
        var problems = new Problems();
        BaselineName.Check(name, problems, "name");
        if (tensor?.Length is 0 or > LongestTensor) problems.Add("tensor", $"must have 1 to {LongestTensor} characters, had {tensor.Length}");
        problems.ThrowIfAny();
        LogitsBody.RequirePlausible(UploadStream.Open(context));
        var announced = context.Request.ContentLength;
        if (await table.Find(name, cancellation) is { } known)
        {
            await RequireSame(known.Baseline, tensor, announced, context.Request.Body, lifetime, cancellation);
            return TypedResults.Ok(known.Baseline);
        }

        using var reservation = quota.Reserve(announced);
        files.RequireRoom(announced ?? 0);
        using var intake = new LogitsIntake(tensor);
        await using var upload = new Upload(files, reservation);
        var received = await UploadStream.UntilStop(lifetime, stop => upload.Receive(context.Request.Body, piece => intake.Append(piece.Span), stop), cancellation);
        var reader = intake.Complete();
        var shape = reader.Shape!;
        var baseline = new Baseline
        {
            Name = name,
            Rows = reader.RowsRead,
            Vocabulary = shape.Vocabulary,
            DataType = shape.DataType,
            Format = shape.Format,
            Tensor = tensor,
            Bytes = received.Bytes,
            Sha256 = received.Sha256,
            Targets = reader.Targets is not null,
            ChunkRows = shape.ChunkRows,
            // To the millisecond, as the database keeps it: the first answer and all later ones say the same.
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()).UtcDateTime,
        };
        var id = Ids.Next(time);
        var holder = await Commit(new StoredBaseline(baseline, id, null, null), reader.Targets, upload, table, files, quota, time);
        if (holder.File == id) return TypedResults.Created($"/v1/baselines/{name}", baseline);
        // Somebody else was first while this arrived.
        if (holder.Baseline.Sha256 != baseline.Sha256 || !IsSameTensor(holder.Baseline, tensor)) throw Taken();
        return TypedResults.Ok(holder.Baseline);
    }

    /// <summary>Stores the baseline, and its targets first where it has some, unless its name is taken; returns who has the name.</summary>
    private static async Task<StoredBaseline> Commit(
        StoredBaseline stored, IReadOnlyList<int>? targets, Upload upload, BaselineTable table, BaselineFiles files, StorageQuota quota, TimeProvider time)
    {
        var holder = stored;
        if (targets is null)
        {
            await upload.Commit(stored.File, () => Add(stored));
            return holder;
        }

        await using var kept = new TargetsUpload(files, quota, stored.Baseline.Vocabulary);
        await kept.Append(targets, CancellationToken.None);
        var target = new StoredTargets(Ids.Next(time), kept.Sha256());
        await kept.Commit(target, () => upload.Commit(stored.File, () => Add(stored with { TargetsFile = target.File, TargetsSha256 = target.Sha256 })));
        return holder;

        async Task<bool> Add(StoredBaseline whole)
        {
            holder = await table.Add(whole);
            return holder.File == whole.File;
        }
    }

    /// <summary>The content of an upload whose name is taken is only compared: nothing is written.</summary>
    private static async Task RequireSame(Baseline known, string? tensor, long? announced, Stream body, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        if (announced is { } bytes && bytes != known.Bytes || !IsSameTensor(known, tensor)) throw Taken();
        var sha256 = await UploadStream.UntilStop(lifetime, stop => ContentHash.Of(body, known.Bytes, stop), cancellation);
        if (sha256 != known.Sha256) throw Taken();
    }

    // Without a name it is the only one that could be meant.
    private static bool IsSameTensor(Baseline known, string? tensor) => tensor is null || known.Tensor is null || tensor == known.Tensor;

    private static RefusedException Taken() =>
        Refusal.Conflict("baseline-exists", "There is a baseline of this name with other content. Baselines never change: take another name, or delete the one that is there.");
}
