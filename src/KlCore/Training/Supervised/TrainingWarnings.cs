namespace KlCore.Training.Supervised;

/// <summary>What the course of a training gives away.</summary>
internal static class TrainingWarnings
{
    /// <summary>Remarks on the history of the epochs.</summary>
    public static IEnumerable<string> Of(TrainedNetwork trained)
    {
        var history = trained.History.ToDictionary();
        var loss = history["loss"];
        if (trained.Examples.HeldOut.Length == 0) yield return "nothing was held out: the numbers are about the examples that it learnt from and say little about others";
        if (loss.Length > 1 && loss[^1] > loss[0]) yield return $"the loss ended at {loss[^1]:G4}, above the {loss[0]:G4} of the first epoch: a smaller learning rate may help";
        if (!history.TryGetValue("validationLoss", out var judged) || trained.IsRestored) yield break;
        var best = judged.Min();
        if (judged[^1] > 1.1 * best && loss[^1] < judged[^1] && best > 0)
            yield return $"the loss on held-out examples was {best:G4} after epoch {trained.BestEpoch} and {judged[^1]:G4} at the end: it learnt its examples by heart from there on; earlyStopping would keep the best epoch";
    }
}
