using KlCore.Networks;
using KlCore.Training.Supervised;

namespace KlCore.Training.Regression;

/// <summary>How far answers are from scaled targets; told beside it, the mean absolute error in the targets' own units.</summary>
internal sealed class ValueLoss : ExampleLoss
{
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    private readonly RegressionSpecification _specification;
    private readonly ColumnScaling _scaling;
    private readonly float[] _targets;
    private readonly int _width;

    public ValueLoss(RegressionSpecification specification, double[][] targets, ColumnScaling scaling)
    {
        (_specification, _scaling, _width) = (specification, scaling, targets[0].Length);
        _targets = new float[targets.Length * _width];
        for (var i = 0; i < targets.Length; i++) scaling.Apply(targets[i], _targets.AsSpan(i * _width, _width));
    }

    public override string Measure => "meanAbsoluteError";

    public override double Evaluate(ReadOnlySpan<int> examples, Batch outputs, Batch gradient, ref double measure)
    {
        double total = 0;
        var share = 1.0 / (examples.Length * _width);
        for (var i = 0; i < examples.Length; i++)
        {
            var target = _targets.AsSpan(examples[i] * _width, _width);
            var output = outputs[i];
            var slope = gradient.Values.IsEmpty ? default : gradient[i];
            for (var j = 0; j < _width; j++)
            {
                double residual = target[j] - output[j];
                measure += Math.Abs(residual) * _scaling.Scale[j] / _width;
                if (_specification.HasVariance) total += Normal(residual, output[_width + j], slope, j, share);
                else
                {
                    var (value, derivative) = Of(residual);
                    total += value;
                    if (!slope.IsEmpty) slope[j] = (float)(-share * derivative);
                }
            }
        }

        return share * total;
    }

    private (double Value, double Derivative) Of(double r) => _specification.Loss switch
    {
        RegressionLoss.MeanAbsoluteError => (Math.Abs(r), double.IsNaN(r) ? r : Math.Sign(r)),
        RegressionLoss.Huber when Math.Abs(r) > _specification.HuberDelta =>
            (_specification.HuberDelta * (Math.Abs(r) - _specification.HuberDelta / 2), _specification.HuberDelta * Math.Sign(r)),
        RegressionLoss.Huber => (r * r / 2, r),
        _ => (r * r, 2 * r),
    };

    private double Normal(double residual, double logVariance, Span<float> slope, int target, double share)
    {
        var standardised = residual * residual * Math.Exp(-logVariance);
        if (!slope.IsEmpty)
        {
            slope[target] = (float)(-share * residual * Math.Exp(-logVariance));
            slope[_width + target] = (float)(share * 0.5 * (1 - standardised));
        }

        return HalfLogTwoPi + 0.5 * (logVariance + standardised);
    }
}
