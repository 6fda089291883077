using KlCore.Networks;
using KlCore.Networks.Language;
using KlCore.Networks.Objectives;

namespace KlCore.Training.LanguageModel.Learning;

/// <summary>What sequences that were drawn from a text cost a network, with the derivative on its logits.</summary>
internal abstract class TokenLoss : ISequenceLoss
{
    private readonly int[] _stream, _targets;

    /// <param name="stream">The text.</param>
    /// <param name="sequences">How many sequences there are at once, at most.</param>
    /// <param name="rows">How many positions of each are predicted.</param>
    protected TokenLoss(int[] stream, int sequences, int rows)
    {
        (_stream, Rows) = (stream, rows);
        _targets = new int[sequences * rows];
    }

    /// <summary>How many positions of each sequence are predicted.</summary>
    protected int Rows { get; }

    /// <summary>The loss of a task.</summary>
    public static TokenLoss Of(LearningTask task, int sequences, int rows) => task.Specification.Objective is Distilled distilled
        ? new DistilledTokenLoss(distilled, task.Teacher!, task.Stream.Tokens, sequences, rows)
        : new TextLoss(task.Stream.Tokens, sequences, rows);

    /// <summary>Says which sequences come next.</summary>
    /// <param name="positions">Where in the text the first token is that each of them predicts.</param>
    public virtual void Prepare(ReadOnlySpan<int> positions)
    {
        for (var i = 0; i < positions.Length; i++) _stream.AsSpan(positions[i], Rows).CopyTo(_targets.AsSpan(i * Rows));
    }

    /// <inheritdoc/>
    public abstract double Evaluate(int part, int first, int sequences, Batch logits);

    /// <summary>The tokens that followed in the text.</summary>
    protected ReadOnlySpan<int> Targets(int first, int sequences) => _targets.AsSpan(first * Rows, sequences * Rows);

    /// <summary>-ln q of what follows in the text.</summary>
    private sealed class TextLoss(int[] stream, int sequences, int rows) : TokenLoss(stream, sequences, rows)
    {
        public override double Evaluate(int part, int first, int sequences, Batch logits) => SoftmaxCrossEntropy.Evaluate(logits, Targets(first, sequences), logits);
    }
}
