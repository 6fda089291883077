using System.Text.Json.Serialization;
using KlCore;
using KlCore.Logprobs;
using KlCore.Logprobs.Completions;

namespace KlApi.Logprobs;

/// <summary>What two answers with log-probabilities guarantee. A bracket is <c>[lower, upper]</c>.</summary>
public sealed record LogprobsAnswer
{
    /// <summary>The unit of KL and Jensen-Shannon.</summary>
    public required Unit Unit { get; init; }

    /// <summary>Always <c>bounds</c>: the true value lies between the two numbers, whatever is not listed.</summary>
    public string Method { get; } = "bounds";

    /// <summary>How many tokens there are, if it was said.</summary>
    public required int? Vocabulary { get; init; }

    /// <summary>The floor, if one was given.</summary>
    public required double? Floor { get; init; }

    /// <summary>How the two documents were read.</summary>
    public required Sides<CompletionFormat> Formats { get; init; }

    /// <summary>By what their tokens were matched.</summary>
    public required TokenKey Key { get; init; }

    /// <summary>By what their positions were matched.</summary>
    public required Alignment AlignBy { get; init; }

    /// <summary>How many positions were compared.</summary>
    public required int AlignedPositions { get; init; }

    /// <summary>The position at which the texts first have different tokens, the last one compared; null if they do not differ.</summary>
    public required int? StoppedAt { get; init; }

    /// <summary>The brackets of the means over the positions compared.</summary>
    public required MeanBrackets Mean { get; init; }

    /// <summary>Each position.</summary>
    public required IReadOnlyList<PositionBrackets> Positions { get; init; }

    /// <summary>What a reader should know about the documents.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    internal static LogprobsAnswer Of(CompletionComparison comparison, Completion p, Completion q, LogprobsRequest request) => new()
    {
        Unit = request.Unit,
        Vocabulary = request.Vocabulary,
        Floor = request.Floor,
        Formats = new Sides<CompletionFormat>(p.Format, q.Format),
        Key = comparison.Key,
        AlignBy = request.AlignBy,
        AlignedPositions = comparison.Positions.Count,
        StoppedAt = comparison.StoppedAt,
        Mean = MeanBrackets.Of(comparison.Mean, request.Unit),
        Positions = [.. comparison.Positions.Select(position => PositionBrackets.Of(position, request.Unit))],
        Warnings = comparison.Warnings,
    };
}

/// <summary>One of something for each side.</summary>
/// <param name="P">Of the reference.</param>
/// <param name="Q">Of the model.</param>
public sealed record Sides<T>(T P, T Q);

/// <summary>The token that stands at a position on each side, by its text or as <c>token_id:</c> and its number; null where it is not known.</summary>
/// <param name="P">In the reference's text.</param>
/// <param name="Q">In the model's text.</param>
public sealed record ChosenTokens(string? P, string? Q);

/// <summary>One of something for each direction.</summary>
/// <param name="Forward">From p to q.</param>
/// <param name="Reverse">From q to p.</param>
public sealed record Directions(double Forward, double Reverse);

/// <summary>Brackets <c>[lower, upper]</c> of means over positions.</summary>
public sealed record MeanBrackets
{
    /// <summary>KL(p‖q), in the unit.</summary>
    public required double[] Forward { get; init; }

    /// <summary>KL(q‖p), in the unit.</summary>
    public required double[] Reverse { get; init; }

    /// <summary>Jensen–Shannon, in the unit.</summary>
    public required double[] JensenShannon { get; init; }

    /// <summary>Total variation.</summary>
    public required double[] TotalVariation { get; init; }

    /// <summary>Hellinger distance.</summary>
    public required double[] Hellinger { get; init; }

    internal static MeanBrackets Of(MeanBounds mean, Unit unit) => new()
    {
        Forward = Pair(mean.Forward.In(unit)),
        Reverse = Pair(mean.Reverse.In(unit)),
        JensenShannon = Pair(mean.JensenShannon.In(unit)),
        TotalVariation = Pair(mean.TotalVariation),
        Hellinger = Pair(mean.Hellinger),
    };

    private static double[] Pair(Bracket bracket) => [bracket.Lower, bracket.Upper];
}

/// <summary>What is guaranteed at one position.</summary>
public sealed record PositionBrackets
{
    /// <summary>Which, counted from 0 in the documents.</summary>
    public required int Index { get; init; }

    /// <summary>The tokens that stand there, where they are known.</summary>
    public required ChosenTokens Chosen { get; init; }

    /// <summary>KL(p‖q), in the unit.</summary>
    public required double[] Forward { get; init; }

    /// <summary>KL(q‖p), in the unit.</summary>
    public required double[] Reverse { get; init; }

    /// <summary>Jensen–Shannon, in the unit.</summary>
    public required double[] JensenShannon { get; init; }

    /// <summary>Total variation.</summary>
    public required double[] TotalVariation { get; init; }

    /// <summary>Hellinger distance.</summary>
    public required double[] Hellinger { get; init; }

    /// <summary>The lower bounds that merging everything not listed on both sides gives; never above those of the brackets.</summary>
    public required Directions Bucket { get; init; }

    /// <summary>KL(p‖q) with all that p does not list as one token; only where all that p lists is scored under q.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TailBucket { get; init; }

    /// <summary>The mass that is scored.</summary>
    public required Sides<double> Coverage { get; init; }

    /// <summary>The length of the lists of most likely tokens that both sides have.</summary>
    public required int TopK { get; init; }

    /// <summary>Which share of the lists of that length is common; null if there are none.</summary>
    public required double? Overlap { get; init; }

    /// <summary>Whether the most likely token is the same; null if a list does not tell.</summary>
    public required bool? SameTop1 { get; init; }

    internal static PositionBrackets Of(ComparedPosition position, Unit unit)
    {
        var bounds = position.Bounds;
        return new PositionBrackets
        {
            Index = position.Index,
            Chosen = new ChosenTokens(Name(position.TokenP), Name(position.TokenQ)),
            Forward = Pair(bounds.Forward.In(unit)),
            Reverse = Pair(bounds.Reverse.In(unit)),
            JensenShannon = Pair(bounds.JensenShannon.In(unit)),
            TotalVariation = Pair(bounds.TotalVariation),
            Hellinger = Pair(bounds.Hellinger),
            Bucket = new Directions(unit.FromNats(bounds.ForwardBucket), unit.FromNats(bounds.ReverseBucket)),
            TailBucket = bounds.PIsScored ? unit.FromNats(bounds.ForwardBucket) : null,
            Coverage = new Sides<double>(position.CoverageP, position.CoverageQ),
            TopK = position.TopK,
            Overlap = position.TopK == 0 ? null : (double)position.Shared / position.TopK,
            SameTop1 = position.SameTop1,
        };
    }

    private static double[] Pair(Bracket bracket) => [bracket.Lower, bracket.Upper];

    private static string? Name(TokenName? token) => token is not { } name ? null : name.Text ?? (name.Id is { } id ? $"token_id:{id}" : null);
}
