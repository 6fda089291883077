using System.Collections.Concurrent;

namespace KlApi.Jobs;

/// <summary>
/// Wakes those who watch a job when something was committed about it. Only a hint, and only within this process: watchers look at the
/// table themselves, and also look when no hint came.
/// </summary>
internal sealed class JobChanges
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();

    /// <summary>Completes at the next change. Ask for it before looking at the table, or a change in between is missed.</summary>
    public Task Next(string jobId) =>
        _waiting.GetOrAdd(jobId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Tell(string jobId)
    {
        if (_waiting.TryRemove(jobId, out var waiting)) waiting.TrySetResult();
    }
}
