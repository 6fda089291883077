using KlCore.Divergences;
using KlCore.Losses;
using KlCore.Networks;
using KlCore.Networks.Objectives;

namespace KlCore.Training.LanguageModel.Learning;

/// <summary>What a batch of windows costs a network, with the derivative on its logits.</summary>
internal abstract class TokenLoss
{
    /// <summary>The mean over the rows, in nats; <paramref name="logits"/> become the derivative.</summary>
    /// <param name="logits">A row for each token of each window.</param>
    /// <param name="starts">Where in the stream each window begins.</param>
    /// <param name="targets">What follows each token.</param>
    public abstract double Evaluate(Batch logits, ReadOnlySpan<int> starts, ReadOnlySpan<int> targets);

    /// <summary>The loss of a task.</summary>
    public static TokenLoss Of(LearningTask task) =>
        task.Specification.Objective is Distilled distilled ? new DistilledTokenLoss(distilled, task.Teacher!, task.Stream.Tokens) : new TextLoss();

    /// <summary>-ln q of what follows in the text.</summary>
    private sealed class TextLoss : TokenLoss
    {
        public override double Evaluate(Batch logits, ReadOnlySpan<int> starts, ReadOnlySpan<int> targets) => SoftmaxCrossEntropy.Evaluate(logits, targets, logits);
    }
}

/// <summary>What a student pays for missing a teacher's distributions, mixed with the text's own.</summary>
internal sealed class DistilledTokenLoss : TokenLoss
{
    private readonly Distilled _objective;
    private readonly TokenModel _teacher;
    private readonly int[] _stream;
    private readonly Interpretation _how;
    private readonly double _scale, _slope;
    private float[] _rows = [];

    public DistilledTokenLoss(Distilled objective, TokenModel teacher, int[] stream)
    {
        (_objective, _teacher, _stream) = (objective, teacher, stream);
        _how = new Interpretation { Input = InputKind.Logits, Temperature = objective.Temperature };
        var temperature = objective.Loss.Describe().UsesTemperature ? objective.Temperature : 1;
        (_scale, _slope) = (temperature * temperature, temperature);
    }

    public override double Evaluate(Batch logits, ReadOnlySpan<int> starts, ReadOnlySpan<int> targets)
    {
        var length = logits.Rows / starts.Length;
        var width = length * logits.Width;
        if (_rows.Length < width) _rows = new float[width];
        double total = 0;
        for (var window = 0; window < starts.Length; window++)
        {
            _teacher.PredictStream(_stream, starts[window] + 1, starts[window] + 1 + length, _rows.AsSpan(0, width));
            for (var i = 0; i < length; i++)
                total += Row(_rows.AsSpan(i * logits.Width, logits.Width), logits[window * length + i], targets[window * length + i], logits.Rows);
        }

        return total / logits.Rows;
    }

    /// <summary>One position; its logits become their derivative.</summary>
    private double Row(ReadOnlySpan<float> teacher, Span<float> logits, int target, int count)
    {
        var (t, z, gradient) = (new double[logits.Length], new double[logits.Length], new double[logits.Length]);
        for (var i = 0; i < t.Length; i++) (t[i], z[i]) = (teacher[i], logits[i]);
        var weight = 1 - _objective.TextWeight;
        var value = weight * _scale * _objective.Loss.Evaluate(new LossRow(t, z, target, _how), gradient);
        if (_objective.TextWeight > 0)
        {
            var row = new Batch(logits, 1, logits.Length);
            value += _objective.TextWeight * SoftmaxCrossEntropy.Evaluate(row, [target], row);
        }

        var text = (float)_objective.TextWeight;
        for (var i = 0; i < logits.Length; i++) logits[i] = (float)((text > 0 ? text * logits[i] : 0) + weight * _slope * gradient[i]) / count;
        return value;
    }
}
