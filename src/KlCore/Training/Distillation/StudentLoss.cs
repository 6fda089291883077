using KlCore.Divergences;
using KlCore.Losses;
using KlCore.Networks;
using KlCore.Networks.Objectives;
using KlCore.Training.Classifier;
using KlCore.Training.Supervised;

namespace KlCore.Training.Distillation;

/// <summary>How far the student's answers are from the teacher's, and from the labels where they count.</summary>
internal sealed class StudentLoss : ExampleLoss
{
    private readonly DistillationSpecification _specification;
    private readonly TeacherAnswers _teacher;
    private readonly Interpretation _how;
    private readonly int[] _labels, _chosen;
    private readonly float[] _q, _logQ, _slope;
    private readonly FloatBuffer _hard;
    private readonly double _share, _factor;
    private readonly bool _isFast;

    public StudentLoss(DistillationSpecification specification, TeacherAnswers teacher, int[] labels)
    {
        (_specification, _teacher, _labels) = (specification, teacher, labels);
        _how = new Interpretation { Input = InputKind.Logits, Temperature = specification.Temperature };
        _isFast = RowLoss.Has(specification.Loss);
        var hasTemperature = specification.Loss.Describe().UsesTemperature;
        // T^2 of the loss, of which the derivative with respect to the logits takes one T.
        _share = (1 - specification.LabelWeight) * (hasTemperature ? specification.Temperature * specification.Temperature : 1);
        _factor = (1 - specification.LabelWeight) * (hasTemperature ? specification.Temperature : 1);
        var rows = Math.Max(specification.BatchSize, SupervisedRun.JudgedAtOnce);
        _chosen = new int[rows];
        (_q, _logQ, _slope) = (new float[teacher.Width], new float[teacher.Width], new float[teacher.Width]);
        _hard = new FloatBuffer(rows * teacher.Width);
    }

    public override string Measure => "accuracy";

    public override double Evaluate(ReadOnlySpan<int> examples, Batch outputs, Batch gradient, ref double measure)
    {
        var chosen = _chosen.AsSpan(0, examples.Length);
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = _labels[examples[i]];
            if (LabelLoss.Likeliest(outputs[i]) == chosen[i]) measure++;
        }

        var isTraining = !gradient.Values.IsEmpty;
        var weight = _specification.LabelWeight;
        double total = 0;
        if (weight < 1)
            for (var i = 0; i < examples.Length; i++) total += OneRow(examples[i], outputs[i], isTraining ? gradient[i] : default, (float)(_factor / examples.Length));
        else if (isTraining) gradient.Values.Clear();
        var loss = _share * total / examples.Length;
        return weight == 0 ? loss : loss + weight * Hard(chosen, outputs, gradient, (float)weight, isTraining);
    }

    private double OneRow(int example, ReadOnlySpan<float> logits, Span<float> gradient, float scale)
    {
        if (!_isFast) return Exact(example, logits, gradient, scale);
        Normalise(logits);
        // One logit that is no number makes all of them so; the run then ends as diverged.
        if (float.IsNaN(_logQ[0])) return double.NaN;
        var slope = gradient.IsEmpty ? default : _slope.AsSpan();
        var value = RowLoss.Evaluate(_specification.Loss, _teacher.Probabilities(example), _teacher.Logarithms(example), _q, _logQ, slope);
        for (var j = 0; j < gradient.Length; j++) gradient[j] = scale * slope[j];
        return value;
    }

    /// <summary>Every other loss by its own record, in doubles: slower, and right to the last digit that floats can use.</summary>
    private double Exact(int example, ReadOnlySpan<float> logits, Span<float> gradient, float scale)
    {
        var slope = new double[gradient.Length];
        var student = Array.ConvertAll(logits.ToArray(), logit => (double)logit);
        foreach (var logit in student)
            if (!double.IsFinite(logit)) return double.NaN;
        var row = new LossRow(Array.ConvertAll(_teacher.Logits[example], logit => (double)logit), student, _labels[example], _how);
        var value = _specification.Loss.Evaluate(row, slope);
        for (var j = 0; j < gradient.Length; j++) gradient[j] = (float)(scale * slope[j]);
        return value;
    }

    private double Hard(ReadOnlySpan<int> labels, Batch outputs, Batch gradient, float weight, bool isTraining)
    {
        var own = isTraining ? _hard.Rows(outputs.Rows, outputs.Width) : default;
        var loss = SoftmaxCrossEntropy.Evaluate(outputs, labels, own);
        for (var i = 0; i < own.Values.Length; i++) gradient.Values[i] += weight * own.Values[i];
        return loss;
    }

    /// <summary>q and ln q of logits over T.</summary>
    private void Normalise(ReadOnlySpan<float> logits)
    {
        var largest = float.NegativeInfinity;
        foreach (var logit in logits) largest = MathF.Max(largest, logit);
        var inverse = (float)(1 / _specification.Temperature);
        double sum = 0;
        for (var j = 0; j < logits.Length; j++)
        {
            _logQ[j] = (logits[j] - largest) * inverse;
            sum += _q[j] = MathF.Exp(_logQ[j]);
        }

        var (normaliser, share) = ((float)Math.Log(sum), (float)(1 / sum));
        for (var j = 0; j < logits.Length; j++)
        {
            _logQ[j] -= normaliser;
            _q[j] *= share;
        }
    }
}
