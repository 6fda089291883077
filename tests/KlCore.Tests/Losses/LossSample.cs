using KlCore.Losses;

namespace KlCore.Tests.Losses;

/// <summary>Logits and losses for the laws.</summary>
internal static class LossSample
{
    /// <summary>Every loss with its defaults and with other parameters.</summary>
    public static readonly Loss[] All =
    [
        new ForwardKullbackLeibler(), new ReverseKullbackLeibler(), new Jeffreys(), new TotalVariation(), new CrossEntropy(), new SoftCrossEntropy(), new MeanSquaredError(),
        .. new[] { 0, 1e-6, 0.1, 0.5, 0.9, 1 }.Select(beta => new JensenShannon { Beta = beta }),
        .. new[] { 0, 0.1, 0.5, 0.9, 1 }.SelectMany(lambda => new Loss[] { new SkewForward { Lambda = lambda }, new SkewReverse { Lambda = lambda } }),
        .. new[] { 0, 0.5, 1 }.Select(mu => new Adaptive { Mu = mu }),
        .. new (double, double)[] { (1, 0.5), (2, 8), (0, 1), (1, 0), (0, 0) }.Select(weights => new Decoupled { Alpha = weights.Item1, Beta = weights.Item2 }),
        new UniversalLogit(), .. new[] { 0, 0.9, 1 }.Select(lambda => new DistillmSymmetric { Lambda = lambda }), .. new[] { 0, 0.4, 1 }.Select(t => new TemporalInterpolation { T = t }),
        .. new[] { 1, 2, 5, 6, 7, 100 }.SelectMany(k => Enum.GetValues<Tail>().Select(tail => (Loss)new TopK { K = k, Tail = tail })),
    ];

    /// <summary>Some rows of logits, the same for the same seed.</summary>
    public static double[][] Rows(int seed, int count, int vocabulary, double spread)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, vocabulary).Select(_ => spread * (2 * random.NextDouble() - 1)).ToArray())];
    }

    public static DistillationBatch Batch(double[][] teacher, double[][] student, int[]? labels = null) => new()
    {
        Teacher = new LogitArrays(teacher),
        Student = new LogitArrays(student),
        Labels = labels is null ? null : new TokenArrays(labels),
    };

    /// <summary>The value at one position whose label is token 1.</summary>
    public static double Value(Loss loss, double[] teacher, double[] student, double temperature = 1) =>
        LossEvaluation.Of(loss, Batch([teacher], [student], [1]), new LossOptions { Temperature = temperature }).PerPosition[0];

    /// <summary>The gradient there.</summary>
    public static double[]? Gradient(Loss loss, double[] teacher, double[] student, double temperature = 1) =>
        LossEvaluation.Of(loss, Batch([teacher], [student], [1]), new LossOptions { Temperature = temperature, Gradient = true }).Gradient!.Rows[0];
}
