namespace KlCore.Training;

/// <summary>
/// A training in progress. Whoever runs it owns the loop: it calls <see cref="Step"/> until <see cref="CompletedSteps"/> reaches
/// <see cref="TotalSteps"/>, saves whenever it likes, and asks for the result at the end. A run restored from a save continues with
/// exactly the numbers that the uninterrupted one would have had.
/// </summary>
public abstract class TrainingRun : IDisposable
{
    /// <summary>How many steps the run takes in all, if nothing stops it early.</summary>
    public abstract long TotalSteps { get; }

    /// <summary>How many steps have been taken.</summary>
    public abstract long CompletedSteps { get; }

    /// <summary>Whether the run is over: all steps are taken, or it stopped early for a reason of its own.</summary>
    public virtual bool IsComplete => CompletedSteps >= TotalSteps;

    /// <summary>
    /// Whether the last step measured what not every step does, for example at the end of an epoch. Its metrics are noted however many steps there are.
    /// </summary>
    public virtual bool IsMilestone => false;

    /// <summary>Takes one step, which lasts less than 50 ms, and returns what it measured: metric names and values.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, double>> Step();

    /// <summary>The whole state: parameters, optimiser, step. In safetensors layout.</summary>
    public abstract byte[] Save();

    /// <summary>Continues from a state that <see cref="Save"/> of a run of the same specification wrote.</summary>
    public abstract void Restore(ReadOnlyMemory<byte> state);

    /// <summary>The outcome of a completed run: the object that clients see as <c>result</c>, and files to keep beside it.</summary>
    public abstract TrainingOutcome Finish();

    /// <summary>Lets go of what the run holds open.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>What a completed run leaves.</summary>
/// <param name="Result">A record; it is written as JSON with its own type's properties.</param>
/// <param name="Artifacts">Files to keep, for example <c>model.safetensors</c>.</param>
public record TrainingOutcome(object Result, IReadOnlyList<Artifact> Artifacts)
{
    /// <summary>What of the result is worth comparing with that of another run of the same kind, the most telling first.</summary>
    public IReadOnlyList<Score> Scores { get; init; } = [];

    /// <summary>What of the result is worth counting over such runs.</summary>
    public IReadOnlyList<Trait> Traits { get; init; } = [];

    /// <summary>A picture of the result that those of other runs can be laid over; null if there is none.</summary>
    public Overlay? Overlay { get; init; }
}

/// <summary>One number that says how well a run did, on data that it was not trained on where there is any.</summary>
/// <param name="Name">In camelCase, as the result has it, for example "forward" or "validationLoss".</param>
/// <param name="Value">The number; may be infinite, is never NaN.</param>
/// <param name="LargerIsBetter">Whether more of it is better, as of an accuracy.</param>
public sealed record Score(string Name, double Value, bool LargerIsBetter = false);

/// <summary>Something that a run did or did not do.</summary>
/// <param name="Name">In camelCase, as the result has it, for example "behaviour".</param>
/// <param name="Value">One of few words, for example "covering".</param>
public sealed record Trait(string Name, string Value);

/// <summary>A picture in two parts.</summary>
/// <param name="Ground">The axes, and what is the same in all runs: the target.</param>
/// <param name="Own">What this run adds.</param>
public sealed record Overlay(Charts.Chart Ground, IReadOnlyList<Charts.Series> Own);

/// <summary>A file that a run leaves: a plain name (letters, digits, dot, dash), its media type and its bytes.</summary>
public sealed record Artifact(string Name, string ContentType, ReadOnlyMemory<byte> Content);

/// <summary>The run met numbers that make no sense any more: a loss or a parameter that is NaN or infinite, or a loss that grows and grows.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Says at which step, with the last finite loss.</summary>
    /// <param name="step">The step that failed.</param>
    /// <param name="lastFiniteLoss">The loss before it; <see cref="double.MaxValue"/> or more if there was none.</param>
    public TrainingDivergedException(long step, double lastFiniteLoss)
        : base(lastFiniteLoss < double.MaxValue
            ? $"The loss stopped being finite at step {step}; the last finite loss was {lastFiniteLoss:R}. A smaller learning rate may help."
            : $"The loss was not finite at step {step}, and there was none before. The numbers that it is computed from may be too large.") =>
        (Step, LastFiniteLoss) = (step, lastFiniteLoss < double.MaxValue ? lastFiniteLoss : double.PositiveInfinity);

    /// <summary>Says that the loss is still finite but has grown beyond all hope.</summary>
    public TrainingDivergedException(long step, double lastFiniteLoss, double firstLoss)
        : base($"The loss grew from {firstLoss:R} at the first step to {lastFiniteLoss:R} at step {step}. A smaller learning rate may help.") =>
        (Step, LastFiniteLoss) = (step, lastFiniteLoss);

    /// <summary>The step that failed.</summary>
    public long Step { get; }

    /// <summary>The loss before it; +Infinity if there was none.</summary>
    public double LastFiniteLoss { get; }
}
