using System.Numerics;

namespace KlCore.Texts.NGrams;

/// <summary>
/// How often each n-gram occurs on either side. An n-gram is tokens that follow one another in one text; none reaches from one text into the next. They are
/// numbered as they are first met, those of p first.
/// </summary>
internal sealed class NGramCounts
{
    private readonly TokenTable _table;
    private readonly int _order;
    private readonly List<KeyTable> _shortened = [];
    private readonly List<int> _shortenedLengths = [];
    private KeyTable _found = new(0);
    private int _tokenBits;

    private NGramCounts(TokenTable table, int order) => (_table, _order) = (table, order);

    /// <summary>The n-grams of p in the order of the text, by number.</summary>
    public required NGramSide P { get; init; }

    /// <summary>Those of q.</summary>
    public required NGramSide Q { get; init; }

    /// <summary>How many different n-grams there are.</summary>
    public int Count => _found.Count;

    /// <summary>Counts.</summary>
    public static NGramCounts Of(IReadOnlyList<string> p, IReadOnlyList<string> q, TokenTable table, int order, CancellationToken cancellation)
    {
        var counts = new NGramCounts(table, order)
        {
            P = NGramSide.Of(p, table, order, cancellation),
            Q = NGramSide.Of(q, table, order, cancellation),
        };
        counts.Number(cancellation);
        return counts;
    }

    /// <summary>The tokens of an n-gram.</summary>
    public int[] TokensOf(int number)
    {
        var tokens = new int[_order];
        Unpack(_found[number], _order, _shortened.Count, tokens);
        return tokens;
    }

    /// <summary>An n-gram as people read it.</summary>
    public NGramText TextOf(int number)
    {
        var tokens = TokensOf(number);
        return new NGramText(_table.Join(tokens), [.. tokens.Select(_table.Name)]);
    }

    /// <summary>
    /// A key is the tokens beside one another in 64 bits. Where the next one finds no room, what is there so far is numbered, and its number takes its place.
    /// </summary>
    private void Number(CancellationToken cancellation)
    {
        _tokenBits = Math.Max(1, BitOperations.Log2((uint)_table.Limit - 1) + 1);
        var bits = _tokenBits;
        for (var length = 1; length < _order; length++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (bits + _tokenBits > 64)
            {
                var numbers = new KeyTable(Math.Min(P.Length + Q.Length, 1 << 16));
                P.Replace(numbers);
                Q.Replace(numbers);
                _shortened.Add(numbers);
                _shortenedLengths.Add(length);
                bits = Math.Max(1, BitOperations.Log2((uint)Math.Max(1, numbers.Count - 1)) + 1);
            }

            P.Append(length, _tokenBits);
            Q.Append(length, _tokenBits);
            bits += _tokenBits;
        }

        _found = new KeyTable(Math.Min(P.Length + Q.Length, 1 << 16));
        P.Count(_found);
        Q.Count(_found);
    }

    private void Unpack(ulong key, int length, int shortened, int[] tokens)
    {
        var from = shortened == 0 ? 1 : _shortenedLengths[shortened - 1];
        for (var at = length - 1; at >= from; at--)
        {
            tokens[at] = (int)(key & ((1UL << _tokenBits) - 1));
            key >>= _tokenBits;
        }

        if (shortened == 0) tokens[0] = (int)key;
        else Unpack(_shortened[shortened - 1][(int)key], from, shortened - 1, tokens);
    }
}

/// <summary>An n-gram as people read it.</summary>
/// <param name="NGram">Its tokens in a row: words with blanks between them.</param>
/// <param name="Tokens">Each of them.</param>
internal sealed record NGramText(string NGram, IReadOnlyList<string> Tokens);
