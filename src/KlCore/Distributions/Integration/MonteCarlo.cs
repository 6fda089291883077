using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Distributions.Integration;

/// <summary>
/// Measures as means over draws, half of them from p and half from q. A draw counts the measure's term at the densities divided by their
/// mean: unbiased, never negative where the term is not, 0 where p and q agree, and never more than twice the term where one of them is small,
/// so that the mean does not hang on a few draws as a mean over one of the two would. Drawn in blocks that follow from the seed and are added in order.
/// </summary>
internal sealed class MonteCarlo(Distribution p, Distribution q, int samples, long seed, CancellationToken cancellation)
{
    private const int BlockSize = 4096;

    // Of the largest terms that a tail index is estimated from.
    private const int TailTerms = 200;

    /// <summary>The value in nats, or without unit, with its standard error.</summary>
    /// <exception cref="NotComputableException">The measure is no mean over draws.</exception>
    public Measurement Find(DensityForm form, string name)
    {
        switch (form)
        {
            case TermForm term:
                return Finished(Mean((logP, logQ) => Balanced(term.Term, logP, logQ)), term.Finish);
            case PowerForm power:
                var least = Math.Min(power.A, power.B);
                return Finished(
                    Mean((logP, logQ) => Balanced(cell => PowerSum.TermOver(cell, power.A, power.B), logP, logQ)),
                    power.IsLogarithm ? scaled => Elementary.Log1p(scaled * least) / power.Divisor : scaled => scaled * (least / power.Divisor));
            case CrossEntropyForm cross:
                return cross.Direction == Direction.Forward ? CrossEntropy(p, q) : CrossEntropy(q, p);
            default:
                throw new NotComputableException("no-monte-carlo", $"The measure {name} is no mean over draws, so there is no Monte Carlo estimate of it.");
        }
    }

    /// <summary>-E ln p.</summary>
    public static Measurement Entropy(Distribution distribution, int samples, long seed, CancellationToken cancellation) =>
        new MonteCarlo(distribution, distribution, samples, seed, cancellation).CrossEntropy(distribution, distribution);

    private Measurement CrossEntropy(Distribution from, Distribution of) => Finished(MeanUnder(from, samples, "entropy", points => [.. of.LogDensities(points).Select(static log => -log)]), static x => x, isSigned: true);

    // The mean over p and over q, each with half of the draws, is the mean over their mixture.
    private Moments Mean(Func<double, double, double> term)
    {
        var (first, second) = (MeanUnder(p, (samples + 1) / 2, "p", Terms), MeanUnder(q, samples / 2, "q", Terms));
        return new Moments((first.Mean + second.Mean) / 2, Math.Sqrt(first.Error * first.Error + second.Error * second.Error) / 2, Math.Min(first.TailIndex, second.TailIndex));

        double[] Terms(Points points) => [.. p.LogDensities(points).Zip(q.LogDensities(points), term)];
    }

    private Moments MeanUnder(Distribution source, int count, string purpose, Func<Points, double[]> terms)
    {
        var blocks = new (CompensatedSum Sum, CompensatedSum Squares, double[] Largest)[(count + BlockSize - 1) / BlockSize];
        Parallel.For(0, blocks.Length, new ParallelOptions { CancellationToken = cancellation }, block =>
        {
            var size = Math.Min(BlockSize, count - block * BlockSize);
            var values = terms(source.Sample(size, new RandomStream(seed, block, "monte carlo " + purpose)));
            CompensatedSum sum = default, squares = default;
            foreach (var value in values)
            {
                sum.Add(value);
                squares.Add(value * value);
            }

            Array.Sort(values);
            blocks[block] = (sum, squares, values[^Math.Min(TailTerms, values.Length)..]);
        });
        CompensatedSum total = default, totalSquares = default;
        foreach (var block in blocks)
        {
            total.Add(block.Sum.Value);
            totalSquares.Add(block.Squares.Value);
        }

        var mean = total.Value / count;
        var variance = Math.Max(0, totalSquares.Value / count - mean * mean);
        return new Moments(mean, Math.Sqrt(variance / Math.Max(1, count - 1)), TailIndex(blocks.SelectMany(block => block.Largest), count));
    }

    // Hill's estimate of the index of a power tail from the largest terms: below 2 the variance is infinite. Source: B. Hill, Annals of Statistics 3 (1975).
    private static double TailIndex(IEnumerable<double> largest, int count)
    {
        var most = Math.Min(TailTerms, count / 20);
        var ordered = largest.Where(double.IsFinite).OrderDescending().Take(most + 1).ToArray();
        if (ordered.Length <= 10 || !(ordered[^1] > 0)) return double.PositiveInfinity;
        var index = (ordered.Length - 1) / ordered.Sum(value => Math.Log(value / ordered[^1]));
        // Its relative standard error is 1/sqrt(k): what may well be 2 or more is not called heavy.
        return index * (1 + 2 / Math.Sqrt(ordered.Length - 1)) < 2 ? index : double.PositiveInfinity;
    }

    private static double Balanced(Func<Cell, double> term, double logP, double logQ)
    {
        var cell = Cell.OfLogarithms(logP, logQ, out _);
        return 2 / (cell.P + cell.Q) * term(cell);
    }

    private Measurement Finished(Moments moments, Func<double, double> finish, bool isSigned = false)
    {
        if (double.IsNaN(moments.Mean)) throw new NotComputableException("not-resolved", "A density is not a number at some draws.");
        if (double.IsInfinity(moments.Mean)) return new Measurement(moments.Mean, Method.MonteCarlo);
        var value = finish(moments.Mean);
        // How the result responds to the mean, seen over a standard error.
        var error = moments.Error == 0 ? 0 : Math.Max(Math.Abs(finish(moments.Mean + moments.Error) - value), Math.Abs(finish(Math.Max(moments.Mean - moments.Error, moments.Mean / 2)) - value));
        if (!double.IsFinite(value) || !double.IsFinite(error)) throw new NotComputableException("too-few-samples", $"{samples} draws say nothing about this value: p and q hardly overlap.");
        var measured = new Measurement(isSigned ? value : Math.Max(0, value), Method.MonteCarlo, StandardError: error);
        return !(moments.TailIndex < 2) ? measured : measured with
        {
            Warning = $"The largest terms of the mean fall like those of a power tail with index {moments.TailIndex:G2}; below 2 their variance is infinite, and the standard error is then too small whatever it says.",
        };
    }

    private readonly record struct Moments(double Mean, double Error, double TailIndex);
}
