namespace KlCore.Training.Supervised;

/// <summary>
/// How an epoch is cut into steps: batches that train, several to a step where there are many small ones, then passes over the held-out examples. It
/// follows from the specification alone, so that a run takes the same steps on every machine.
/// </summary>
internal sealed class EpochPlan
{
    /// <summary>Multiplications and additions of a step: some milliseconds.</summary>
    private const double WorkPerStep = 2e8;

    /// <summary>Runs of more steps than this have only some of them noted; where batches are small they are taken together instead.</summary>
    private const long UsualSteps = 4000;

    public EpochPlan(SupervisedSpecification specification, int training, int heldOut, long parameters)
    {
        BatchSize = Math.Min(specification.BatchSize, training);
        Batches = (training + BatchSize - 1) / BatchSize;
        var (batchWork, passWork) = (6.0 * parameters * BatchSize, 2.0 * parameters * heldOut);
        var wanted = ((long)Batches * specification.Epochs + UsualSteps - 1) / UsualSteps;
        BatchesPerStep = (int)Math.Min(Math.Min(wanted, Batches), Math.Max(1, (long)(WorkPerStep / batchWork)));
        TrainingSteps = (Batches + BatchesPerStep - 1) / BatchesPerStep;
        // A short pass belongs to the last step that trains.
        JudgingSteps = passWork <= WorkPerStep ? 0 : (int)Math.Ceiling(passWork / WorkPerStep);
        RowsPerPass = JudgingSteps == 0 ? heldOut : (heldOut + JudgingSteps - 1) / JudgingSteps;
        TotalSteps = (long)StepsPerEpoch * specification.Epochs;
        TotalBatches = (long)Batches * specification.Epochs;
    }

    /// <summary>Examples of a batch; the last of an epoch may have fewer.</summary>
    public int BatchSize { get; }

    /// <summary>Batches of an epoch.</summary>
    public int Batches { get; }

    /// <summary>Batches of a step.</summary>
    public int BatchesPerStep { get; }

    /// <summary>Steps of an epoch that train.</summary>
    public int TrainingSteps { get; }

    /// <summary>Steps of an epoch that only judge.</summary>
    public int JudgingSteps { get; }

    /// <summary>Held-out examples that a step judges.</summary>
    public int RowsPerPass { get; }

    /// <summary>All steps of an epoch.</summary>
    public int StepsPerEpoch => TrainingSteps + JudgingSteps;

    /// <summary>All steps of the run, if nothing stops it early.</summary>
    public long TotalSteps { get; }

    /// <summary>All batches of the run.</summary>
    public long TotalBatches { get; }
}
