using System.Text.Json.Serialization;

namespace KlCore.Logits.Reports;

/// <summary>
/// What comparing the logits of a model q with those of a reference p, position by position over the same text, tells. Entropies and
/// divergences that are information are in <see cref="Unit"/>.
/// </summary>
public record ComparisonReport
{
    /// <summary>How many rows there were on each side.</summary>
    public required long Rows { get; init; }

    /// <summary>How many of them the numbers below are about: all but those skipped and excluded.</summary>
    public required long Compared { get; init; }

    /// <summary>How many rows at the starts of chunks were left out as asked.</summary>
    public required long Skipped { get; init; }

    /// <summary>How many rows were left out because one side is no distribution there.</summary>
    public required long Excluded { get; init; }

    /// <summary>The first rows that were excluded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<long>? ExcludedRows { get; init; }

    /// <summary>How many tokens were compared at each position.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Rows per chunk, where known.</summary>
    public int? ChunkRows { get; init; }

    /// <summary>How many chunks have positions in the report, where chunks are known.</summary>
    public long? Clusters { get; init; }

    /// <summary>What both sides' logits were divided by.</summary>
    public required double Temperature { get; init; }

    /// <summary>The unit of everything that is information, except <see cref="LlamaCpp"/> (nats) and bits per token.</summary>
    public required Unit Unit { get; init; }

    /// <summary>KL(p || q), from 0 up; infinite where q excludes a token that p allows.</summary>
    public required MeasureStatistics Forward { get; init; }

    /// <summary>KL(q || p), from 0 up; infinite where p excludes a token that q allows.</summary>
    public required MeasureStatistics Reverse { get; init; }

    /// <summary>KL(p || q) + KL(q || p).</summary>
    public required MeasureStatistics Jeffreys { get; init; }

    /// <summary>The Jensen-Shannon divergence with equal weights, from 0 to ln 2 nats.</summary>
    public required MeasureStatistics JensenShannon { get; init; }

    /// <summary>Half the sum of |p - q|, from 0 to 1; no unit.</summary>
    public required MeasureStatistics TotalVariation { get; init; }

    /// <summary>sqrt(1 - sum sqrt(p q)), from 0 to 1; no unit.</summary>
    public required MeasureStatistics Hellinger { get; init; }

    /// <summary>Mean entropies and cross entropies.</summary>
    public required EntropyMeans Entropy { get; init; }

    /// <summary>How often both models find the same tokens likely.</summary>
    public required Agreement Agreement { get; init; }

    /// <summary>How well each model predicts the text. Absent without targets.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Perplexities? Perplexity { get; init; }

    /// <summary>How the probability of the token that follows changes from p to q. Absent without targets.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TargetProbabilities? TargetProbability { get; init; }

    /// <summary>The same by how sure p is: classes of its largest probability.</summary>
    public required IReadOnlyList<ConfidenceClass> ByConfidence { get; init; }

    /// <summary>The same by the place in the chunk, in tenths of it. Absent where chunks are not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ChunkPart>? ByPosition { get; init; }

    /// <summary>The positions with the largest forward KL, the worst first; of equal ones the first.</summary>
    public required IReadOnlyList<WorstPosition> Worst { get; init; }

    /// <summary>At how many positions a KL is infinite, in either direction.</summary>
    public required long Infinite { get; init; }

    /// <summary>Which direction that is, and the first such rows. Absent where all are finite.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InfiniteCounts? Infinities { get; init; }

    /// <summary>
    /// The mean forward KL that rounding the logits to their data types alone would be expected to cause: sum p ulp(x)^2 / 24, both sides added.
    /// </summary>
    public required double NoiseFloor { get; init; }

    /// <summary>Whether the mean forward KL is less than three times the noise floor: then it says little about the models.</summary>
    public required bool BelowNoiseFloor { get; init; }

    /// <summary>At how many positions the target lies at the floor of what llama.cpp's file can hold.</summary>
    public required long Saturated { get; init; }

    /// <summary>The mass on tokens that only one side has. Absent where both have the same vocabulary.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RemovedMass? VocabularyRemoved { get; init; }

    /// <summary>The numbers that <c>llama-perplexity --kl-divergence</c> prints, where asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LlamaReport? LlamaCpp { get; init; }

    /// <summary>Whether the limits asked for are kept, where any were given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GateResult? Gate { get; init; }

    /// <summary>What a reader should know about the numbers: a stable word, a colon, a sentence.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Where the data came from.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Provenance { get; init; }
}
