using System.Runtime.CompilerServices;
using KlCore.Formats;
using KlCore.Numerics;
using KlCore.Training;
using KlCore.Training.Optimization;

namespace KlCore.Networks;

/// <summary>
/// The steps down the gradient: penalties on the weights, clipping, the schedule and the optimizer, in this order. Its state is all there is to save of
/// a network in training.
/// </summary>
internal sealed class Descent
{
    private readonly Parameters _parameters;
    private readonly Optimizer _optimizer;
    private readonly Schedule? _usual;
    private readonly OptimizerState<float> _state;

    /// <param name="parameters">What is learnt. Its memory is laid out.</param>
    /// <param name="optimizer">The rule.</param>
    /// <param name="usual">The schedule where the optimizer names none; null for the full rate throughout.</param>
    public Descent(Parameters parameters, Optimizer optimizer, Schedule? usual = null)
    {
        (_parameters, _optimizer, _usual) = (parameters, optimizer, usual);
        _state = new OptimizerState<float>(optimizer.Slots, parameters.Values.Length);
    }

    /// <summary>How many steps were taken.</summary>
    public long Steps => _state.Steps;

    /// <summary>How long the gradient of all parameters together may be; a longer one is shortened.</summary>
    public double MaximumNorm { get; init; } = double.PositiveInfinity;

    /// <summary>The factor of sum |w| over the weights, which is added to the loss.</summary>
    public double L1 { get; init; }

    /// <summary>The factor of sum w^2 over the weights, which is added to the loss.</summary>
    public double L2 { get; init; }

    /// <summary>The length of the gradient before it was clipped, at the last step.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>The rate of the last step.</summary>
    public double Rate { get; private set; }

    /// <summary>What the penalties add to the loss.</summary>
    public double Penalty()
    {
        double total = 0;
        for (var i = 0; i < _parameters.All.Count; i++)
        {
            var (l1, l2) = Factors(_parameters.All[i]);
            if (l1 == 0 && l2 == 0) continue;
            var values = _parameters.All[i].Values;
            if (l1 != 0) total += l1 * FloatSums.Of(default(Size), values, values);
            if (l2 != 0) total += l2 * FloatSums.OfSquares(values);
        }

        return total;
    }

    /// <summary>Changes the parameters by one step against their gradient.</summary>
    /// <param name="total">How many steps there will be in all, for the schedule.</param>
    /// <returns>Whether the gradient was finite; if not, nothing was changed.</returns>
    public bool Step(long total)
    {
        AddPenalties();
        GradientNorm = Math.Sqrt(FloatSums.OfSquares(_parameters.Gradients));
        if (!double.IsFinite(GradientNorm)) return false;
        if (GradientNorm > MaximumNorm) Shorten((float)(MaximumNorm / GradientNorm));
        Rate = (_optimizer.LearningRate ?? _optimizer.UsualRate) * ((_optimizer.Schedule ?? _usual)?.Multiplier(_state.Steps, total) ?? 1);
        _optimizer.Update<float>(Rate, _parameters.Gradients, _parameters.Values, _state);
        return true;
    }

    /// <summary>The parameters, what the optimizer remembers, and what is told of the last step.</summary>
    public IEnumerable<Tensor> Save() =>
        [Tensor.Of<float>("parameters", [_parameters.Values.Length], _parameters.Values), .. _state.Save(), new Tensor("descent", [GradientNorm, Rate])];

    /// <summary>Continues from what <see cref="Save"/> gave.</summary>
    public void Restore(Checkpoint checkpoint)
    {
        checkpoint.Read("parameters", _parameters.Values);
        _state.Restore(checkpoint);
        var told = new double[2];
        checkpoint.Read("descent", told);
        (GradientNorm, Rate) = (told[0], told[1]);
    }

    private void AddPenalties()
    {
        for (var index = 0; index < _parameters.All.Count; index++)
        {
            var parameter = _parameters.All[index];
            var (l1, l2) = Factors(parameter);
            if (l1 == 0 && l2 == 0) continue;
            FloatLoop.Run(new PlusPenalty((float)l1, (float)(2 * l2)), parameter.Values, parameter.Gradient, parameter.Gradient);
        }
    }

    /// <summary>The penalties of one parameter: its own and those of all weights.</summary>
    private (double L1, double L2) Factors(Parameter parameter) => parameter.IsWeight ? (parameter.L1 + L1, parameter.L2 + L2) : (parameter.L1, parameter.L2);

    private void Shorten(float factor) => FloatLoop.Run(new Affine(factor), _parameters.Gradients, _parameters.Gradients, _parameters.Gradients);

    /// <summary>|x|.</summary>
    private readonly struct Size : IFloatFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x, T y) where T : struct, IFloatLanes<T> => T.Abs(x);
    }

    /// <summary>y + proportional x + constant sign(x).</summary>
    private readonly struct PlusPenalty(float constant, float proportional) : IFloatFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x, T y) where T : struct, IFloatLanes<T>
        {
            var sign = T.Select(T.Less(T.All(0), x), T.All(constant), T.Select(T.Less(x, T.All(0)), T.All(-constant), T.All(0)));
            return T.MultiplyAdd(x, T.All(proportional), y) + sign;
        }
    }
}
