using Quartz;

namespace KlApi.Jobs;

/// <summary>
/// The waiting jobs as the scheduler sees them: one trigger each. Quartz fires due triggers by their time and only then by priority, so a
/// trigger's time is a virtual one in the past: two years for each class of priority, and within it the tenth part of the job's age.
/// That makes priorities strict and keeps equal ones in the order of their submission.
/// </summary>
internal sealed class JobQueue(ISchedulerFactory schedulers)
{
    /// <summary>Jobs that ran when a process died run one at a time, so that a poisonous one takes no other with it twice.</summary>
    public const string SuspectGroup = "suspect";

    /// <summary>The one Quartz job; every submission is a trigger of it.</summary>
    public static readonly JobKey Training = new("training", Group);

    private const string Group = "kl";
    private static readonly DateTimeOffset Lowest = new(2010, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Queues the job; once is enough, and twice does no harm.</summary>
    public async Task Add(JobRow job)
    {
        var trigger = TriggerBuilder.Create()
            .WithIdentity(job.Id, Group)
            .ForJob(Training)
            .StartAt(VirtualStart(job.Priority, DateTimeOffset.FromUnixTimeMilliseconds(job.CreatedAt)))
            .WithSchedule(SimpleScheduleBuilder.Create().WithMisfireInstruction(SimpleTriggerMisfireInstruction.IgnoreMisfires));
        if (job.Crashes > 0) trigger = trigger.WithExecutionGroup(SuspectGroup);
        var scheduler = await schedulers.GetScheduler();
        await scheduler.ScheduleTrigger(trigger.Build(), TriggerConflict.Keep);
    }

    public async Task Remove(string jobId)
    {
        var scheduler = await schedulers.GetScheduler();
        await scheduler.UnscheduleJob(new TriggerKey(jobId, Group));
    }

    public async Task<bool> Has(string jobId)
    {
        var scheduler = await schedulers.GetScheduler();
        return await scheduler.Exists(new TriggerKey(jobId, Group));
    }

    internal static DateTimeOffset VirtualStart(int priority, DateTimeOffset created) => Lowest.AddYears(-2 * priority) + ((created - Epoch) / 10);
}
