using KlCore.Formats;
using KlCore.Networks;

namespace KlCore.Training.LanguageModel.Learning;

/// <summary>A model of the next token that learns along gradients: windows of tokens go in, a row of logits for each of their tokens comes out.</summary>
internal abstract class TokenNetwork : TokenModel
{
    /// <summary>What it learns; the memory is laid out.</summary>
    public abstract Parameters Parameters { get; }

    /// <inheritdoc/>
    public override int Stride => Math.Max(1, Window / 2);

    /// <summary>Gives the parameters the values with which training begins.</summary>
    public abstract void Initialize(long seed);

    /// <summary>Makes room for passes over as many windows of full length, backward ones included. Until then there is room for one, without gradients.</summary>
    public abstract void Prepare(int windows);

    /// <summary>Computes the logits of what follows each token, of which it and those before it in its window are seen. They stay where they are until the next pass.</summary>
    /// <param name="tokens">Windows of equal length, one after the other.</param>
    /// <param name="windows">How many; each has 1 to <see cref="TokenModel.Window"/> tokens.</param>
    /// <param name="pass">What it is for.</param>
    /// <returns>A row for each token.</returns>
    public abstract Batch Forward(ReadOnlySpan<int> tokens, int windows, Pass pass);

    /// <summary>Sets the gradient of the parameters from that of the logits of the last forward pass.</summary>
    /// <param name="logitGradient">May be the memory of the logits, and may be overwritten.</param>
    public abstract void Backward(Batch logitGradient);

    /// <inheritdoc/>
    public sealed override void Predict(ReadOnlySpan<int> tokens, int first, Span<float> rows)
    {
        var logits = Forward(tokens, 1, Pass.Inference);
        for (var i = first - 1; i < tokens.Length; i++)
        {
            var row = rows.Slice((i - first + 1) * Vocabulary, Vocabulary);
            logits[i].CopyTo(row);
            var normaliser = (float)LogSumExp(row);
            foreach (ref var value in row) value -= normaliser;
        }
    }

    /// <inheritdoc/>
    public sealed override void Score(ReadOnlySpan<int> tokens, int first, int last, Span<double> scores)
    {
        var logits = Forward(tokens, 1, Pass.Inference);
        for (var i = 0; i < scores.Length; i++)
        {
            var row = logits[first - 1 + i];
            scores[i] = row[first + i < tokens.Length ? tokens[first + i] : last] - LogSumExp(row);
        }
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Tensor> ToTensors() => [.. Parameters.ToTensors()];

    /// <inheritdoc/>
    public override ModelFacts Describe() => new(Parameters.Count);

    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        var largest = float.NegativeInfinity;
        foreach (var logit in logits) largest = MathF.Max(largest, logit);
        double sum = 0;
        foreach (var logit in logits) sum += MathF.Exp(logit - largest);
        return largest + Math.Log(sum);
    }
}
