using System.ComponentModel.DataAnnotations;

namespace KlCore.Texts.Streams;

/// <summary>
/// Which parts of a stream of categories are unlike a baseline: for each window KL(window || baseline), and the G-test whether window and baseline can be samples of
/// one distribution. Source of the test: S. Wilks, Annals of Mathematical Statistics 9 (1938).
/// </summary>
public sealed record StreamAnomalies : IChecked
{
    private const double LargestCount = 9007199254740992;

    /// <summary>How often each category was seen when all was well, by its name.</summary>
    [Finite]
    public required IReadOnlyDictionary<string, double> Baseline { get; init; }

    /// <summary>The categories as they came, the first first.</summary>
    public required IReadOnlyList<string> Stream { get; init; }

    /// <summary>How many of them make a window.</summary>
    [Range(2, 10_000_000)]
    public int Window { get; init; } = 100;

    /// <summary>How far each window begins after the one before it; unless stated as far as a window is long, so that none overlap.</summary>
    [Range(1, 10_000_000)]
    public int? Step { get; init; }

    /// <summary>How often at most a stream that is like the baseline may have any anomaly at all (Holm's correction over the windows).</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Level { get; init; } = 0.01;

    /// <summary>For the test, categories of which a window is expected to hold fewer are one category, since the chi-squared distribution is none of rare ones.</summary>
    [Range(0.0, 1_000_000.0)]
    public double MinimumExpected { get; init; } = 5;

    /// <summary>What is added to each count of the baseline for the divergence, so that a new category has a finite one.</summary>
    [Range(0.0, 1_000_000.0, MinimumIsExclusive = true)]
    public double Alpha { get; init; } = 0.5;

    /// <summary>How many categories are listed for each window that is an anomaly.</summary>
    [Range(0, 100)]
    public int Top { get; init; } = 5;

    /// <summary>The unit of divergences and contributions.</summary>
    public Unit Unit { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        foreach (var (name, count) in Baseline)
            if (!(count >= 0 && count <= LargestCount && count == Math.Floor(count))) problems.At("baseline").Add(name, $"must be a whole number of at least 0, was {count:R}");
        if (Baseline.Values.All(count => count == 0)) problems.Add("baseline", "must count at least 1 category, counted none");
        if (Stream.Count < Window) problems.Add("stream", $"must have at least as many elements as a window, {Window}, had {Stream.Count}");
    }

    /// <summary>Looks at every window.</summary>
    /// <param name="cancellation">Stops what takes long.</param>
    /// <exception cref="InvalidInputException">With every failure.</exception>
    /// <exception cref="TooCostlyException">There are too many windows.</exception>
    public StreamReport Look(CancellationToken cancellation = default)
    {
        var problems = new Problems();
        Check(problems);
        problems.ThrowIfAny();
        return StreamWindows.Look(this, cancellation);
    }
}
