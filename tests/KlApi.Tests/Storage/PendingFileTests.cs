using KlApi.Storage;

namespace KlApi.Tests.Storage;

public sealed class PendingFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kl-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Commit_ShowsTheWholeFileUnderItsName()
    {
        await using (var pending = PendingFile.In(_folder))
        {
            await pending.Stream.WriteAsync(new byte[100_000]);
            Assert.False(File.Exists(Path.Combine(_folder, "a.bin")));
            await pending.Commit("a.bin");
        }

        Assert.Equal(100_000, new FileInfo(Path.Combine(_folder, "a.bin")).Length);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Dispose_WithoutCommit_LeavesNothing()
    {
        await using (var pending = PendingFile.In(_folder)) await pending.Stream.WriteAsync(new byte[10]);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Folder_AfterAKill_IsRidOfUnfinishedFilesOnly()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "whole.bin"), "x");
        var abandoned = PendingFile.In(_folder);
        await abandoned.Stream.WriteAsync(new byte[10]);
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
        new DataDirectory(Path.GetDirectoryName(_folder)!).Folder(Path.GetFileName(_folder));
        Assert.Equal("whole.bin", Path.GetFileName(Assert.Single(Directory.GetFiles(_folder))));
        await abandoned.DisposeAsync();
    }
}
