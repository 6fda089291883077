using KlCore.Networks;
using KlCore.Networks.Language;
using KlCore.Numerics;

namespace KlCore.Training.LanguageModel.Learning;

/// <summary>Asks a network what follows beginnings of a text, in memory of its own.</summary>
internal sealed class NetworkReader
{
    /// <summary>How many positions a network that needs its whole context is asked for at once.</summary>
    private const int PaddedRows = 64;

    /// <summary>The most rows that a reader of such a network has room for.</summary>
    public const int MaximumPaddedRows = PaddedRows + 256;

    private readonly TokenNetwork _network;
    private readonly FloatBuffer _logits;
    private readonly int[] _padded;

    public NetworkReader(TokenNetwork network)
    {
        _network = network;
        network.Prepare(network.IsPadded ? WindowOf(network) : 1);
        _logits = new FloatBuffer(WindowOf(network) * network.Vocabulary);
        _padded = new int[network.IsPadded ? WindowOf(network) * network.Context : 0];
    }

    /// <summary>The most tokens that a call can be given.</summary>
    public static int WindowOf(TokenNetwork network) => network.IsPadded ? network.Context + PaddedRows - 1 : network.Context;

    /// <summary>How many positions of a long text are best asked for at once: each then sees half of the context at least.</summary>
    public static int StrideOf(TokenNetwork network) => network.IsPadded ? PaddedRows : Math.Max(1, network.Context / 2);

    /// <summary>ln p of every token after the first tokens, after one more, and so on to after all.</summary>
    public void Predict(ReadOnlySpan<int> tokens, int first, Span<float> rows)
    {
        var logits = Read(tokens, first);
        for (var i = 0; i < logits.Rows; i++)
        {
            var row = rows.Slice(i * _network.Vocabulary, _network.Vocabulary);
            var normaliser = LogSumExp(logits[i]);
            FloatLoop.Run(new Affine(1, -(float)normaliser), logits[i], logits[i], row);
        }
    }

    /// <summary>ln p of the tokens that did follow.</summary>
    public void Score(ReadOnlySpan<int> tokens, int first, int last, Span<double> scores)
    {
        var logits = Read(tokens, first);
        for (var i = 0; i < scores.Length; i++) scores[i] = Math.Min(0, logits[i][first + i < tokens.Length ? tokens[first + i] : last] - LogSumExp(logits[i]));
    }

    private Batch Read(ReadOnlySpan<int> tokens, int first)
    {
        var rows = tokens.Length - first + 1;
        var logits = _logits.Rows(rows, _network.Vocabulary);
        if (!_network.IsPadded)
        {
            _network.Forward(tokens, 1, logits, Pass.Inference);
            return logits;
        }

        for (var row = 0; row < rows; row++) Pad(tokens[..(first + row)], _padded.AsSpan(row * _network.Context, _network.Context), _network.Vocabulary);
        _network.Forward(_padded.AsSpan(0, rows * _network.Context), rows, logits, Pass.Inference);
        return logits;
    }

    /// <summary>The last tokens before a position, with what stands for none before them.</summary>
    public static void Pad(ReadOnlySpan<int> before, Span<int> context, int none)
    {
        var known = Math.Min(before.Length, context.Length);
        context[..^known].Fill(none);
        before[^known..].CopyTo(context[^known..]);
    }

    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        var sum = FloatSoftmax.Exponentials(logits, default, out var largest);
        return largest + Math.Log(sum);
    }
}
