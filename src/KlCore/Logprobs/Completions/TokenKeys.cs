using System.Text;

namespace KlCore.Logprobs.Completions;

/// <summary>By what tokens of two documents are told apart.</summary>
public enum TokenKey
{
    /// <summary>Their numbers: exact, if both models have the same tokenizer.</summary>
    TokenId,

    /// <summary>Their bytes.</summary>
    Bytes,

    /// <summary>Their texts, which several tokens may share.</summary>
    Text,
}

/// <summary>Gives equal tokens of both documents equal numbers, by the best kind of name that all of them have.</summary>
internal sealed class TokenKeys
{
    private const char NoCharacter = '\uFFFD';

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    private TokenKeys(TokenKey kind) => Kind = kind;

    public TokenKey Kind { get; }

    /// <summary>The best kind of name that every token of both has.</summary>
    /// <exception cref="NotComputableException">There is none.</exception>
    public static TokenKeys For(Completion p, Completion q)
    {
        TokenName[] tokens = [.. Tokens(p), .. Tokens(q)];
        if (Array.TrueForAll(tokens, token => token.Id is not null)) return new TokenKeys(TokenKey.TokenId);
        if (Array.Exists(tokens, token => token.Bytes is not null) && Array.TrueForAll(tokens, token => BytesOf(token) is not null)) return new TokenKeys(TokenKey.Bytes);
        if (Array.TrueForAll(tokens, token => token.Text is not null)) return new TokenKeys(TokenKey.Text);
        throw new NotComputableException("keys-differ", $"The tokens of p and q have no kind of name in common: p has {Kinds(p)}, q has {Kinds(q)}. Ask both servers for the same, token ids best of all.");
    }

    /// <summary>The token's number in this comparison, or null for a name of another kind.</summary>
    public int? NumberOf(TokenName token)
    {
        if (Kind == TokenKey.TokenId) return token.Id;
        if ((Kind == TokenKey.Bytes ? BytesOf(token) : token.Text) is not { } key) return null;
        if (!_numbers.TryGetValue(key, out var number)) _numbers.Add(key, number = _numbers.Count);
        return number;
    }

    /// <summary>The token's bytes, from its text if that is sure to be whole.</summary>
    private static string? BytesOf(TokenName token)
    {
        if (token.Bytes is not null) return token.Bytes;
        if (token.Text is not { } text || text.Contains(NoCharacter, StringComparison.Ordinal) || text.StartsWith("bytes:", StringComparison.Ordinal)) return null;
        return Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
    }

    private static IEnumerable<TokenName> Tokens(Completion completion) => completion.Positions.SelectMany(position => position.Scores).Select(score => score.Token);

    private static string Kinds(Completion completion)
    {
        TokenName[] tokens = [.. Tokens(completion)];
        List<string> kinds = [];
        if (Array.TrueForAll(tokens, token => token.Id is not null)) kinds.Add("ids");
        if (Array.TrueForAll(tokens, token => token.Bytes is not null)) kinds.Add("bytes");
        if (Array.TrueForAll(tokens, token => token.Text is not null)) kinds.Add("texts");
        return kinds.Count == 0 ? "now one, now another" : string.Join(" and ", kinds);
    }
}
