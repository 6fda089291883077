using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Texts.Frontiers;

/// <summary>The frontier of two histograms, the same after smoothing, and how much it would differ in another sample.</summary>
internal sealed class CountFrontier
{
    // About so many logarithms take a second.
    private const double LogarithmsPerSecond = 2e7;
    private const double PatientSeconds = 3;
    private const double MostSeconds = 20;
    private const int Resamples = 200;

    private readonly Mauve _how;
    private readonly double[] _p, _q;

    public CountFrontier(Mauve how, double[] p, double[] q)
    {
        (_how, _p, _q) = (how, p, q);
        Require(how.Points * 4.0 * p.Length / LogarithmsPerSecond, "");
        var pair = PairOf(p, q, new NoSmoothing());
        (Frontier, Integral) = (DivergenceFrontier.Of(pair, how.Scale, how.Points), DivergenceFrontier.Integral(pair));
        AreCounts = Array.TrueForAll(p, IsWhole) && Array.TrueForAll(q, IsWhole) && p.Sum() > 1 && q.Sum() > 1;
        if (!AreCounts) return;
        var smoothed = PairOf(p, q, new Additive { Alpha = 0.5 });
        (Star, StarIntegral) = (DivergenceFrontier.Of(smoothed, how.Scale, how.Points), DivergenceFrontier.Integral(smoothed));
    }

    /// <summary>Of the histograms as they are.</summary>
    public DivergenceFrontier Frontier { get; }

    /// <summary>Its integral.</summary>
    public double Integral { get; }

    /// <summary>After the smoothing of Krichevsky and Trofimov, half a count more in each cell; null where the histograms are no counts.</summary>
    public DivergenceFrontier? Star { get; }

    /// <summary>Its integral.</summary>
    public double? StarIntegral { get; }

    /// <summary>Whether the histograms are whole numbers, and not shares of one.</summary>
    public bool AreCounts { get; }

    /// <summary>How much the area scatters over counts that are drawn anew (a bootstrap in which each count is Poisson about the one found); null where that is not known.</summary>
    public double? SamplingError(CancellationToken cancellation, out List<string> warnings)
    {
        warnings = [];
        if (!AreCounts)
        {
            warnings.Add("the histograms are not counts: MAUVE* and the error of sampling need to know how many there were");
            return null;
        }

        var seconds = (_how.Resamples ?? Resamples) * 2.0 * _how.Points * _p.Length / LogarithmsPerSecond;
        if (_how.Resamples is null && seconds > PatientSeconds)
        {
            warnings.Add($"the error of sampling would take about {seconds:F0} s and was left out; ask for it by resamples");
            return null;
        }

        Require(seconds, "; ask for fewer resamples");
        var areas = new double[_how.Resamples ?? Resamples];
        if (areas.Length < 2) return null;
        for (var i = 0; i < areas.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var random = new RandomStream(_how.Seed, i, "mauve counts");
            areas[i] = DivergenceFrontier.Of(PairOf(Redraw(_p, random), Redraw(_q, random), new NoSmoothing()), _how.Scale, _how.Points).Area;
        }

        return Deviation(areas);
    }

    /// <summary>The standard deviation of numbers, at least two of them.</summary>
    public static double Deviation(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    private static void Require(double seconds, string advice)
    {
        if (seconds > MostSeconds) throw new TooCostlyException($"The frontier would take about {seconds:F0} s of one core, where {MostSeconds} are allowed{advice}.");
    }

    private static Pair PairOf(double[] p, double[] q, Smoothing smoothing) => Pair.From(p, q, new Interpretation { Input = InputKind.Weights, Smoothing = smoothing });

    // Beyond a double's whole numbers nothing was counted one by one.
    private static bool IsWhole(double count) => count == Math.Floor(count) && count <= 9007199254740992;

    private static double[] Redraw(double[] counts, RandomStream random)
    {
        var drawn = new double[counts.Length];
        // A sample of nothing is none: with so few counts it is drawn again.
        do
        {
            for (var i = 0; i < drawn.Length; i++) drawn[i] = Poisson(counts[i], random);
        }
        while (Array.TrueForAll(drawn, count => count == 0));
        return drawn;
    }

    /// <summary>A Poisson variate: by inversion for small rates, by the normal with its skewness corrected for large ones, which errs by less than a standard error cares for.</summary>
    private static double Poisson(double rate, RandomStream random)
    {
        if (rate == 0) return 0;
        if (rate > 100)
        {
            var normal = random.NextNormal();
            return Math.Max(0, Math.Round(rate + (Math.Sqrt(rate) * normal) + (((normal * normal) - 1) / 6)));
        }

        var (left, probability, count) = (random.NextUniform(), Math.Exp(-rate), 0);
        while (left > probability && count < 1000)
        {
            left -= probability;
            probability *= rate / ++count;
        }

        return count;
    }
}
