using System.Text.Json.Serialization;

namespace KlCore.Logits.Reports;

/// <summary>Mean entropies over the positions.</summary>
/// <param name="P">The entropy of p.</param>
/// <param name="Q">The entropy of q.</param>
/// <param name="CrossForward">-sum p log q, the entropy of p plus the forward KL.</param>
/// <param name="CrossReverse">-sum q log p, the entropy of q plus the reverse KL.</param>
public sealed record EntropyMeans(double P, double Q, double CrossForward, double CrossReverse);

/// <summary>How often both models find the same tokens likely.</summary>
/// <param name="Top1">How often the likeliest token is the same; of equally likely ones the first counts.</param>
/// <param name="TopK">The lists of the k likeliest tokens.</param>
/// <param name="MeanRank">The mean rank in q of p's likeliest token, from 1.</param>
public sealed record Agreement(Share Top1, IReadOnlyList<TopKAgreement> TopK, double MeanRank);

/// <summary>A share of the positions.</summary>
/// <param name="Rate">The share, from 0 to 1.</param>
/// <param name="Count">How many positions it is.</param>
/// <param name="Confidence95">Wilson's interval, for independent positions.</param>
public sealed record Share(double Rate, long Count, double[] Confidence95)
{
    /// <summary>The error from the spread of whole chunks. Absent for fewer than two chunks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ClusterStandardError { get; init; }

    /// <summary>Wilson's interval with as many independent positions as the spread of chunks is worth. Absent for fewer than two chunks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? ClusterConfidence95 { get; init; }

    /// <summary>No text is worth less than this many independent positions; far below 1 Wilson's formula has no value.</summary>
    private const double LeastIndependent = 0.01;

    /// <summary>The share of positions where a column is 1 rather than 0.</summary>
    internal static Share Of(ColumnTotals column)
    {
        var share = new Share(column.FiniteMean, (long)Math.Round(column.FiniteMean * column.Count), Confidence.Wilson(column.FiniteMean, column.Count));
        if (column.ClusterStandardError is not { } error) return share;
        // Var = r (1 - r) / n for independent positions: chunks are worth n by the ratio of the variances.
        var independent = column.StandardError is > 0 and { } single && error > 0 ? Math.Max(LeastIndependent, column.Count * Math.Pow(single / error, 2)) : column.Count;
        return share with
        {
            ClusterStandardError = error,
            ClusterConfidence95 = Confidence.Wilson(column.FiniteMean, independent, Confidence.Student95(column.Clusters - 1)),
        };
    }
}

/// <summary>How much the lists of the k likeliest tokens have in common, in the mean over positions.</summary>
/// <param name="K">How long the lists are.</param>
/// <param name="Overlap">The share of tokens in both lists, whatever their order.</param>
/// <param name="SameSet">How often the lists have the same tokens, whatever their order.</param>
/// <param name="OrderedMatch">How often the lists are the same, order included.</param>
/// <param name="OrderedPrefix">The share of the list before the first difference in order.</param>
public sealed record TopKAgreement(int K, double Overlap, double SameSet, double OrderedMatch, double OrderedPrefix);

/// <summary>How well each model predicts the text.</summary>
/// <param name="P">exp of p's mean loss on the targets.</param>
/// <param name="Q">exp of q's mean loss on the targets.</param>
/// <param name="Ratio">Q / P; null where both are infinite.</param>
/// <param name="RatioConfidence95">95 % interval of the ratio, from that of its logarithm.</param>
/// <param name="LogRatio">ln(Q / P), the mean difference of losses, paired position by position: far better known than either perplexity.</param>
/// <param name="LossP">p's mean loss.</param>
/// <param name="LossQ">q's mean loss.</param>
/// <param name="BitsPerToken">The losses in bits.</param>
public sealed record Perplexities(double P, double Q, double? Ratio, double[]? RatioConfidence95, MeanEstimate? LogRatio, MeanEstimate LossP, MeanEstimate LossQ, BitsPerToken BitsPerToken);

/// <summary>Mean losses in bits.</summary>
/// <param name="P">p's.</param>
/// <param name="Q">q's.</param>
public sealed record BitsPerToken(double P, double Q);

/// <summary>How the probability of the token that follows changes: q's minus p's, from -1 to 1.</summary>
public sealed record TargetProbabilities : MeanEstimate
{
    /// <summary>The square root of the mean squared change.</summary>
    public required double Rms { get; init; }

    /// <summary>The error of that, for independent positions. Null for one position.</summary>
    public double? RmsStandardError { get; init; }

    /// <summary>The largest fall.</summary>
    public required double Minimum { get; init; }

    /// <summary>The largest rise.</summary>
    public required double Maximum { get; init; }

    /// <summary>The percentiles asked for, by percent.</summary>
    public required IReadOnlyDictionary<string, double> Percentiles { get; init; }

    /// <summary>How far each percentile can be off, relative to the values on both sides of it, where they come from a histogram. Absent where exact.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PercentileError { get; init; }
}

/// <summary>Positions where p's largest probability is in a range.</summary>
/// <param name="From">The lower end, included.</param>
/// <param name="To">The upper end, excluded unless it is 1.</param>
/// <param name="Count">How many positions.</param>
/// <param name="Forward">Their mean forward KL; null if there are none.</param>
/// <param name="Reverse">Their mean reverse KL.</param>
/// <param name="Top1">How often the likeliest token is the same.</param>
public sealed record ConfidenceClass(double From, double To, long Count, double? Forward, double? Reverse, double? Top1);

/// <summary>Positions in a tenth of each chunk.</summary>
/// <param name="From">The first place in the chunk, from 0.</param>
/// <param name="To">The place after the last.</param>
/// <param name="Count">How many positions.</param>
/// <param name="Forward">Their mean forward KL; null if there are none.</param>
/// <param name="Reverse">Their mean reverse KL.</param>
/// <param name="Top1">How often the likeliest token is the same.</param>
public sealed record ChunkPart(long From, long To, long Count, double? Forward, double? Reverse, double? Top1);

/// <summary>At how many positions a KL is infinite.</summary>
/// <param name="Forward">Where q excludes a token that p allows.</param>
/// <param name="Reverse">Where p excludes a token that q allows.</param>
/// <param name="ForwardRows">The first rows of the former.</param>
/// <param name="ReverseRows">The first rows of the latter.</param>
public sealed record InfiniteCounts(long Forward, long Reverse, IReadOnlyList<long> ForwardRows, IReadOnlyList<long> ReverseRows);

/// <summary>The mean mass on tokens that only one side has; what is left is normalised again.</summary>
/// <param name="P">p's mass on tokens that q lacks.</param>
/// <param name="Q">q's mass on tokens that p lacks.</param>
/// <param name="VocabularyP">How many tokens p has.</param>
/// <param name="VocabularyQ">How many tokens q has.</param>
public sealed record RemovedMass(double P, double Q, int VocabularyP, int VocabularyQ);
