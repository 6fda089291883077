namespace KlCore.Numerics;

/// <summary>
/// Work in a fixed number of parts, done over and over by as many threads as are free, the caller's among them. What a part does must depend on its number
/// alone: then the result does not depend on the threads. Nothing is allocated for a run.
/// </summary>
/// <param name="parts">How many there are.</param>
internal abstract class PartedWork(int parts) : IThreadPoolWorkItem
{
    private readonly object _gate = new();
    private int _next = parts, _left;
    private Exception? _failure;

    /// <summary>How many parts there are.</summary>
    public int Parts { get; } = parts;

    void IThreadPoolWorkItem.Execute() => TakeParts();

    /// <summary>Does one part.</summary>
    protected abstract void Do(int part);

    /// <summary>Does all parts, and returns when they are done. What fails in one of them is thrown here.</summary>
    protected void Run()
    {
        (_left, _failure) = (Parts, null);
        // A helper that was called to an earlier run and comes late finds nothing to do, or helps here.
        Volatile.Write(ref _next, 0);
        for (var helper = 1; helper < Math.Min(Parts, Environment.ProcessorCount); helper++) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        TakeParts();
        Wait();
        if (_failure is { } failure) throw new InvalidOperationException("A part of the work failed.", failure);
    }

    private void TakeParts()
    {
        for (int part; (part = Interlocked.Increment(ref _next) - 1) < Parts;)
        {
            try
            {
                Do(part);
            }
#pragma warning disable CA1031 // Whatever it is, it belongs to the caller's thread.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _failure = failure;
            }

            if (Interlocked.Decrement(ref _left) == 0) Announce();
        }
    }

    /// <summary>Others are seldom much later, so it is worth looking a few times before the thread sleeps.</summary>
    private void Wait()
    {
        for (var spin = new SpinWait(); Volatile.Read(ref _left) > 0 && !spin.NextSpinWillYield;) spin.SpinOnce();
        lock (_gate)
            while (Volatile.Read(ref _left) > 0) Monitor.Wait(_gate);
    }

    private void Announce()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }
}
