using System.Text.Json.Serialization;

namespace KlCore.Logits.Reports;

/// <summary>A position with a large forward KL, and what the two models say there.</summary>
public sealed record WorstPosition
{
    /// <summary>The row, from 0.</summary>
    public required long Row { get; init; }

    /// <summary>The chunk it lies in, from 0, where chunks are known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Chunk { get; init; }

    /// <summary>Its place in the chunk, from 0, where chunks are known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Offset { get; init; }

    /// <summary>KL(p || q) at this position.</summary>
    public required double Forward { get; init; }

    /// <summary>KL(q || p) at this position.</summary>
    public required double Reverse { get; init; }

    /// <summary>The token that p finds likeliest.</summary>
    public required int TopP { get; init; }

    /// <summary>The token that q finds likeliest.</summary>
    public required int TopQ { get; init; }

    /// <summary>p's probability of its likeliest token.</summary>
    public required double TopProbabilityP { get; init; }

    /// <summary>q's probability of its likeliest token.</summary>
    public required double TopProbabilityQ { get; init; }

    /// <summary>The token that follows in the text, where known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Target { get; init; }

    /// <summary>p's probability of the target.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TargetProbabilityP { get; init; }

    /// <summary>q's probability of the target.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TargetProbabilityQ { get; init; }

    /// <summary>What a position looks like in the list, in nats.</summary>
    internal static WorstPosition Of(long row, in Position position, RowPlan plan) => new()
    {
        Row = row,
        Chunk = plan.ChunkOf(row),
        Offset = plan.ChunkRows is null ? null : plan.OffsetOf(row),
        Forward = position.Forward,
        Reverse = position.Reverse,
        TopP = position.TopP,
        TopQ = position.TopQ,
        TopProbabilityP = position.TopProbabilityP,
        TopProbabilityQ = position.TopProbabilityQ,
        Target = position.Target < 0 ? null : position.Target,
        TargetProbabilityP = position.Target < 0 ? null : Math.Exp(position.TargetLogP),
        TargetProbabilityQ = position.Target < 0 ? null : Math.Exp(position.TargetLogQ),
    };
}

/// <summary>The positions with the largest forward KL; of equal ones the first.</summary>
internal sealed class WorstList(int limit)
{
    private readonly SortedSet<WorstPosition> _positions = new(Comparer<WorstPosition>.Create(
        (first, second) => second.Forward.CompareTo(first.Forward) is var order and not 0 ? order : first.Row.CompareTo(second.Row)));

    /// <summary>The list, the worst first.</summary>
    public WorstPosition[] ToArray() => [.. _positions];

    /// <summary>Whether a position with this forward KL, later than all before, would enter the list.</summary>
    public bool Takes(double forward) => limit > 0 && (_positions.Count < limit || forward > _positions.Max!.Forward);

    /// <summary>Enters a position and drops the least bad one if there are too many.</summary>
    public void Add(WorstPosition position)
    {
        _positions.Add(position);
        if (_positions.Count > limit) _positions.Remove(_positions.Max!);
    }
}
