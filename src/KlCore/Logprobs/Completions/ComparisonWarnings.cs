namespace KlCore.Logprobs.Completions;

/// <summary>Notices what makes a comparison mean less than it seems to.</summary>
internal sealed class ComparisonWarnings(Completion p, Completion q, BoundOptions options)
{
    private int _unvalued;
    private int _processedP;
    private int _processedQ;
    private int? _unknownToken;
    private int? _nothingShared;
    private int? _largestId;

    /// <summary>Looks at the ids, if tokens are matched by them: they may be sparse, but mostly such a vocabulary is a tokenizer's without its added tokens.</summary>
    public void SeeKeys(TokenKey key)
    {
        if (key != TokenKey.TokenId || options.Vocabulary is not { } vocabulary) return;
        var largest = p.Positions.Concat(q.Positions).SelectMany(position => position.Scores).Max(score => score.Token.Id);
        if (largest >= vocabulary) _largestId = largest;
    }

    /// <summary>Looks at one position.</summary>
    public void See(int index, ScoredList first, ScoredList second, Alignment alignment)
    {
        _unvalued += first.UnvaluedCount + second.UnvaluedCount;
        if (first.LooksProcessed(options.Vocabulary)) _processedP++;
        if (second.LooksProcessed(options.Vocabulary)) _processedQ++;
        if (alignment == Alignment.Tokens && !(p.IsGivenText && q.IsGivenText) && first.HasSameTokenAs(second) is null) _unknownToken ??= index;
        // The token of a given text is scored on both sides, whatever else is.
        if (p.IsGivenText && q.IsGivenText && !first.Known.Tokens.Intersect(second.Known.Tokens).Any()) _nothingShared ??= index;
    }

    /// <summary>What there is to say.</summary>
    public IReadOnlyList<string> All(int compared)
    {
        List<string> warnings = [];
        if ((p.IsPrompt && q.IsGenerated) || (p.IsGenerated && q.IsPrompt))
            warnings.Add($"kinds-differ: {(p.IsPrompt ? "p scores a prompt and q generated tokens" : "p scores generated tokens and q a prompt")}; unless both are the same tokens after the same context, the brackets do not compare the models");
        foreach (var (name, side) in new[] { ("p", p), ("q", q) })
            if (side.Coarseness > options.MassTolerance)
                warnings.Add($"coarse-values: the numbers of {name} have at most {side.Digits} digits, so that one may be off by {side.Coarseness:R}; the brackets are widened by it. Ask for numbers in full");
        if (p.Positions.Count != q.Positions.Count) warnings.Add($"p has {p.Positions.Count} positions and q has {q.Positions.Count}; what only one of them has is not compared");
        if (compared > 1 && _unknownToken is { } unknown) warnings.Add($"at position {unknown} it is not known which token stands there on both sides; it is taken to be the same");
        if (_nothingShared is { } apart) warnings.Add($"at position {apart} p and q score no token in common; are they scores of the same text?");
        if (_largestId is { } largest) warnings.Add($"token {largest} is scored, although the vocabulary is said to have {options.Vocabulary} tokens; it should count added and padded ones");
        if (_unvalued > 0) warnings.Add($"{_unvalued} times a token has a placeholder for minus infinity (-9999, the most negative float, null or a probability of 0), which only says that it is not likelier than what is listed; the floor is not applied to it");
        if (_processedP > 0) warnings.Add(Processed("p", _processedP, compared));
        if (_processedQ > 0) warnings.Add(Processed("q", _processedQ, compared));
        if (_processedP > 0 != _processedQ > 0) warnings.Add("one side looks processed and the other raw: then they are not distributions of the same kind, and the brackets do not compare the models");
        return warnings;
    }

    private static string Processed(string side, int count, int compared) =>
        $"at {count} of {compared} positions a few tokens have all the mass of {side}: log-probabilities after top-p or top-k sampling are renormalised; ask for raw ones (vLLM: logprobs_mode raw_logprobs)";
}
