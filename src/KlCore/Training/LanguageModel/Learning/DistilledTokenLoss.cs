using KlCore.Divergences;
using KlCore.Losses;
using KlCore.Networks;
using KlCore.Networks.Objectives;
using KlCore.Numerics;

namespace KlCore.Training.LanguageModel.Learning;

/// <summary>What a student pays for missing a teacher's distributions, mixed with the text's own.</summary>
internal sealed class DistilledTokenLoss : TokenLoss
{
    private readonly Distilled _objective;
    private readonly TokenModel _teacher;
    private readonly int[] _stream;
    private readonly Interpretation _how;
    private readonly double _scale, _slope;
    private readonly float[] _rows;

    public DistilledTokenLoss(Distilled objective, TokenModel teacher, int[] stream, int sequences, int rows)
        : base(stream, sequences, rows)
    {
        (_objective, _teacher, _stream) = (objective, teacher, stream);
        _how = new Interpretation { Input = InputKind.Logits, Temperature = objective.Temperature };
        var temperature = objective.Loss.Describe().UsesTemperature ? objective.Temperature : 1;
        (_scale, _slope) = (temperature * temperature, temperature);
        _rows = new float[sequences * rows * teacher.Vocabulary];
    }

    /// <summary>Asks the teacher about all of them.</summary>
    public override void Prepare(ReadOnlySpan<int> positions)
    {
        base.Prepare(positions);
        _teacher.PredictMany(_stream, positions, Rows, _rows);
    }

    /// <inheritdoc/>
    public override double Evaluate(int part, int first, int sequences, Batch logits)
    {
        var (width, weight) = (logits.Width, 1 - _objective.TextWeight);
        var targets = Targets(first, sequences);
        var (slopes, text) = (new float[width], new float[width]);
        double total = 0;
        for (var i = 0; i < logits.Rows; i++)
        {
            Batch row = new(logits[i], 1, width), derivative = new(slopes, 1, width), teacher = new(_rows.AsSpan((first * Rows + i) * width, width), 1, width);
            var value = _objective.Loss switch
            {
                ForwardKullbackLeibler => TemperedForward.Evaluate(teacher, row, derivative, _objective.Temperature),
                ReverseKullbackLeibler => TemperedReverse.Evaluate(teacher, row, derivative, _objective.Temperature),
                _ => Careful(teacher.Values, row.Values, targets[i], slopes),
            };
            // What has no weight may be infinite.
            if (weight > 0) total += weight * value;
            else slopes.AsSpan().Clear();
            if (_objective.TextWeight > 0) total += _objective.TextWeight * SoftmaxCrossEntropy.Evaluate(row, targets.Slice(i, 1), new Batch(text, 1, width));
            FloatLoop.Run(new Affine((float)(weight / logits.Rows)), slopes, slopes, row.Values);
            if (_objective.TextWeight > 0) FloatLoop.Run(new PlusMultiple((float)(_objective.TextWeight / logits.Rows)), text, row.Values, row.Values);
        }

        return total / logits.Rows;
    }

    /// <summary>Any loss at one position, in doubles.</summary>
    private double Careful(ReadOnlySpan<float> teacher, ReadOnlySpan<float> student, int target, Span<float> slopes)
    {
        double[] t = new double[student.Length], z = new double[student.Length], gradient = new double[student.Length];
        for (var i = 0; i < t.Length; i++) (t[i], z[i]) = (teacher[i], student[i]);
        var value = _scale * _objective.Loss.Evaluate(new LossRow(t, z, target, _how), gradient);
        for (var i = 0; i < slopes.Length; i++) slopes[i] = (float)(_slope * gradient[i]);
        return value;
    }
}
