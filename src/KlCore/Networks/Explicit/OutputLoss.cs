using KlCore.Divergences;
using KlCore.Losses;
using KlCore.Numerics;

namespace KlCore.Networks.Explicit;

/// <summary>A loss and where it pulls the last layer.</summary>
/// <param name="Value">May be +Infinity.</param>
/// <param name="Deltas">Its derivative with respect to the last layer's pre-activations; null where a row's divergence is infinite.</param>
/// <param name="InfiniteRow">The first such row, or -1.</param>
internal sealed record OutputLoss(double Value, double[][]? Deltas, int InfiniteRow)
{
    /// <summary>
    /// Divergences are taken from the pre-activations, softmax or sigmoid and logarithm in one: logits of +-800 lose nothing. Squares go through the
    /// derivative of the last activation.
    /// </summary>
    public static OutputLoss Of(NetworkLoss loss, OutputReading reading, LayerPass last, ExplicitLayer layer, Targets? targets, Unit unit, CancellationToken cancellation) =>
        reading == OutputReading.Numbers ? Squares(last, layer, targets, cancellation) : Divergences(loss, reading, last, targets!, unit, cancellation);

    private static OutputLoss Squares(LayerPass last, ExplicitLayer layer, Targets? targets, CancellationToken cancellation)
    {
        var (rows, outputs) = (last.Activations.Length, layer.Outputs);
        var terms = (double)rows * outputs;
        CompensatedSum sum = default;
        var deltas = new double[rows][];
        var upstream = new double[outputs];
        for (var i = 0; i < rows; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var j = 0; j < outputs; j++)
            {
                var gap = last.Activations[i][j] - (targets?.Rows[i][j] ?? 0);
                sum.AddProduct(gap, gap);
                upstream[j] = 2 * gap / terms;
            }

            ActivationFunctions.PullBack(layer.Activation, last.PreActivations[i], last.Activations[i], upstream, deltas[i] = new double[outputs], layer.Slope);
        }

        return new(sum.Value / terms, deltas, -1);
    }

    private static OutputLoss Divergences(NetworkLoss loss, OutputReading reading, LayerPass last, Targets targets, Unit unit, CancellationToken cancellation)
    {
        var rule = Rule(loss, targets);
        var (rows, outputs) = (last.PreActivations.Length, last.PreActivations[0].Length);
        var terms = reading == OutputReading.Bernoulli ? (double)rows * outputs : rows;
        CompensatedSum sum = default;
        var deltas = new double[rows][];
        var infinite = -1;
        for (var i = 0; i < rows; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            RefuseInfinities(last.PreActivations[i], i);
            var delta = deltas[i] = new double[outputs];
            var value = reading == OutputReading.Bernoulli
                ? OfBernoullis(rule, targets.Rows[i], last.PreActivations[i], delta)
                : rule.Evaluate(Row(targets.Rows[i], last.PreActivations[i], targets.Classes?[i]), delta);
            sum.Add(value);
            if (double.IsInfinity(value) && infinite < 0) infinite = i;
            foreach (ref var slope in delta.AsSpan()) slope = unit.FromNats(slope / terms) + 0.0;
        }

        return new(unit.FromNats(sum.Value / terms), infinite < 0 ? deltas : null, infinite);
    }

    private static Loss Rule(NetworkLoss loss, Targets targets) => loss switch
    {
        NetworkLoss.CrossEntropy => targets.Classes is null ? new SoftCrossEntropy() : new Losses.CrossEntropy(),
        NetworkLoss.ForwardKl => new ForwardKullbackLeibler(),
        NetworkLoss.ReverseKl => new ReverseKullbackLeibler(),
        _ => new Losses.JensenShannon(),
    };

    /// <summary>Each output beside its no, whose logit is 0.</summary>
    private static double OfBernoullis(Loss rule, double[] targets, double[] logits, double[] delta)
    {
        CompensatedSum sum = default;
        Span<double> both = stackalloc double[2];
        for (var j = 0; j < logits.Length; j++)
        {
            sum.Add(rule.Evaluate(Row([targets[j], 1 - targets[j]], [logits[j], 0], null), both));
            delta[j] = both[0];
        }

        return sum.Value;
    }

    private static LossRow Row(double[] targets, double[] logits, int? label) => new(
        new Pair(MassFunction.Read(targets, new Interpretation()), MassFunction.Read(logits, new Interpretation { Input = InputKind.Logits })), label);

    private static void RefuseInfinities(double[] logits, int row)
    {
        var unit = Array.FindIndex(logits, logit => !double.IsFinite(logit));
        if (unit >= 0) throw new NotComputableException("overflow", $"The pre-activation of output {unit} for row {row} is {(logits[unit] > 0 ? "" : "-")}Infinity: numbers on the way to it are too large for a double, and no distribution follows from it.");
    }
}
