namespace KlCore.Policies;

/// <summary>
/// The log-probabilities of tokens y that were sampled from a policy: log pi(y), log ref(y), and log pi_old(y) if the tokens come from an
/// earlier policy. What lies outside the mask is not looked at.
/// </summary>
public sealed record PolicyBatch
{
    /// <summary>What OpenAI and vLLM write for a log-probability of minus infinity.</summary>
    public const double ServerSentinel = -9999;

    /// <summary>What llama-server writes for it, the lowest float.</summary>
    public const double FloatSentinel = -3.4028234e38;

    /// <summary>log pi of each token, at most 0 and finite: a token that was sampled has a positive probability.</summary>
    public required TokenRows LogProbabilities { get; init; }

    /// <summary>log ref of each token, at most 0; minus infinity where the reference deems it impossible.</summary>
    public required TokenRows Reference { get; init; }

    /// <summary>log pi_old of each token, at most 0 and finite, where pi_old sampled it; null where pi itself did.</summary>
    public TokenRows? Old { get; init; }

    /// <summary>1 for tokens that count, 0 for padding and prompts; null if all count.</summary>
    public TokenRows? Mask { get; init; }

    /// <summary>Whether a reference log-probability stands for minus infinity.</summary>
    public static bool IsMinusInfinity(double value) => value is ServerSentinel or <= FloatSentinel;

    /// <summary>Adds everything that is wrong, seen from the object that has these members.</summary>
    public void Check(Problems problems)
    {
        if (LogProbabilities.Rows.Length == 0) problems.Add("logProbabilities", "must have at least 1 sequence, had none");
        if (LogProbabilities.Count() == 0) problems.Add("logProbabilities", "must have at least 1 token, had none");
        var mask = CheckMask(problems.At("mask"));
        CheckValues(LogProbabilities, mask, mayBeImpossible: false, problems.At("logProbabilities"));
        CheckRows(Reference, mask, mayBeImpossible: true, problems.At("reference"));
        if (Old is not null) CheckRows(Old, mask, mayBeImpossible: false, problems.At("old"));
    }

    private TokenRows? CheckMask(Problems problems)
    {
        if (Mask is null || !Mask.HasShapeOf(LogProbabilities, "logProbabilities", problems)) return null;
        for (var i = 0; i < Mask.Rows.Length; i++)
            for (var j = 0; j < Mask.Rows[i].Length; j++)
                if (Mask.Rows[i][j] is not (0 or 1)) Mask.At(problems, i, j).Add($"must be 0 or 1, was {Mask.Rows[i][j]:R}");
        return Mask;
    }

    private void CheckRows(TokenRows rows, TokenRows? mask, bool mayBeImpossible, Problems problems)
    {
        if (rows.HasShapeOf(LogProbabilities, "logProbabilities", problems)) CheckValues(rows, mask, mayBeImpossible, problems);
    }

    private static void CheckValues(TokenRows rows, TokenRows? mask, bool mayBeImpossible, Problems problems)
    {
        for (var i = 0; i < rows.Rows.Length; i++)
        {
            for (var j = 0; j < rows.Rows[i].Length; j++)
            {
                if (mask is not null && mask.Rows[i][j] == 0) continue;
                var value = rows.Rows[i][j];
                if (!(value <= 0)) rows.At(problems, i, j).Add($"must be at most 0, the logarithm of a probability, was {value:R}");
                else if (!mayBeImpossible && IsMinusInfinity(value))
                    rows.At(problems, i, j).Add($"must be finite, since the token was sampled; {value:R} stands for a probability of 0");
            }
        }
    }
}
