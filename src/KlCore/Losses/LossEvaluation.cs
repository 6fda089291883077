using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Losses;

/// <summary>How a loss is evaluated.</summary>
public sealed record LossOptions : IChecked
{
    /// <summary>T, by which both sides' logits are divided.</summary>
    [Range(1e-3, 1e3)]
    public double Temperature { get; init; } = 1;

    /// <summary>Whether values and gradients are multiplied by T^2; null: as the loss's own definition has it.</summary>
    public bool? ScaleByTemperatureSquared { get; init; }

    /// <summary>The unit of log-like losses.</summary>
    public Unit Unit { get; init; }

    /// <summary>Whether the gradient is wanted.</summary>
    public bool Gradient { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems) => Bounds.Check(this, problems);
}

/// <summary>One number under each way to make one of many positions.</summary>
/// <param name="Sum">Over the positions that count.</param>
/// <param name="TokenMean">The sum over the number of positions that count.</param>
/// <param name="BatchMean">The sum over the outermost dimension of the logits: sequences, or rows where there are none; those that do not count included.</param>
/// <param name="ElementMean">The sum over the number of terms: positions that count times the vocabulary; of a loss with one term for each position, as tokenMean.</param>
public sealed record Reductions(double Sum, double TokenMean, double BatchMean, double ElementMean);

/// <summary>A loss over a batch.</summary>
/// <param name="PerPosition">The value of each position, 0 where it does not count; may be +Infinity, never NaN.</param>
/// <param name="Reductions">The values made one.</param>
/// <param name="Divisors">What the sum was divided by for each reduction; the gradient is divided by the same.</param>
/// <param name="Gradient">The derivative of the sum with respect to the student's logits: null at positions whose value is infinite, 0 where they do not count. Null if not wanted.</param>
/// <param name="Warnings">What a reader should know.</param>
public sealed record LossEvaluation(
    IReadOnlyList<double> PerPosition, Reductions Reductions, Reductions Divisors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LogitArrays? Gradient, IReadOnlyList<string> Warnings)
{
    /// <summary>Evaluates a loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="batch">Teacher, student and labels.</param>
    /// <param name="options">Temperature, unit, gradient.</param>
    /// <param name="cancellation">Looked at before each position.</param>
    /// <exception cref="InvalidInputException">Parameters, options or the batch are not legal.</exception>
    /// <exception cref="NotComputableException">No position counts, or the loss is not defined at one of them.</exception>
    public static LossEvaluation Of(Loss loss, DistillationBatch batch, LossOptions options, CancellationToken cancellation = default)
    {
        var problems = new Problems();
        loss.Check(problems.At("loss"));
        options.Check(problems);
        batch.Check([loss], problems);
        problems.ThrowIfAny();
        if (batch.Counted() == 0) throw new NotComputableException("no-positions", "Every position is masked: no mean over them is defined.");

        var description = loss.Describe();
        var factor = FactorOf(description, options);
        var values = new double[batch.Student.Rows.Length];
        var rows = options.Gradient ? new double[values.Length][] : null;
        for (var i = 0; i < values.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var gradient = rows is null ? [] : rows[i] = new double[batch.Vocabulary()];
            if (!batch.Counts(i)) continue;
            values[i] = At(loss, RowOf(batch, i, options.Temperature), gradient) * factor;
            foreach (ref var slope in gradient.AsSpan()) slope = slope * factor / (description.UsesTemperature ? options.Temperature : 1) + 0.0;
            if (rows is not null && double.IsInfinity(values[i])) rows[i] = null!;
        }

        var divisors = DivisorsOf(batch, description);
        return new(values, Reduce(values, divisors), divisors, rows is null ? null : batch.Student.With(rows), [.. WarningsOf(loss, values, options)]);
    }

    /// <summary>What values in nats are multiplied by: T^2 where it is wanted, and the unit.</summary>
    internal static double FactorOf(LossDescription description, LossOptions options)
    {
        var scale = description.UsesTemperature && (options.ScaleByTemperatureSquared ?? description.IsScaledByTemperatureSquared) ? options.Temperature * options.Temperature : 1;
        return description.FollowsUnit ? options.Unit.FromNats(scale) : scale;
    }

    /// <summary>One position of a batch.</summary>
    internal static LossRow RowOf(DistillationBatch batch, int position, double temperature) =>
        new(batch.Teacher.Rows[position]!, batch.Student.Rows[position]!, batch.Labels?.Tokens[position], new Interpretation { Input = InputKind.Logits, Temperature = temperature });

    /// <summary>The value of one position, seen to be a number.</summary>
    internal static double At(Loss loss, LossRow row, Span<double> gradient)
    {
        var value = loss.Evaluate(row, gradient);
        if (double.IsNaN(value)) throw new InvalidOperationException($"{loss} came out as NaN.");
        return value + 0.0;
    }

    internal static Reductions Reduce(IReadOnlyList<double> values, Reductions divisors)
    {
        var sum = new CompensatedSum();
        foreach (var value in values) sum.Add(value);
        return new(sum.Value, sum.Value / divisors.TokenMean, sum.Value / divisors.BatchMean, sum.Value / divisors.ElementMean);
    }

    internal static Reductions DivisorsOf(DistillationBatch batch, LossDescription description)
    {
        double counted = batch.Counted();
        return new(1, counted, batch.Student.OuterCount, description.IsSumOverVocabulary ? counted * batch.Vocabulary() : counted);
    }

    private static IEnumerable<string> WarningsOf(Loss loss, double[] values, LossOptions options)
    {
        foreach (var caution in loss.Cautions()) yield return caution;
        if (!loss.Describe().UsesTemperature && options.Temperature != 1) yield return "the temperature does not enter this loss, which compares the logits themselves";
        var infinite = values.Count(double.IsInfinity);
        if (infinite > 0)
            yield return $"{infinite} of {values.Length} positions are infinite, the first of them {Array.FindIndex(values, double.IsInfinity)}: one side is 0 where the other is not; {(options.Gradient ? "their gradient is null, and " : "")}every reduction is infinite";
        var negative = values.Count(value => value < 0);
        if (negative > 0) yield return $"{negative} of {values.Length} positions are negative: without a tail the truncated sum is no divergence";
    }
}
