using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;

namespace KlCore.Training.LanguageModel.Tokens;

/// <summary>
/// Byte-pair encoding: begins with the 256 bytes and joins, again and again, the two neighbours that stand together most often in the training part, within words and
/// the like (<see cref="Pieces"/>). Every text can be written and comes back as it was.
/// </summary>
/// <remarks>Sennrich, Haddow, Birch, Neural machine translation of rare words with subword units, ACL 2016; on bytes as GPT-2 has it. Of equally frequent pairs the one of smaller numbers is joined first.</remarks>
public sealed record BytePairTokens : Tokenization
{
    /// <summary>How many tokens, the 256 bytes included; fewer where no pair occurs twice any more.</summary>
    [Range(256, 65536)]
    public int Vocabulary { get; init; } = 4096;

    internal override int MaximumVocabulary(long characters) => Vocabulary;

    internal override Tokenizer Learn(IReadOnlyList<string> texts, bool hasEnd) => new BytePairTokenizer(PairMerging.Learn(Pieces.Count(texts), Vocabulary - 256), hasEnd);
}

/// <summary>Joined bytes as tokens: the bytes first, then what each join made.</summary>
internal sealed class BytePairTokenizer : Tokenizer
{
    private readonly (int Left, int Right)[] _merges;
    private readonly Dictionary<(int, int), int> _ranks = [];
    private readonly byte[][] _bytes;

    /// <param name="merges">The joins, in their order: each of two tokens that are there already.</param>
    /// <param name="hasEnd">Whether documents end.</param>
    public BytePairTokenizer((int Left, int Right)[] merges, bool hasEnd) : base(hasEnd)
    {
        _merges = merges;
        _bytes = new byte[256 + merges.Length][];
        for (var i = 0; i < 256; i++) _bytes[i] = [(byte)i];
        for (var i = 0; i < merges.Length; i++)
        {
            if (merges[i].Left >= 256 + i || merges[i].Right >= 256 + i) throw new InvalidInputException("", "A byte pair joins tokens that come later.");
            _bytes[256 + i] = [.. _bytes[merges[i].Left], .. _bytes[merges[i].Right]];
            _ranks.Add(merges[i], i);
        }
    }

    public override string Kind => "byte-pair";

    protected override int Count => _bytes.Length;

    public override List<int> Encode(string text)
    {
        var tokens = new List<int>();
        var known = new Dictionary<string, int[]>(StringComparer.Ordinal);
        var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (start, length) in Pieces.Cut(text))
        {
            var piece = text.AsSpan(start, length);
            if (!lookup.TryGetValue(piece, out var joined)) known.Add(piece.ToString(), joined = Join(piece));
            tokens.AddRange(joined);
        }

        return tokens;
    }

    public override ReadOnlySpan<byte> Bytes(int token) => _bytes[token];

    protected override void WriteTokens(Utf8JsonWriter writer)
    {
        WriteTexts(writer, Enumerable.Range(0, _bytes.Length).Select(Name));
        writer.WriteStartArray("merges");
        foreach (var (left, right) in _merges)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(left);
            writer.WriteNumberValue(right);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    /// <summary>Does the joins in the order in which they were learnt, each everywhere from left to right.</summary>
    private int[] Join(ReadOnlySpan<char> piece)
    {
        var tokens = new List<int>(Encoding.UTF8.GetMaxByteCount(piece.Length));
        var bytes = new byte[Encoding.UTF8.GetByteCount(piece)];
        Encoding.UTF8.GetBytes(piece, bytes);
        foreach (var value in bytes) tokens.Add(value);
        while (tokens.Count > 1)
        {
            var best = int.MaxValue;
            for (var i = 0; i + 1 < tokens.Count; i++)
                if (_ranks.TryGetValue((tokens[i], tokens[i + 1]), out var rank)) best = Math.Min(best, rank);
            if (best == int.MaxValue) break;
            PairMerging.Replace(tokens, _merges[best], 256 + best);
        }

        return [.. tokens];
    }
}
