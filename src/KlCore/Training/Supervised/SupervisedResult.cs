namespace KlCore.Training.Supervised;

/// <summary>What trainings of dense networks have in common at their end.</summary>
public abstract record SupervisedResult
{
    /// <summary>How many examples trained, and how many were held out.</summary>
    public required ExampleCounts Examples { get; init; }

    /// <summary>Which examples the numbers of this result are about: "validation", those held out, or "training" where none are.</summary>
    public required string JudgedOn { get; init; }

    /// <summary>How many weights and biases were learnt.</summary>
    public required long Parameters { get; init; }

    /// <summary>How many epochs there were.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch with the smallest loss on held-out examples (of all, where none are held out), counted from 1.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Whether the model is that of the best epoch; otherwise it is that of the last.</summary>
    public required bool RestoredBest { get; init; }

    /// <summary>Whether it ended before the last epoch that was asked for.</summary>
    public required bool StoppedEarly { get; init; }

    /// <summary>The loss and what is told beside it at each epoch, by name, as Keras' <c>History.history</c> has them.</summary>
    public required IReadOnlyDictionary<string, double[]> History { get; init; }

    /// <summary>What a reader should know about the numbers.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>How many examples there are of each sort.</summary>
/// <param name="Training">Those that trained.</param>
/// <param name="Validation">Those that were held out.</param>
public sealed record ExampleCounts(int Training, int Validation);
