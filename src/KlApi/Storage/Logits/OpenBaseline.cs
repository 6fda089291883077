using KlApi.Host;

namespace KlApi.Storage.Logits;

/// <summary>A baseline that is being read. It may be deleted meanwhile; who reads it reads on.</summary>
internal sealed class OpenBaseline : IAsyncDisposable
{
    private readonly FileStream _file;

    private OpenBaseline(FileStream file, FileStream? targets, LogitsSource rows) => (_file, Targets, Rows) = (file, targets, rows);

    /// <summary>Its rows.</summary>
    public LogitsSource Rows { get; }

    /// <summary>Its targets, 32 bits each, if it has any.</summary>
    public FileStream? Targets { get; }

    /// <summary>Opens it at its first row; refuses with 404 if it was deleted meanwhile.</summary>
    public static async Task<OpenBaseline> Open(StoredBaseline stored, BaselineFiles files, CancellationToken cancellation)
    {
        var file = files.Open(stored.File) ?? throw Refusal.NotFound("baseline");
        FileStream? targets = null;
        try
        {
            if (stored.TargetsFile is { } id) targets = files.Open(id) ?? throw Refusal.NotFound("baseline");
            return new OpenBaseline(file, targets, await LogitsSource.Open(file, stored.Baseline.Tensor, cancellation));
        }
        catch
        {
            await file.DisposeAsync();
            if (targets is not null) await targets.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Rows.Dispose();
        await _file.DisposeAsync();
        if (Targets is not null) await Targets.DisposeAsync();
    }
}
