using System.Collections.Concurrent;

namespace KlApi.Jobs;

/// <summary>The jobs that run in this process, so that a cancellation reaches them within a step and not with the next beat.</summary>
internal sealed class RunningJobs
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new();

    public int Count => _running.Count;

    public bool Contains(string jobId) => _running.ContainsKey(jobId);

    /// <summary>Null if the job runs here already.</summary>
    public CancellationTokenSource? Enter(string jobId)
    {
        var source = new CancellationTokenSource();
        if (_running.TryAdd(jobId, source)) return source;
        source.Dispose();
        return null;
    }

    public void Leave(string jobId)
    {
        if (_running.TryRemove(jobId, out var source)) source.Dispose();
    }

    public void Cancel(string jobId)
    {
        try
        {
            if (_running.TryGetValue(jobId, out var source)) source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended in between.
        }
    }
}
