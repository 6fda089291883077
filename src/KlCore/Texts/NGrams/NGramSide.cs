namespace KlCore.Texts.NGrams;

/// <summary>The texts of one side as n-grams, one after the other.</summary>
internal sealed class NGramSide
{
    private readonly int[] _tokens;
    private readonly int[] _starts;

    private NGramSide(int[] tokens, int[] starts, int[] textOf, int texts)
    {
        (_tokens, _starts, TextOf, Texts) = (tokens, starts, textOf, texts);
        Keys = new ulong[starts.Length];
        for (var i = 0; i < starts.Length; i++) Keys[i] = (uint)tokens[starts[i]];
    }

    /// <summary>How many texts there are.</summary>
    public int Texts { get; }

    /// <summary>How many tokens they have.</summary>
    public long Tokens => _tokens.LongLength;

    /// <summary>How many n-grams.</summary>
    public int Length => Keys.Length;

    /// <summary>What each n-gram is known by so far.</summary>
    public ulong[] Keys { get; }

    /// <summary>Which text each n-gram is in.</summary>
    public int[] TextOf { get; }

    /// <summary>The number of each n-gram, in the order of the texts.</summary>
    public int[] Numbers { get; private set; } = [];

    /// <summary>Cuts the texts.</summary>
    public static NGramSide Of(IReadOnlyList<string> texts, TokenTable table, int order, CancellationToken cancellation)
    {
        var tokens = new List<int>();
        List<int> starts = [], textOf = [];
        for (var text = 0; text < texts.Count; text++)
        {
            cancellation.ThrowIfCancellationRequested();
            var first = tokens.Count;
            table.Encode(texts[text], tokens);
            for (var i = first; i + order <= tokens.Count; i++)
            {
                starts.Add(i);
                textOf.Add(text);
            }
        }

        return new NGramSide([.. tokens], [.. starts], [.. textOf], texts.Count);
    }

    /// <summary>Puts the next token of each n-gram beside those that its key holds.</summary>
    public void Append(int length, int bits)
    {
        for (var i = 0; i < Keys.Length; i++) Keys[i] = (Keys[i] << bits) | (uint)_tokens[_starts[i] + length];
    }

    /// <summary>Puts numbers in the place of keys.</summary>
    public void Replace(KeyTable numbers)
    {
        for (var i = 0; i < Keys.Length; i++) Keys[i] = (uint)numbers.FindOrAdd(Keys[i]);
    }

    /// <summary>Numbers the whole n-grams.</summary>
    public void Count(KeyTable found)
    {
        Numbers = new int[Keys.Length];
        for (var i = 0; i < Keys.Length; i++) Numbers[i] = found.FindOrAdd(Keys[i]);
    }

    /// <summary>How often each of so many n-grams occurs.</summary>
    public double[] Counts(int vocabulary)
    {
        var counts = new double[vocabulary];
        foreach (var number in Numbers) counts[number]++;
        return counts;
    }
}
