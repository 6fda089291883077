namespace KlCore.Training.LanguageModel.NGrams;

/// <summary>
/// Counts all n-grams up to an order by sorting the places of the text by the tokens that begin there, as far as the order and the document reach. Cut into units of work that are
/// short each.
/// </summary>
internal sealed class NGramCounting
{
    private const int PlacesPerUnit = 1 << 19;

    private readonly ReadOnlyMemory<int> _text;
    private readonly int _order;
    private readonly int _vocabulary;
    private readonly byte[] _lengths;
    private readonly List<int>[] _tokens, _counts, _firstChild;
    private readonly int[] _path;
    private int[] _places, _sorted;
    private int[] _starts = [];
    private int _last = -1;

    /// <param name="text">The tokens.</param>
    /// <param name="order">The longest n-grams.</param>
    /// <param name="vocabulary">How many tokens there are.</param>
    /// <param name="end">The token that ends documents: an n-gram may begin or end with it, but not reach over it.</param>
    public NGramCounting(ReadOnlyMemory<int> text, int order, int vocabulary, int? end)
    {
        (_text, _order, _vocabulary) = (text, order, vocabulary);
        _lengths = Lengths(text.Span, order, end);
        (_places, _sorted) = (new int[text.Length], new int[text.Length]);
        for (var i = 0; i < _places.Length; i++) _places[i] = i;
        (_tokens, _counts, _firstChild) = (Lists(), Lists(), Lists());
        _path = new int[order];
    }

    /// <summary>The units of work, to be done in order.</summary>
    public IEnumerable<Action> Units()
    {
        for (var depth = _order - 1; depth >= 0; depth--)
        {
            var at = depth;
            yield return () => _starts = new int[_vocabulary + 2];
            foreach (var (from, to) in Slices()) yield return () => Tally(at, from, to);
            yield return Accumulate;
            foreach (var (from, to) in Slices()) yield return () => Distribute(at, from, to);
            yield return () => (_places, _sorted) = (_sorted, _places);
        }

        foreach (var (from, to) in Slices()) yield return () => Collect(from, to);
    }

    /// <summary>How many different n-grams were found so far.</summary>
    public long Found => _tokens.Sum(list => (long)list.Count);

    /// <summary>What was counted, without probabilities yet.</summary>
    public NGramLevel[] Levels()
    {
        var levels = new NGramLevel[_order];
        for (var i = 0; i < _order; i++)
        {
            if (i + 1 < _order) _firstChild[i].Add(_tokens[i + 1].Count);
            levels[i] = new NGramLevel
            {
                Tokens = [.. _tokens[i]],
                Counts = [.. _counts[i]],
                FirstChild = i + 1 < _order ? [.. _firstChild[i]] : [],
                Probabilities = new double[_tokens[i].Count],
                Backoffs = i + 1 < _order ? new double[_tokens[i].Count] : [],
            };
        }

        return levels;
    }

    private List<int>[] Lists() => [.. Enumerable.Range(0, _order).Select(_ => new List<int>())];

    private IEnumerable<(int From, int To)> Slices()
    {
        for (var from = 0; from < _text.Length; from += PlacesPerUnit) yield return (from, Math.Min(from + PlacesPerUnit, _text.Length));
    }

    /// <summary>How many tokens the longest n-gram has that begins at each place.</summary>
    private static byte[] Lengths(ReadOnlySpan<int> text, int order, int? end)
    {
        var lengths = new byte[text.Length];
        var reach = 0;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            // After an end token the next n-gram begins with it; one that begins before it ends there.
            reach = i + 1 < text.Length && text[i + 1] == end ? 2 : reach + 1;
            lengths[i] = (byte)Math.Min(reach, order);
        }

        return lengths;
    }

    /// <summary>What a place is sorted by at a depth: 0 where its n-gram has ended, so that shorter ones come first.</summary>
    private int Key(int place, int depth) => depth < _lengths[place] ? _text.Span[place + depth] + 1 : 0;

    private void Tally(int depth, int from, int to)
    {
        for (var i = from; i < to; i++) _starts[Key(i, depth)]++;
    }

    private void Accumulate()
    {
        var sum = 0;
        foreach (ref var start in _starts.AsSpan()) (start, sum) = (sum, sum + start);
    }

    private void Distribute(int depth, int from, int to)
    {
        for (var i = from; i < to; i++) _sorted[_starts[Key(_places[i], depth)]++] = _places[i];
    }

    /// <summary>Neighbours share the n-grams up to where they differ.</summary>
    private void Collect(int from, int to)
    {
        var text = _text.Span;
        for (var i = from; i < to; i++)
        {
            var place = _places[i];
            var length = _lengths[place];
            var depth = _last < 0 ? 0 : text.Slice(place, length).CommonPrefixLength(text.Slice(_last, _lengths[_last]));
            for (; depth < length; depth++)
            {
                _path[depth] = _tokens[depth].Count;
                _tokens[depth].Add(text[place + depth]);
                _counts[depth].Add(0);
                if (depth + 1 < _order) _firstChild[depth].Add(_tokens[depth + 1].Count);
            }

            for (var order = 0; order < length; order++) _counts[order][_path[order]]++;
            _last = place;
        }
    }
}
