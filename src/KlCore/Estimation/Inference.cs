using System.Runtime.ExceptionServices;
using KlCore.Numerics;
using MathNet.Numerics.Distributions;

namespace KlCore.Estimation;

/// <summary>What a statistic says of all points, and how sure that is: written once for every estimator.</summary>
internal static class Inference
{
    // Permutations that only change the order of a sum must count as equal.
    private const double Tie = 1e-12;

    private const double Huge = 1e140;

    /// <summary>Finds the value, its standard error and its p-value.</summary>
    public static Estimate Of(PooledStatistic statistic, Selections selections, ResamplingPlan plan, Confidence confidence, EstimatorDescription description, CancellationToken cancellation)
    {
        var (x, y) = selections.All();
        var value = statistic.OfAll(x, y, cancellation);
        if (double.IsNaN(value)) throw new NotComputableException("undefined-estimate", "The estimate is not defined for these samples.");
        var warnings = new List<string>(plan.Warnings);
        ErrorMethod? method = null;
        double? error = null, quantile = null;
        if (confidence.Method is null && confidence.Resamples != 0) error = statistic.StandardError(cancellation);
        if (error is null && double.IsFinite(value) && plan.Resamples > 0)
        {
            error = StandardError(statistic, selections, plan, warnings, cancellation);
            if (error is not null) method = plan.ErrorMethod;
            if (method == ErrorMethod.Jackknife) quantile = StudentT.InvCDF(0, 1, plan.Resamples - 1, (1 + confidence.Level) / 2);
        }

        var pValue = !description.HasPermutationTest ? null
            : (confidence.Permutations is null ? statistic.PValue(cancellation) : null) ?? (plan.Permutations > 0 ? PValue(statistic, value, selections, plan, cancellation) : null);
        quantile ??= Normal.InvCDF(0, 1, (1 + confidence.Level) / 2);
        var reach = quantile.Value * (error ?? double.NaN);
        var details = statistic.Details();
        return new Estimate
        {
            Value = value,
            StandardError = error is { } finite && double.IsFinite(finite) ? error : null,
            ErrorMethod = method,
            // A level of 1 but for the last digit has an infinite quantile.
            Interval = double.IsFinite(reach) ? [Lower(value - reach, description), value + reach] : null,
            PValue = pValue,
            Details = details.Count == 0 ? null : details,
            Warnings = [.. statistic.Warnings(), .. warnings],
        };
    }

    private static double Lower(double end, EstimatorDescription description) => description.IsNeverNegative ? Math.Max(0, end) : end;

    private static double? StandardError(PooledStatistic statistic, Selections selections, ResamplingPlan plan, List<string> warnings, CancellationToken cancellation)
    {
        Func<int, (int[] X, int[] Y)> select = plan.ErrorMethod switch
        {
            ErrorMethod.Subsampling => number => selections.Part(number, plan.Share),
            ErrorMethod.Bootstrap => selections.Redrawn,
            _ => group => selections.Without(group, plan.Resamples),
        };
        var all = Values(statistic, select, plan.Resamples, cancellation);
        var values = Array.FindAll(all, double.IsFinite);
        if (values.Length < all.Length)
        {
            // A jackknife that lacks groups lacks a part of the variance.
            if (plan.ErrorMethod == ErrorMethod.Jackknife || values.Length < 2 || values.Length < all.Length / 2)
            {
                warnings.Add($"No standard error: the estimate is infinite or not defined for {all.Length - values.Length} of {all.Length} selections of the points.");
                return null;
            }

            warnings.Add($"The standard error leaves out {all.Length - values.Length} of {all.Length} selections of the points, for which the estimate is infinite or not defined.");
        }

        // Parts are drawn without repetition, so that they vary less, the larger they are.
        var scale = plan.ErrorMethod switch
        {
            ErrorMethod.Subsampling => Share(selections, plan.Share) is var share ? share / (1 - share) / (values.Length - 1) : 0,
            ErrorMethod.Bootstrap => 1.0 / (values.Length - 1),
            _ => (values.Length - 1.0) / values.Length,
        };
        // Squares of what is as large as 1e300 would leave the range of doubles.
        var exponent = values.Max(Math.Abs) is > Huge and var largest ? Math.ILogB(largest) : 0;
        return Math.ScaleB(Math.Sqrt(SquaredDeviations([.. values.Select(value => Math.ScaleB(value, -exponent))]) * scale), exponent);
    }

    private static double Share(Selections selections, double share) => (double)selections.Sizes(share).X / selections.Sizes(1).X;

    private static double PValue(PooledStatistic statistic, double value, Selections selections, ResamplingPlan plan, CancellationToken cancellation)
    {
        var least = double.IsInfinity(value) ? value : value - Tie * Math.Abs(value);
        var values = Values(statistic, selections.Exchanged, plan.Permutations, cancellation);
        // Where it is not defined nothing is known, which speaks for the hypothesis.
        var asLarge = values.Count(other => other >= least || double.IsNaN(other));
        return (1.0 + asLarge) / (1.0 + values.Length);
    }

    private static double[] Values(PooledStatistic statistic, Func<int, (int[] X, int[] Y)> select, int count, CancellationToken cancellation)
    {
        var values = new double[count];
        void Find(int number)
        {
            cancellation.ThrowIfCancellationRequested();
            var (x, y) = select(number);
            values[number] = statistic.Of(x, y, cancellation);
        }

        if (!statistic.IsShared)
        {
            for (var number = 0; number < count; number++) Find(number);
            return values;
        }

        try
        {
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, Find);
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }

        return values;
    }

    private static double SquaredDeviations(double[] values)
    {
        CompensatedSum sum = default, squares = default;
        foreach (var value in values) sum.Add(value);
        var mean = sum.Value / values.Length;
        foreach (var value in values) squares.AddProduct(value - mean, value - mean);
        return squares.Value;
    }
}
