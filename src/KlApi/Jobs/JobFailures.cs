using KlApi.Host;
using KlCore;
using KlCore.Training;

namespace KlApi.Jobs;

/// <summary>What a client is told of the exception that ended a run.</summary>
internal static class JobFailures
{
    public static JobError Describe(Exception exception, string jobId, ILogger logger)
    {
        switch (exception)
        {
            case TrainingDivergedException diverged:
                return new JobError("diverged", diverged.Message)
                {
                    Step = diverged.Step,
                    LastFiniteLoss = double.IsFinite(diverged.LastFiniteLoss) ? diverged.LastFiniteLoss : null,
                };
            case InvalidInputException invalid:
                return new JobError("invalid-input", Problem.Summary(invalid.Problems)) { Errors = invalid.Problems.ByPointer() };
            case NotComputableException impossible:
                return new JobError(impossible.Code, impossible.Message);
            case RefusedException refused:
                return new JobError(refused.Code, refused.Message);
            case OutOfMemoryException:
                logger.LogError(exception, "Job {Job} ran out of memory", jobId);
                return new JobError("out-of-memory", "The job needs more memory than the service has.");
            default:
                logger.LogError(exception, "Job {Job} failed unexpectedly", jobId);
                return new JobError("internal-error", "Something went wrong here. The job's id finds it in the log.");
        }
    }
}
