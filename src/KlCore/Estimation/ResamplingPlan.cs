using System.Globalization;

namespace KlCore.Estimation;

/// <summary>
/// How often a statistic is found again for its standard error and its p-value. What was not asked for is done where the work known beforehand
/// allows it, and left out with a warning where it does not; what was asked for and is too much is refused. Both follow from the numbers of points alone.
/// </summary>
/// <param name="ErrorMethod">How the standard error is found.</param>
/// <param name="Resamples">From how many selections; 0 for none.</param>
/// <param name="Share">Which share of each sample a part has, in subsampling.</param>
/// <param name="Permutations">How many exchanges the p-value comes from; 0 for none.</param>
/// <param name="Warnings">What was left out and why.</param>
internal sealed record ResamplingPlan(ErrorMethod ErrorMethod, int Resamples, double Share, int Permutations, IReadOnlyList<string> Warnings)
{
    /// <summary>How many selections there are where nothing was asked for.</summary>
    private const int DefaultCount = 200;

    /// <summary>How many groups of a jackknife.</summary>
    private const int DefaultGroups = 50;

    /// <summary>Multiplications of which a core does so many in a second, roughly.</summary>
    private const double PerSecond = 1e9;

    /// <summary>What is done without having been asked for, in all estimators of a request together.</summary>
    private const double Few = 4 * PerSecond;

    /// <summary>What one estimator may be asked for.</summary>
    private const double Most = 25 * PerSecond;

    /// <summary>Makes the plan.</summary>
    /// <param name="cost">What the statistic costs.</param>
    /// <param name="confidence">What was asked for.</param>
    /// <param name="selections">What can be selected.</param>
    /// <param name="estimators">How many estimators share what is done unasked.</param>
    /// <exception cref="TooCostlyException">What was asked for is too much.</exception>
    public static ResamplingPlan Of(StatisticCost cost, Confidence confidence, Selections selections, int estimators)
    {
        var share = Math.Min(1, Math.Max(Math.Pow(selections.Least, -1.0 / 3), (double)cost.LeastPoints / selections.Least));
        var (once, again) = (cost.Of(selections.Sizes(1), false), cost.Of(selections.Sizes(1), true));
        var few = Few / Math.Max(1, estimators);
        var method = confidence.Method ?? cost.ErrorMethod;
        // What suits an estimator best takes all points each time: of many points parts must do.
        if (confidence.Method is null && method != ErrorMethod.Subsampling && (confidence.Resamples ?? Usual(method)) * again > few) method = ErrorMethod.Subsampling;
        var each = method == ErrorMethod.Subsampling ? cost.OfPart(selections.Sizes(share)) : again;
        if (once > Most) throw TooCostly("It", once);

        var warnings = new List<string>();
        var resamples = Count(confidence.Resamples, Usual(method), each, few, "standard error", "resamples", warnings);
        if (method == ErrorMethod.Jackknife) resamples = Math.Min(resamples, selections.Least);
        if (resamples is > 0 and < 2 || LacksRoom(selections, method, share, resamples, cost.LeastPoints)) resamples = 0;
        var permutations = cost.HasPermutationTest ? Count(confidence.Permutations, confidence.Resamples ?? DefaultCount, again, few, "p-value", "permutations", warnings) : 0;
        var all = once + resamples * each + permutations * again;
        if (all > Most + few) throw TooCostly("With its standard error and p-value it", all);
        return new ResamplingPlan(method, resamples, share, permutations, warnings);
    }

    private static int Usual(ErrorMethod method) => method == ErrorMethod.Jackknife ? DefaultGroups : DefaultCount;

    private static int Count(int? asked, int usual, double each, double few, string what, string field, List<string> warnings)
    {
        if (asked is { } count) return count;
        if (usual * each <= few) return usual;
        warnings.Add($"No {what}: {usual} {field} would take about {Seconds(usual * each)}; ask for them, or for fewer, by confidence.{field}.");
        return 0;
    }

    // Where too few points are left the statistic is not defined, or a part would be the whole.
    private static bool LacksRoom(Selections selections, ErrorMethod method, double share, int resamples, int least) => method switch
    {
        ErrorMethod.Subsampling => share >= 1,
        ErrorMethod.Jackknife => resamples == 0 || selections.Least - (selections.Least + resamples - 1) / resamples < least,
        _ => false,
    };

    private static TooCostlyException TooCostly(string what, double work) =>
        new($"{what} would take about {Seconds(work)}, more than the {Most / PerSecond} seconds that one estimator may take: ask for fewer points, resamples or permutations. No kind of job does this.");

    private static string Seconds(double work) => string.Create(CultureInfo.InvariantCulture, $"{(work / PerSecond < 10 ? work / PerSecond : Math.Round(work / PerSecond)):G3} seconds of one core");
}

/// <summary>What finding a statistic takes.</summary>
/// <param name="Work">Multiplications for so many points of x and y.</param>
/// <param name="RepeatedWork">The same, of all but the first time.</param>
/// <param name="LeastPoints">How many points of each sample it needs.</param>
/// <param name="ErrorMethod">How its standard error is found.</param>
/// <param name="HasPermutationTest">Whether exchanging points tests something.</param>
internal sealed record StatisticCost(Func<int, int, double> Work, Func<int, int, double> RepeatedWork, int LeastPoints, ErrorMethod ErrorMethod, bool HasPermutationTest)
{
    /// <summary>That of an estimator.</summary>
    public static StatisticCost Of<TSample>(SampleEstimator<TSample> estimator, int dimension, bool canExchange) => new(
        (x, y) => estimator.Work(x, y, dimension),
        (x, y) => estimator.RepeatedWork(x, y, dimension),
        estimator.LeastPoints(dimension),
        estimator.ErrorMethod,
        canExchange && estimator.Describe().HasPermutationTest);

    // What choosing one point takes: a random number, a place, and the copy of the point.
    private const double Choice = 30;

    /// <summary>For a part of the points, for which what was prepared of all may be of no use.</summary>
    public double OfPart((int X, int Y) sizes) => Work(sizes.X, sizes.Y) + Choice * ((double)sizes.X + sizes.Y);

    /// <summary>For so many points.</summary>
    public double Of((int X, int Y) sizes, bool again) => again ? RepeatedWork(sizes.X, sizes.Y) + Choice * ((double)sizes.X + sizes.Y) : Work(sizes.X, sizes.Y);
}
