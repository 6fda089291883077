using KlCore.Numerics;

namespace KlCore.Estimation.Counts;

/// <summary>The standard error of an entropy from counts.</summary>
internal static class EntropyError
{
    /// <summary>Multiplications that one error may cost.</summary>
    public const double MaximumWork = 2e9;

    /// <summary>sqrt(sum p (ln p + H)^2 / N).</summary>
    public static double Delta(CountTable counts)
    {
        var entropy = Corrections.NoCorrection.PlugIn(counts);
        var sum = new CompensatedSum();
        for (var i = 0; i < counts.Sizes.Length; i++)
        {
            var gap = entropy - CountTerms.LogQuotient(counts.Sizes[i], counts.Total, counts.Total - counts.Sizes[i]);
            sum.Add(counts.Times[i] * (counts.Sizes[i] / counts.Total) * gap * gap);
        }

        return Math.Sqrt(sum.Value / counts.Total);
    }

    /// <summary>sqrt((N - 1)/N sum over observations of (H without it - their mean)^2); null with a single observation.</summary>
    public static double? Jackknife(CountTable counts, CountCorrection correction, CancellationToken cancellation)
    {
        if (counts.Total == 1) return null;
        Afford((double)counts.Sizes.Length * counts.Sizes.Length * correction.WorkPerSize);
        var values = new double[counts.Sizes.Length];
        for (var i = 0; i < values.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            values[i] = correction.Entropy(counts.Without(i), cancellation);
        }

        var mean = values.Select((value, i) => value * (counts.Times[i] * counts.Sizes[i] / counts.Total)).Sum();
        var spread = values.Select((value, i) => counts.Times[i] * counts.Sizes[i] / counts.Total * (value - mean) * (value - mean)).Sum();
        return Math.Sqrt((counts.Total - 1) * spread);
    }

    /// <summary>The standard deviation over samples drawn from the relative frequencies.</summary>
    public static double Bootstrap(CountTable counts, CountCorrection correction, int resamples, long seed, CancellationToken cancellation)
    {
        Afford(resamples * (20.0 * counts.Counts.Length + counts.Sizes.Length * correction.WorkPerSize));
        var values = new double[resamples];
        for (var i = 0; i < resamples; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            values[i] = correction.Entropy(CountTable.Of(Multinomial.Draw(counts, new RandomStream(seed, i, "counts")), counts.Categories), cancellation);
        }

        return Spread(values);
    }

    /// <summary>The standard deviation of numbers, divided by their number less 1.</summary>
    public static double Spread(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    /// <summary>Refuses what would take too long.</summary>
    public static void Afford(double work)
    {
        if (work > MaximumWork) throw new TooCostlyException($"The standard error by this method would take about {work:G2} multiplications, at most {MaximumWork:G2} are allowed; the method delta takes one pass.");
    }
}
