using KlCore.Training;

namespace KlApi.Storage;

/// <summary>Somebody who keeps what a job found where others look for it too, besides the job's own result.</summary>
internal interface IOutcomeKeeper
{
    /// <summary>
    /// Keeps it under the job's id, if it is of the kind that this one keeps. Called before the job is written down as finished, and again if the
    /// process dies in between: what is there already stays.
    /// </summary>
    Task Keep(string jobId, TrainingOutcome outcome);
}
