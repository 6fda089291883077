using System.Diagnostics.Metrics;
using KlApi.Host;

namespace KlApi.Jobs;

/// <summary>What operators watch: how many jobs wait, how many run here, and how they end.</summary>
internal sealed class JobMeters
{
    private readonly Counter<long> _finished;
    private long _waiting;

    public JobMeters(IMeterFactory factory, RunningJobs running)
    {
        var meter = factory.Create(Metrics.MeterName);
        _finished = meter.CreateCounter<long>("klservice.jobs.finished", description: "Jobs that ended here, by kind and final status.");
        meter.CreateObservableGauge("klservice.jobs.running", () => running.Count, description: "Jobs that run in this process.");
        meter.CreateObservableGauge("klservice.jobs.waiting", () => Interlocked.Read(ref _waiting), description: "Jobs that wait for their turn.");
    }

    public void Finished(JobRow job) => _finished.Add(1, new("kind", job.Kind), new("status", job.State));

    public void Waiting(long jobs) => Interlocked.Exchange(ref _waiting, jobs);
}
