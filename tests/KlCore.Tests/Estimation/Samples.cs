using KlCore.Estimation;

namespace KlCore.Tests.Estimation;

/// <summary>Estimators asked without what is written once around them.</summary>
internal static class Samples
{
    public static double Value(Estimator estimator, double[] x, double[] y) => Value(estimator, Rows(x), Rows(y));

    public static double Value(Estimator estimator, double[][] x, double[][] y)
    {
        var (statistic, placesX, placesY) = Prepare(estimator, x, y);
        return statistic.Of(placesX, placesY, CancellationToken.None);
    }

    public static double ShuffledValue(Estimator estimator, double[] x, double[] y) => ShuffledValue(estimator, Rows(x), Rows(y));

    /// <summary>The same with the points of each sample in another order, which is the way of a selection.</summary>
    public static double ShuffledValue(Estimator estimator, double[][] x, double[][] y)
    {
        var (statistic, placesX, placesY) = Prepare(estimator, x, y);
        Array.Reverse(placesX);
        Array.Reverse(placesY);
        return statistic.Of(placesX, placesY, CancellationToken.None);
    }

    public static double? PValue(Estimator estimator, double[] x, double[] y) => Prepare(estimator, Rows(x), Rows(y)).Statistic.PValue(CancellationToken.None);

    public static IReadOnlyDictionary<string, double> Details(Estimator estimator, double[] x, double[] y) => Details(estimator, Rows(x), Rows(y));

    public static IReadOnlyDictionary<string, double> Details(Estimator estimator, double[][] x, double[][] y) => Prepare(estimator, x, y).Statistic.Details();

    public static double[][] Rows(double[] values) => [.. values.Select(value => new[] { value })];

    /// <summary>The numbers as points on a line in the plane.</summary>
    public static double[][] Lift(double[] values) => [.. values.Select(value => new[] { 0.6 * value, 0.8 * value })];

    public static (PooledStatistic Statistic, int[] X, int[] Y) Prepare(Estimator estimator, double[][] x, double[][] y)
    {
        var sample = new PooledSample(new Points(x), new Points(y));
        var problems = new Problems();
        estimator.Check(problems);
        estimator.CheckSamples(sample, problems);
        problems.ThrowIfAny();
        return (estimator.Prepare(sample, CancellationToken.None), [.. Enumerable.Range(0, x.Length)], [.. Enumerable.Range(x.Length, y.Length)]);
    }
}
