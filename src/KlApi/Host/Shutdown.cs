using Microsoft.Extensions.Options;

namespace KlApi.Host;

/// <summary>
/// The end in order: on SIGTERM readiness turns red and event streams end at once (both watch <c>ApplicationStopping</c>); then, after a
/// moment in which load balancers see it, the listener closes, running requests finish and the job workers hand over.
/// </summary>
internal sealed class Shutdown(IOptions<Settings> settings) : IHostedLifecycleService
{
    /// <summary>What comes after the drain; with the default drain all of it fits into five seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static void AddShutdown(IServiceCollection services)
    {
        services.AddOptions<HostOptions>().Configure<IOptions<Settings>>((options, settings) =>
            options.ShutdownTimeout = TimeSpan.FromSeconds(settings.Value.DrainSeconds) + Patience);
        services.AddHostedService<Shutdown>();
    }

    public Task StoppingAsync(CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds(settings.Value.DrainSeconds), cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
