using KlCore.Losses;

namespace KlApi.Losses;

/// <summary>What frameworks call each reduction.</summary>
/// <param name="Sum">Names of the sum.</param>
/// <param name="TokenMean">Names of the mean over positions that count.</param>
/// <param name="BatchMean">Names of the sum over the outermost dimension.</param>
/// <param name="ElementMean">Names of the mean over terms.</param>
public sealed record ReductionNames(IReadOnlyList<string> Sum, IReadOnlyList<string> TokenMean, IReadOnlyList<string> BatchMean, IReadOnlyList<string> ElementMean)
{
    private static readonly ReductionNames Divergences = new(
        ["torch F.kl_div reduction='sum'", "TRL reduction='sum'"],
        ["TRL GKD reduction='batchmean' with labels", "Liger JSD and KL (rows that are not ignored)", "DistiLLM", "torch F.kl_div reduction='batchmean' on rows flattened to [tokens, V]"],
        ["torch F.kl_div reduction='batchmean' (size(0))", "TRL GKD reduction='batchmean' without labels"],
        ["torch F.kl_div reduction='mean' (divides by V too)", "TRL reduction='mean'"]);

    private static readonly ReductionNames OnePerPosition = new(
        ["torch reduction='sum'"],
        ["torch reduction='mean'"],
        ["sum / size(0)"],
        ["the same as tokenMean: one term for each position"]);

    internal static ReductionNames Of(LossDescription description) => description.IsSumOverVocabulary ? Divergences : OnePerPosition;
}
