using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Divergences;

namespace KlCore.Training.Policy;

/// <summary>
/// Sequences of tokens. Each token has a reward, and so has each occurrence of a pattern of one or two tokens: as far as a policy can aim that
/// sees the position and the previous token. The reference draws each token by itself.
/// </summary>
public sealed record SequenceEnvironment : PolicyEnvironment
{
    /// <summary>How many parameters a policy may have: positions times previous tokens times tokens.</summary>
    private const long MostParameters = 100_000;

    /// <summary>How many tokens a sequence has.</summary>
    [Range(1, 1000)]
    public int Length { get; init; } = 5;

    /// <summary>How many different tokens there are.</summary>
    [Range(2, 300)]
    public int Vocabulary { get; init; } = 3;

    /// <summary>The reward of each token wherever it stands; 0 if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? TokenRewards { get; init; }

    /// <summary>One or two tokens, by number, one right after the other.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int[]? Pattern { get; init; }

    /// <summary>The reward of each occurrence of the pattern.</summary>
    [Range(-1e6, 1e6)]
    public double PatternReward { get; init; } = 1;

    /// <summary>The reference's probabilities of the tokens, the same at each position; all alike if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Reference { get; init; }

    /// <summary>What the numbers of the reference are.</summary>
    public InputKind Input { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        if (TokenRewards is null && Pattern is null) problems.Add("tokenRewards", "is required where no pattern is given: without a reward there is nothing to learn");
        if (TokenRewards is not null && TokenRewards.Length != Vocabulary) problems.Add("tokenRewards", $"must have {Vocabulary} elements, one for each token, had {TokenRewards.Length}");
        CheckRewards(TokenRewards ?? [], problems.At("tokenRewards"));
        if (Pattern is { Length: not (1 or 2) }) problems.Add("pattern", $"must have 1 or 2 tokens, had {Pattern.Length}: a policy that sees only the previous token cannot aim at more");
        for (var i = 0; i < Pattern?.Length; i++)
            if (Pattern[i] < 0 || Pattern[i] >= Vocabulary) problems.At("pattern").At(i).Add($"must be a token from 0 to {Vocabulary - 1}, was {Pattern[i]}");
        ReferencePolicy.Check(Reference, Vocabulary, Input, problems.At("reference"));
        var parameters = (long)Length * (Vocabulary + 1) * Vocabulary;
        if (parameters > MostParameters) problems.Add("length", $"must be at most {MostParameters / ((Vocabulary + 1) * Vocabulary)} for a vocabulary of {Vocabulary}: the policy has a probability for each position, previous token and token");
    }

    internal override TokenProcess Process() => new(Length, TokenRewards ?? new double[Vocabulary], ReferencePolicy.Logs(Reference, Vocabulary, Input))
    {
        Pattern = Pattern,
        PatternReward = PatternReward,
    };
}
