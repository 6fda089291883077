using System.Text.Json.Serialization;

namespace KlCore.Training.Experiments;

/// <summary>What is kept of one run of an experiment when it is over.</summary>
internal sealed record FinishedRun
{
    /// <summary>One that was not run, since those before it left nothing for it to do.</summary>
    public static FinishedRun Skipped { get; } = new() { Steps = 0, Losses = new LossCurve(), Failure = new RunFailure("skipped", "The runs before it left nothing for it to do.") };

    /// <summary>How many steps it took.</summary>
    public required long Steps { get; init; }

    /// <summary>Whether it was not run.</summary>
    [JsonIgnore]
    public bool IsSkipped => Failure is { Code: "skipped" };

    /// <summary>Why it has no result, or null.</summary>
    public RunFailure? Failure { get; init; }

    /// <inheritdoc cref="TrainingOutcome.Scores"/>
    public IReadOnlyList<Score> Scores { get; init; } = [];

    /// <inheritdoc cref="TrainingOutcome.Traits"/>
    public IReadOnlyList<Trait> Traits { get; init; } = [];

    /// <summary>Its loss at some of its steps.</summary>
    public required LossCurve Losses { get; init; }

    /// <inheritdoc cref="TrainingOutcome.Overlay"/>
    public Overlay? Overlay { get; init; }

    /// <summary>The score of this name; null if it has none.</summary>
    public double? ScoreOf(string name) => Scores.FirstOrDefault(score => score.Name == name)?.Value;
}

/// <summary>Why a run of an experiment has no result. The others go on.</summary>
/// <param name="Code">One stable word, as for a job: <c>diverged</c>, <c>invalid-input</c>, ….</param>
/// <param name="Reason">What happened.</param>
public sealed record RunFailure(string Code, string Reason)
{
    /// <summary>What an exception says about the run alone; null for one that concerns the whole process.</summary>
    internal static RunFailure? Of(Exception exception) => exception switch
    {
        TrainingDivergedException => new("diverged", exception.Message),
        InvalidInputException => new("invalid-input", exception.Message),
        NotComputableException impossible => new(impossible.Code, exception.Message),
        TooCostlyException => new("too-costly", exception.Message),
        _ => null,
    };
}

/// <summary>A run's loss at no more steps than a picture can show.</summary>
internal sealed record LossCurve
{
    private const int Points = 50;

    /// <summary>The steps, ascending.</summary>
    public List<long> Steps { get; init; } = [];

    /// <summary>The loss at each.</summary>
    public List<double> Values { get; init; } = [];

    /// <summary>Notes the loss of a step if the step is one of those that are kept, which depends on nothing but its number.</summary>
    public void Note(long step, long total, double loss)
    {
        if (step > 1 && step < total && step * Points / total == (step - 1) * Points / total) return;
        Steps.Add(step);
        Values.Add(loss);
    }
}
