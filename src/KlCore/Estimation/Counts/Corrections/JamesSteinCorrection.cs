using KlCore.Numerics;

namespace KlCore.Estimation.Counts.Corrections;

/// <summary>
/// The entropy of probabilities shrunk towards the uniform: lambda/K + (1 - lambda) n/N, with lambda = (1 - sum p^2) / ((N - 1) sum (1/K - p)^2) between 0 and 1.
/// </summary>
public sealed record JamesSteinCorrection : CountCorrection
{
    /// <inheritdoc/>
    public override CorrectionDescription Describe() => new(
        "-sum s ln s, s = lambda/K + (1 - lambda) p, lambda = (1 - sum p^2) / ((N - 1) sum (1/K - p)^2)",
        "Needs to be told K. The shrinkage is that of least expected squared error of the probabilities.", "J. Hausser, K. Strimmer, Journal of Machine Learning Research 10 (2009)");

    internal override double Entropy(CountTable counts, CancellationToken cancellation)
    {
        var shrinkage = Shrinkage(counts);
        var sum = new CompensatedSum();
        for (var i = 0; i < counts.Sizes.Length; i++)
        {
            var p = counts.Sizes[i] / counts.Total;
            var rest = shrinkage * (1 - 1 / counts.Categories) + (1 - shrinkage) * ((counts.Total - counts.Sizes[i]) / counts.Total);
            var shrunk = shrinkage / counts.Categories + (1 - shrinkage) * p;
            sum.Add(counts.Times[i] * shrunk * CountTerms.LogQuotient(shrunk, 1, rest));
        }

        var unseen = shrinkage / counts.Categories;
        if (unseen > 0) sum.Add((counts.Categories - counts.Observed) * unseen * -Math.Log(unseen));
        return sum.Value;
    }

    internal override double? Divergence(CountPair pair) => pair.Shrunk(Shrinkage(pair.P), pair.Q is { } q ? Shrinkage(q) : 0);

    /// <summary>lambda: 1 where one observation, or counts that are all equal, leave nothing to tell from the uniform.</summary>
    internal static double Shrinkage(CountTable counts)
    {
        var (variance, distance) = (new CompensatedSum(), new CompensatedSum());
        for (var i = 0; i < counts.Sizes.Length; i++)
        {
            var p = counts.Sizes[i] / counts.Total;
            variance.Add(counts.Times[i] * p * ((counts.Total - counts.Sizes[i]) / counts.Total));
            var gap = (counts.Sizes[i] * counts.Categories - counts.Total) / (counts.Total * counts.Categories);
            distance.Add(counts.Times[i] * gap * gap);
        }

        distance.Add((counts.Categories - counts.Observed) / counts.Categories / counts.Categories);
        if (counts.Total == 1 || distance.Value == 0) return 1;
        return Math.Min(1, variance.Value / ((counts.Total - 1) * distance.Value));
    }
}
