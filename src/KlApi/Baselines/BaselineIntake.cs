using KlApi.Host;
using KlApi.Storage;
using KlApi.Storage.Logits;

namespace KlApi.Baselines;

/// <summary>Takes logits in and keeps them under a name, all or nothing.</summary>
internal sealed class BaselineIntake(BaselineTable table, BaselineFiles files, StorageQuota quota, TimeProvider time)
{
    /// <summary>
    /// Stores what the stream holds and checks it on the way. The same content under a name that is taken is what is there already; other content is
    /// refused with 409.
    /// </summary>
    /// <param name="name">The name, legal.</param>
    /// <param name="tensor">The tensor of a safetensors file.</param>
    /// <param name="body">The file.</param>
    /// <param name="announced">How long it says that it is.</param>
    /// <param name="targets">The next tokens of the rows, where they are known and the file does not have them.</param>
    /// <param name="cancellation">Stops the reading. Once all is read nothing does.</param>
    public async Task<(Baseline Baseline, bool IsNew)> Take(
        string name, string? tensor, Stream body, long? announced, IReadOnlyList<int>? targets, CancellationToken cancellation)
    {
        if (await table.Find(name, cancellation) is { } known)
        {
            await RequireSame(known.Baseline, tensor, announced, body, cancellation);
            return (known.Baseline, false);
        }

        using var reservation = quota.Reserve(announced);
        files.RequireRoom(announced ?? 0);
        using var intake = new LogitsIntake(tensor);
        await using var upload = new Upload(files, reservation);
        var received = await upload.Receive(body, piece => intake.Append(piece.Span), cancellation);
        var reader = intake.Complete();
        targets = reader.Targets ?? targets;
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
            Targets = targets is not null,
            ChunkRows = shape.ChunkRows,
            // To the millisecond, as the database keeps it: the first answer and all later ones say the same.
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()).UtcDateTime,
        };
        var id = Ids.Next(time);
        var holder = await Commit(new StoredBaseline(baseline, id, null, null), targets, upload);
        if (holder.File == id) return (baseline, true);
        // Somebody else was first while this arrived.
        if (holder.Baseline.Sha256 != baseline.Sha256 || !IsSameTensor(holder.Baseline, tensor)) throw Taken();
        return (holder.Baseline, false);
    }

    /// <summary>Stores the baseline, and its targets first where it has some, unless its name is taken; returns who has the name.</summary>
    private async Task<StoredBaseline> Commit(StoredBaseline stored, IReadOnlyList<int>? targets, Upload upload)
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
    private static async Task RequireSame(Baseline known, string? tensor, long? announced, Stream body, CancellationToken cancellation)
    {
        if (announced is { } bytes && bytes != known.Bytes || !IsSameTensor(known, tensor)) throw Taken();
        if (await ContentHash.Of(body, known.Bytes, cancellation) != known.Sha256) throw Taken();
    }

    // Without a name it is the only one that could be meant.
    private static bool IsSameTensor(Baseline known, string? tensor) => tensor is null || known.Tensor is null || tensor == known.Tensor;

    private static RefusedException Taken() =>
        Refusal.Conflict("baseline-exists", "There is a baseline of this name with other content. Baselines never change: take another name, or delete the one that is there.");
}
