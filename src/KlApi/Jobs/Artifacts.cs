using System.Security.Cryptography;
using Dapper;
using KlApi.Storage;
using KlCore.Training;

namespace KlApi.Jobs;

/// <summary>A file that a job left, as the table keeps it.</summary>
internal sealed record StoredArtifact
{
    public required string Name { get; init; }

    public required string ContentType { get; init; }

    public required long Bytes { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>Its name on the disk, made here and never by a client.</summary>
    public required string File { get; init; }
}

/// <summary>
/// The files of jobs, flat in one folder. They are durable before the row that names them is committed, so a row never names a file that is
/// not there; files that no row names are what a killed process left, and are swept away at start.
/// </summary>
internal sealed class Artifacts(DataDirectory directory, Database database, ILogger<Artifacts> logger)
{
    private const string Name = "artifacts";

    private string Folder { get; } = Path.Combine(directory.Path, Name);

    /// <summary>Writes the files. Whatever the disk answers is a fault of the storage, and not of the job.</summary>
    public async Task<List<StoredArtifact>> Store(string jobId, long fence, IReadOnlyList<Artifact> artifacts)
    {
        try
        {
            return await Write(jobId, fence, artifacts);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageException.OfFile(exception);
        }
    }

    private async Task<List<StoredArtifact>> Write(string jobId, long fence, IReadOnlyList<Artifact> artifacts)
    {
        var stored = new List<StoredArtifact>();
        foreach (var artifact in artifacts)
        {
            var file = $"{jobId}-{fence}-{stored.Count}";
            await using (var pending = PendingFile.In(Folder))
            {
                await pending.Stream.WriteAsync(artifact.Content);
                await pending.Commit(file);
            }

            stored.Add(new StoredArtifact
            {
                Name = artifact.Name,
                ContentType = artifact.ContentType,
                Bytes = artifact.Content.Length,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(artifact.Content.Span)),
                File = file,
            });
        }

        return stored;
    }

    public FileStream Open(StoredArtifact artifact) => new(Path.Combine(Folder, artifact.File), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    /// <summary>Removes the files of a job whose rows are gone. One that stays is swept away at the next start.</summary>
    public void Delete(IEnumerable<StoredArtifact> artifacts)
    {
        foreach (var artifact in artifacts)
        {
            try
            {
                File.Delete(Path.Combine(Folder, artifact.File));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                logger.LogWarning(exception, "The artifact {File} of a deleted job cannot be removed", artifact.File);
            }
        }
    }

    /// <summary>Removes the files that no job names. Only at start, before any job runs.</summary>
    public async Task Sweep()
    {
        directory.Folder(Name);
        var named = await database.Read(connection => connection.Query<string>("SELECT file FROM job_artifacts").ToHashSet());
        foreach (var file in Directory.EnumerateFiles(Folder))
            if (!named.Contains(Path.GetFileName(file))) File.Delete(file);
    }
}
