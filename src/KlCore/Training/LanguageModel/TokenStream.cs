using System.Text;
using KlCore.Training.LanguageModel.Tokens;

namespace KlCore.Training.LanguageModel;

/// <summary>
/// The text as tokens: the training part, then the held-out part. Documents follow one another, each ended by the tokenizer's end token, which also stands before the first. Position
/// i is predicted from the tokens before it; position 0 never is.
/// </summary>
internal sealed class TokenStream
{
    private TokenStream(int[] tokens, int trainingLength, Tokenizer tokenizer, TextFacts training, TextFacts validation) =>
        (Tokens, TrainingLength, Tokenizer, Training, Validation) = (tokens, trainingLength, tokenizer, training, validation);

    /// <summary>All tokens.</summary>
    public int[] Tokens { get; }

    /// <summary>How many of them are for training: positions from here on are held out.</summary>
    public int TrainingLength { get; }

    /// <summary>What cut the text.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>The training part.</summary>
    public TextFacts Training { get; }

    /// <summary>The held-out part.</summary>
    public TextFacts Validation { get; }

    /// <summary>Learns the tokens from the training part and cuts all of it.</summary>
    public static TokenStream Of(Corpus corpus, Tokenization how) => Of(corpus, how.Learn(corpus.Training, corpus.AreDocuments));

    /// <summary>Cuts it with tokens that are known.</summary>
    public static TokenStream Of(Corpus corpus, Tokenizer tokenizer)
    {
        var tokens = new List<int>();
        if (tokenizer.End is { } end) tokens.Add(end);
        Append(corpus.Training, tokenizer, tokens);
        var length = tokens.Count;
        Append(corpus.Validation, tokenizer, tokens);
        var all = tokens.ToArray();
        return new TokenStream(all, length, tokenizer, Facts(corpus.Training, all.AsSpan(0, length), tokenizer), Facts(corpus.Validation, all.AsSpan(length), tokenizer));
    }

    private static void Append(IReadOnlyList<string> texts, Tokenizer tokenizer, List<int> tokens)
    {
        foreach (var text in texts)
        {
            tokens.AddRange(tokenizer.Encode(text));
            if (tokenizer.End is { } end) tokens.Add(end);
        }
    }

    private static TextFacts Facts(IReadOnlyList<string> texts, ReadOnlySpan<int> tokens, Tokenizer tokenizer) => new(
        tokens.Length,
        texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text)),
        tokenizer.Unknown is { } unknown ? tokens.Count(unknown) : 0,
        texts.Sum(tokenizer.UnknownBytes));
}

/// <summary>How long a text is.</summary>
/// <param name="Tokens">In tokens, those that end documents included.</param>
/// <param name="Bytes">In bytes of UTF-8.</param>
/// <param name="UnknownTokens">How many of the tokens stand for what has none.</param>
/// <param name="UnknownBytes">How many bytes those are.</param>
public sealed record TextFacts(long Tokens, long Bytes, long UnknownTokens, long UnknownBytes);
