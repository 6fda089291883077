using KlCore.Estimation;
using KlCore.Estimation.Classification;
using KlCore.Estimation.Kernels;
using KlCore.Estimation.Neighbours;
using KlCore.Numerics;

namespace KlCore.Benchmarks;

/// <summary>How often the intervals of estimates hold the truth, for Gaussians a shift apart: once with the divergence, once with what the estimator gives in the mean, which leaves out its bias.</summary>
internal static class Coverage
{
    public static void Run(int repetitions)
    {
        Console.WriteLine("| estimator | d | n | truth | mean | deviation | mean standard error | holds the truth | holds the mean |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var (name, estimator, method) in new (string, Estimator, ErrorMethod?)[]
        {
            ("nearest-neighbour k 5", new NearestNeighbour(), null),
            ("nearest-neighbour k 5, jackknife", new NearestNeighbour(), ErrorMethod.Jackknife),
            ("nearest-neighbour k 1", new NearestNeighbour { K = 1 }, null),
            ("gaussian", new GaussianPlugIn(), null),
            ("kernel-density", new KernelDensity(), null),
            ("kernel-density, jackknife", new KernelDensity(), ErrorMethod.Jackknife),
            ("classifier", new ClassifierRatio(), null),
            ("classifier, jackknife", new ClassifierRatio(), ErrorMethod.Jackknife),
        })
            foreach (var (d, shift) in new[] { (1, 1.0), (2, 1.0), (5, 0.5) })
                foreach (var n in new[] { 200, 1000 })
                    if (estimator is not (ClassifierRatio or KernelDensity) || d <= 2) Measure(name, estimator, method, d, shift, n, repetitions);
    }

    private static void Measure(string name, Estimator estimator, ErrorMethod? method, int d, double shift, int n, int repetitions)
    {
        var confidence = new Confidence { Resamples = method == ErrorMethod.Jackknife ? 50 : 200, Permutations = 0, Method = method };
        var estimates = Enumerable.Range(0, repetitions).Select(repetition => TwoSamples.TryFrom(Draw(2 * repetition, n, d, 0), Draw(2 * repetition + 1, n, d, shift), new Problems())!.Estimate(estimator, confidence, repetition)).ToArray();
        var (truth, mean) = (d * shift * shift / 2, estimates.Average(estimate => estimate.Value));
        var deviation = Math.Sqrt(estimates.Sum(estimate => (estimate.Value - mean) * (estimate.Value - mean)) / (repetitions - 1));
        double Share(double value) => estimates.Average(estimate => estimate.Interval is { } ends && ends[0] <= value && value <= ends[1] ? 1.0 : 0);
        Console.WriteLine(FormattableString.Invariant($"| {name} | {d} | {n} | {truth} | {mean:F3} | {deviation:F3} | {estimates.Average(estimate => estimate.StandardError ?? 0):F3} | {Share(truth):P0} | {Share(mean):P0} |"));
    }

    private static Points Draw(int seed, int count, int d, double shift)
    {
        var random = new RandomStream(seed, 0, "coverage");
        return Points.Of([.. Enumerable.Range(0, count * d).Select(_ => random.NextNormal() + shift)], d);
    }
}
