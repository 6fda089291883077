namespace KlApi.Jobs;

/// <summary>
/// Wakes those who watch a job when something was committed about it. Only a hint, and only within this process: watchers look at the
/// table themselves, and also look when no hint came. A job that nobody watches takes no room.
/// </summary>
internal sealed class JobChanges
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Watched> _watched = [];

    /// <summary>How many jobs are watched.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _watched.Count;
        }
    }

    /// <summary>Begins to watch a job, until it is disposed of.</summary>
    public Watcher Watch(string jobId)
    {
        lock (_gate)
        {
            if (!_watched.TryGetValue(jobId, out var watched)) _watched.Add(jobId, watched = new Watched());
            watched.Watchers++;
            return new Watcher(this, jobId, watched);
        }
    }

    public void Tell(string jobId)
    {
        lock (_gate)
        {
            if (!_watched.TryGetValue(jobId, out var watched)) return;
            watched.Change.TrySetResult();
            watched.Change = NewChange();
        }
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One who watches a job.</summary>
    internal sealed class Watcher(JobChanges changes, string jobId, Watched watched) : IDisposable
    {
        /// <summary>Completes at the next change. Ask for it before looking at the table, or a change in between is missed.</summary>
        public Task Next()
        {
            lock (changes._gate) return watched.Change.Task;
        }

        public void Dispose()
        {
            lock (changes._gate)
                if (--watched.Watchers == 0) changes._watched.Remove(jobId);
        }
    }

    /// <summary>A job that somebody watches, and its next change.</summary>
    internal sealed class Watched
    {
        public int Watchers { get; set; }

        public TaskCompletionSource Change { get; set; } = NewChange();
    }
}
