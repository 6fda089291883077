using KlApi.Host;
using KlApi.Storage;
using KlCore.Training;
using KlCore.Training.LanguageModel;

namespace KlApi.Baselines;

/// <summary>Keeps what language models say of held-out text as baselines, under the names that their jobs were given.</summary>
internal sealed class LanguageModelKeeper(BaselineIntake intake, ILogger<LanguageModelKeeper> logger) : IOutcomeKeeper
{
    public async Task Keep(string jobId, TrainingOutcome outcome)
    {
        if (outcome is not LanguageModelOutcome { Logits: { Baseline: { } name } logits }) return;
        using var body = new MemoryStream(logits.Npy.ToArray(), writable: false);
        try
        {
            await intake.Take(name, null, body, body.Length, logits.Targets, CancellationToken.None);
        }
        catch (RefusedException refused) when (refused.Status == StatusCodes.Status409Conflict)
        {
            // It was free when the job was submitted. The rows are a file of the job in any case: a training is not thrown away for a name.
            logger.LogWarning("Job {Job} leaves no baseline: its name was taken meanwhile", jobId);
        }
    }
}
