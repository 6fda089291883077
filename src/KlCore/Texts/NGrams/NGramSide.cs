using System.Runtime.InteropServices;

namespace KlCore.Texts.NGrams;

/// <summary>The texts of one side as n-grams, one after the other.</summary>
internal sealed class NGramSide
{
    private readonly List<int> _tokens;
    private readonly int[] _starts;
    private ulong[] _keys;

    private NGramSide(List<int> tokens, List<int> starts, int[] ends)
    {
        (_tokens, _starts, Ends) = (tokens, [.. starts], ends);
        _keys = new ulong[_starts.Length];
        for (var i = 0; i < _starts.Length; i++) _keys[i] = (uint)tokens[_starts[i]];
    }

    /// <summary>How many texts there are.</summary>
    public int Texts => Ends.Length;

    /// <summary>How many tokens they have.</summary>
    public int Tokens => _tokens.Count;

    /// <summary>How many n-grams.</summary>
    public int Length => _starts.Length;

    /// <summary>Where the n-grams of each text end.</summary>
    public int[] Ends { get; }

    /// <summary>The number of each n-gram, in the order of the texts.</summary>
    public int[] Numbers { get; private set; } = [];

    /// <summary>Cuts the texts.</summary>
    public static NGramSide Of(IReadOnlyList<string> texts, TokenTable table, int order, CancellationToken cancellation)
    {
        List<int> tokens = [], starts = [];
        var ends = new int[texts.Count];
        for (var text = 0; text < texts.Count; text++)
        {
            cancellation.ThrowIfCancellationRequested();
            var first = tokens.Count;
            table.Encode(texts[text], tokens);
            for (var i = first; i + order <= tokens.Count; i++) starts.Add(i);
            ends[text] = starts.Count;
        }

        return new NGramSide(tokens, starts, ends);
    }

    /// <summary>Puts the next token of each n-gram beside those that its key holds.</summary>
    public void Append(int length, int bits)
    {
        var tokens = CollectionsMarshal.AsSpan(_tokens);
        for (var i = 0; i < _keys.Length; i++) _keys[i] = (_keys[i] << bits) | (uint)tokens[_starts[i] + length];
    }

    /// <summary>Puts numbers in the place of keys.</summary>
    public void Replace(KeyTable numbers)
    {
        for (var i = 0; i < _keys.Length; i++) _keys[i] = (uint)numbers.FindOrAdd(_keys[i]);
    }

    /// <summary>Numbers the whole n-grams; their keys are not needed after that.</summary>
    public void Count(KeyTable found)
    {
        Numbers = new int[_keys.Length];
        for (var i = 0; i < _keys.Length; i++) Numbers[i] = found.FindOrAdd(_keys[i]);
        _keys = [];
    }

    /// <summary>How often each of so many n-grams occurs.</summary>
    public double[] Counts(int vocabulary)
    {
        var counts = new double[vocabulary];
        foreach (var number in Numbers) counts[number]++;
        return counts;
    }
}
