using KlCore.Networks;
using KlCore.Networks.Objectives;
using KlCore.Training.Supervised;

namespace KlCore.Training.Classifier;

/// <summary>Cross-entropy against labels, and how often the likeliest class is the label.</summary>
internal sealed class LabelLoss : ExampleLoss
{
    private readonly int[] _labels, _chosen;
    private readonly float[] _weights;
    private readonly double _smoothing;
    private readonly bool _isBinary;
    private readonly FloatBuffer? _targets;

    public LabelLoss(ClassifierSpecification specification, ClassLabels labels, int[] training)
    {
        _labels = labels.Labels;
        _smoothing = specification.LabelSmoothing;
        _isBinary = specification.Loss == ClassifierLoss.BinaryCrossEntropy;
        _weights = specification.ClassWeights?.Of(Array.ConvertAll(training, example => _labels[example]), labels.Names.Count) ?? [];
        var rows = Math.Max(specification.BatchSize, SupervisedRun.JudgedAtOnce);
        _chosen = new int[rows];
        _targets = _isBinary ? new FloatBuffer(rows) : null;
    }

    public override string Measure => "accuracy";

    public override double Evaluate(ReadOnlySpan<int> examples, Batch outputs, Batch gradient, ref double measure)
    {
        var chosen = _chosen.AsSpan(0, examples.Length);
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = _labels[examples[i]];
            if (Likeliest(outputs[i]) == chosen[i]) measure++;
        }

        // Weights are for training only.
        var weights = gradient.Values.IsEmpty ? default : _weights;
        return _isBinary ? Binary(chosen, outputs, gradient, weights) : SoftmaxCrossEntropy.Evaluate(outputs, chosen, gradient, _smoothing, weights);
    }

    /// <summary>The class with the largest logit, the first of several; of a single logit the second class where it is positive.</summary>
    public static int Likeliest(ReadOnlySpan<float> logits)
    {
        if (logits.Length == 1) return logits[0] > 0 ? 1 : 0;
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best]) best = i;
        return best;
    }

    private double Binary(ReadOnlySpan<int> labels, Batch outputs, Batch gradient, ReadOnlySpan<float> weights)
    {
        var targets = _targets!.Rows(labels.Length, 1);
        for (var i = 0; i < labels.Length; i++) targets.Values[i] = (float)(labels[i] * (1 - _smoothing) + _smoothing / 2);
        if (weights.IsEmpty) return BinaryCrossEntropy.Evaluate(outputs, targets, gradient);
        double total = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var slope = gradient.Values.Slice(i, 1);
            var weight = weights[labels[i]];
            total += weight * BinaryCrossEntropy.Evaluate(new Batch(outputs[i], 1, 1), new Batch(targets[i], 1, 1), new Batch(slope, 1, 1));
            slope[0] *= weight / labels.Length;
        }

        return total / labels.Length;
    }
}
