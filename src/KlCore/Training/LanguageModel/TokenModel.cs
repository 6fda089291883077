using KlCore.Formats;

namespace KlCore.Training.LanguageModel;

/// <summary>What may follow a sequence of tokens: a distribution over the next one. This is all that evaluation, generation, stored logits and distillation know of a model.</summary>
/// <remarks>Calls may come one after the other from any thread, but not at the same time: a model may compute in memory of its own.</remarks>
internal abstract class TokenModel
{
    /// <summary>How many tokens there are.</summary>
    public abstract int Vocabulary { get; }

    /// <summary>The most tokens that one call can be given; what came before them cannot be seen.</summary>
    public abstract int Window { get; }

    /// <summary>
    /// How many positions of a long text are best asked for in one call, at most <see cref="Window"/>: the first of them then sees <see cref="Window"/> - <see cref="Stride"/> + 1 tokens.
    /// </summary>
    public abstract int Stride { get; }

    /// <summary>
    /// ln p of every token, after the first <paramref name="first"/> tokens, after one more, and so on to after all of them: normalised rows, one after the other.
    /// </summary>
    /// <param name="tokens">The text so far: 1 to <see cref="Window"/> tokens.</param>
    /// <param name="first">How many tokens come before what the first row tells of; from 1 to all.</param>
    /// <param name="rows">tokens.Length - first + 1 rows of <see cref="Vocabulary"/> numbers. -Infinity for what cannot follow.</param>
    public abstract void Predict(ReadOnlySpan<int> tokens, int first, Span<float> rows);

    /// <summary>ln p of the tokens that did follow; as <see cref="Predict"/>, of one token of each row.</summary>
    /// <param name="tokens">The text so far.</param>
    /// <param name="first">How many tokens come before the first that is scored.</param>
    /// <param name="last">The token that follows all of them.</param>
    /// <param name="scores">ln p of tokens[first], …, tokens[^1], last: tokens.Length - first + 1 numbers.</param>
    public virtual void Score(ReadOnlySpan<int> tokens, int first, int last, Span<double> scores)
    {
        var rows = new float[scores.Length * Vocabulary];
        Predict(tokens, first, rows);
        for (var i = 0; i < scores.Length; i++) scores[i] = rows[i * Vocabulary + (first + i < tokens.Length ? tokens[first + i] : last)];
    }

    /// <summary>What is to be kept of it: all that its design needs to make it again.</summary>
    public abstract IReadOnlyList<Tensor> ToTensors();

    /// <summary>What the result says of it.</summary>
    public abstract ModelFacts Describe();

    /// <summary>The rows for positions <paramref name="from"/> up to <paramref name="to"/> of a long text, in blocks of <see cref="Stride"/>.</summary>
    /// <param name="stream">The text; position i is predicted from what comes before it.</param>
    /// <param name="from">The first position, at least 1.</param>
    /// <param name="to">The one after the last.</param>
    /// <param name="rows">to - from rows.</param>
    public void PredictStream(ReadOnlySpan<int> stream, int from, int to, Span<float> rows)
    {
        for (; from < to; from = Math.Min(from + Stride, to))
        {
            var (start, end) = Block(from, to);
            var count = (end - from) * Vocabulary;
            Predict(stream[start..(end - 1)], from - start, rows[..count]);
            rows = rows[count..];
        }
    }

    /// <summary>ln p of the tokens at positions <paramref name="from"/> up to <paramref name="to"/> of a long text, in blocks of <see cref="Stride"/>.</summary>
    public void ScoreStream(ReadOnlySpan<int> stream, int from, int to, Span<double> scores)
    {
        for (; from < to; from = Math.Min(from + Stride, to))
        {
            var (start, end) = Block(from, to);
            Score(stream[start..(end - 1)], from - start, stream[end - 1], scores[..(end - from)]);
            scores = scores[(end - from)..];
        }
    }

    /// <summary>The rows for as many pieces of a long text, one after the other.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="from">The first position of each piece, at least 1.</param>
    /// <param name="length">How many positions a piece has.</param>
    /// <param name="rows">from.Length * length rows.</param>
    public virtual void PredictMany(int[] stream, ReadOnlySpan<int> from, int length, float[] rows)
    {
        for (var i = 0; i < from.Length; i++) PredictStream(stream, from[i], from[i] + length, rows.AsSpan(i * length * Vocabulary, length * Vocabulary));
    }

    /// <summary>ln p of the tokens in as many pieces of a long text, one after the other.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="from">The first position of each piece, at least 1.</param>
    /// <param name="length">How many positions a piece has.</param>
    /// <param name="scores">from.Length * length numbers.</param>
    public virtual void ScoreMany(int[] stream, ReadOnlySpan<int> from, int length, double[] scores)
    {
        for (var i = 0; i < from.Length; i++) ScoreStream(stream, from[i], from[i] + length, scores.AsSpan(i * length, length));
    }

    /// <summary>Where the tokens of a call begin that asks for the next block, and where its positions end.</summary>
    protected (int Start, int End) Block(int from, int to)
    {
        var end = Math.Min(from + Stride, to);
        return (Math.Max(0, end - 1 - Window), end);
    }
}

/// <summary>What a result says of a model besides how good it is.</summary>
/// <param name="Parameters">How many numbers were learnt: counted n-grams, or weights.</param>
public sealed record ModelFacts(long Parameters)
{
    /// <summary>Of an n-gram model: what was counted, by order.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<NGrams.OrderFacts>? Orders { get; init; }
}
