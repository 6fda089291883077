using System.Text.Json.Serialization;

namespace KlCore.Texts.Streams;

/// <summary>What was found in a stream.</summary>
public sealed record StreamReport
{
    /// <summary>The unit of divergences and contributions.</summary>
    public required Unit Unit { get; init; }

    /// <summary>Always forward: KL(window || baseline).</summary>
    public Direction Direction { get; init; } = Direction.Forward;

    /// <summary>How many categories there are in baseline and stream.</summary>
    public required int Categories { get; init; }

    /// <summary>How many of them the test tells apart, all rare ones being one.</summary>
    public required int TestedCategories { get; init; }

    /// <summary>How many windows are anomalies.</summary>
    public required int Anomalies { get; init; }

    /// <summary>The windows in their order.</summary>
    public required IReadOnlyList<StreamWindow> Windows { get; init; }

    /// <summary>What a reader should know about the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>One window.</summary>
/// <param name="Start">The place of its first element in the stream, from 0.</param>
/// <param name="Divergence">KL(window || baseline), of the window's shares as they are from the smoothed ones of the baseline: at least 0, about (B - 1)/2n if nothing differs.</param>
/// <param name="GStatistic">The G-test's statistic, chi-squared distributed if nothing differs.</param>
/// <param name="PValue">How probable at least such a statistic would be.</param>
/// <param name="AdjustedPValue">The same for the worst of so many windows (Holm).</param>
/// <param name="IsAnomaly">Whether that is below the level.</param>
/// <param name="Contributors">Of an anomaly: the categories with the largest shares of the divergence.</param>
public sealed record StreamWindow(
    int Start, double Divergence, double GStatistic, double PValue, double AdjustedPValue, bool IsAnomaly,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<StreamContribution>? Contributors);

/// <summary>One category's part of a window's divergence.</summary>
/// <param name="Category">The category.</param>
/// <param name="Count">How often the window has it.</param>
/// <param name="Expected">How often it would by the smoothed baseline.</param>
/// <param name="Contribution">p ln(p/q), in the unit; single ones may be negative.</param>
public sealed record StreamContribution(string Category, int Count, double Expected, double Contribution);
