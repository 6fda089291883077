using System.Text.Json.Serialization;

namespace KlCore.Recommendations;

/// <summary>A list of recommendations before and after calibration.</summary>
public sealed record CalibrationAnswer
{
    /// <summary>Always nats: lambda weighs scores against nats.</summary>
    public Unit Unit { get; init; } = Unit.Nats;

    /// <summary>Always forward: C = KL(p || q~).</summary>
    public Direction Direction { get; init; } = Direction.Forward;

    /// <summary>p, the genres of what the user liked.</summary>
    public required IReadOnlyDictionary<string, double> Liked { get; init; }

    /// <summary>The list by score alone.</summary>
    public required RankedList Before { get; init; }

    /// <summary>The calibrated list, in the order in which the items were chosen.</summary>
    public required RankedList After { get; init; }

    /// <summary>The best of all lists, in the order of scores, where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RankedList? Best { get; init; }
}

/// <summary>A list of recommendations.</summary>
/// <param name="Items">What is recommended, the first first.</param>
/// <param name="Genres">q, how the list is mixed.</param>
/// <param name="Divergence">C = KL(p || q~) in nats; 0 where the list is mixed like what the user liked.</param>
/// <param name="Score">The sum of the scores.</param>
/// <param name="Objective">(1 - lambda) score - lambda divergence.</param>
public sealed record RankedList(IReadOnlyList<ScoredItem> Items, IReadOnlyDictionary<string, double> Genres, double Divergence, double Score, double Objective);
