using KlApi.Host;
using KlCore.Training;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Quartz;

namespace KlApi.Jobs;

/// <summary>Training jobs: submitted, watched, cancelled; run by Quartz; kept in a table of our own, which is the truth.</summary>
internal static class JobsFeature
{
    public static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITrainingInputs, NoInputs>();
        services.AddSingleton<JobChanges>();
        services.AddSingleton<JobStore>();
        services.AddSingleton<JobLedger>();
        services.AddSingleton<JobQueue>();
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<JobMeters>();
        services.AddSingleton<KeysInFlight>();
        services.AddSingleton<Artifacts>();
        services.AddSingleton<JobInputs>();
        services.AddSingleton<JobEngine>();
        services.AddHostedService(provider => provider.GetRequiredService<JobEngine>());
        services.AddHealthChecks().AddCheck<JobEngine>("jobs");

        var workers = (configuration.GetSection("KlService").Get<Settings>() ?? new Settings()).Workers;
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = $"kl-{Guid.NewGuid():N}";
                scheduler.IdleWaitTime = TimeSpan.FromSeconds(1);
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.UseDefaultThreadPool(workers);
            quartz.UseExecutionLimits(groups => groups.ForGroup(JobQueue.SuspectGroup, 1, ExecutionLimitScope.Node));
            quartz.UseInMemoryStore(_ => { });
            quartz.AddJob<RunJob>(job => job.WithIdentity(JobQueue.Training).StoreDurably());
        });
        // The engine starts the scheduler, once the table's open jobs are queued.
        services.AddQuartzHostedService(quartz => (quartz.AutoStart, quartz.WaitForJobsToComplete) = (false, true));
        return services;
    }

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/v1/jobs").WithTags("Jobs");
        SubmitJob.Map(jobs);
        ReadJobs.Map(jobs);
        EndJobs.Map(jobs);
        WatchJob.Map(jobs);
        ReadMetrics.Map(jobs);
        ReadArtifacts.Map(jobs);
        DrawChart.Map(jobs);
        PredictWithJob.Map(jobs);
        Generate.Map(jobs);
    }

    /// <summary>For a service without datasets: none is known.</summary>
    private sealed class NoInputs : ITrainingInputs
    {
        public double[][] Rows(DatasetColumns columns) => throw Refusal.NotFound("dataset");

        public void Check(DatasetColumns columns, KlCore.Problems problems) => problems.At(columns.Member).Add("dataset", "names no dataset");
    }
}
