using Microsoft.Extensions.Options;

namespace KlApi.Host;

/// <summary>
/// Who may do heavy work now, so that many who want it at once slow each other down and nobody else. A place is held for a whole comparison, however slowly its data arrives; the
/// processors only while something is computed.
/// </summary>
internal sealed class Admission(IOptions<Limits> limits) : IDisposable
{
    /// <summary>How long somebody waits for a place before being sent away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _places = new(limits.Value.ComparisonsAtOnce);
    private readonly SemaphoreSlim _processors = new(Environment.ProcessorCount);

    public static void AddAdmission(IServiceCollection services)
    {
        services.AddSingleton<Admission>();
        // What is computed takes threads of the pool for milliseconds at a time; requests that need no time find others.
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, 4 * Environment.ProcessorCount), ports);
    }

    /// <summary>Takes a place until it is disposed; refuses with 429 where none gets free in a moment.</summary>
    public async Task<IDisposable> Enter(CancellationToken cancellation)
    {
        if (!await _places.WaitAsync(Patience, cancellation))
            throw Refusal.Overloaded($"{limits.Value.ComparisonsAtOnce} comparisons are at work (limit comparisonsAtOnce of GET /v1/limits); come back in a moment.", TimeSpan.FromSeconds(5));
        return new Place(_places);
    }

    /// <summary>Computes something that takes milliseconds, when a processor is free.</summary>
    public Task Compute(Action work, CancellationToken cancellation) => Compute(
        () =>
        {
            work();
            return true;
        },
        TaskCreationOptions.DenyChildAttach,
        cancellation);

    /// <summary>Computes something that may take seconds, when a processor is free, on a thread of its own.</summary>
    public Task<T> ComputeLong<T>(Func<T> work, CancellationToken cancellation) => Compute(work, TaskCreationOptions.LongRunning, cancellation);

    public void Dispose()
    {
        _places.Dispose();
        _processors.Dispose();
    }

    private async Task<T> Compute<T>(Func<T> work, TaskCreationOptions how, CancellationToken cancellation)
    {
        await _processors.WaitAsync(cancellation);
        try
        {
            return await Task.Factory.StartNew(work, cancellation, how, TaskScheduler.Default);
        }
        finally
        {
            _processors.Release();
        }
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        private SemaphoreSlim? _places = places;

        public void Dispose() => Interlocked.Exchange(ref _places, null)?.Release();
    }
}
