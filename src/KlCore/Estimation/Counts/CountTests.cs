using KlCore.Numerics;

namespace KlCore.Estimation.Counts;

/// <summary>A test whether the counts of p are a sample of q or, where q is counted too, whether both are samples of one distribution.</summary>
/// <param name="Name"><c>g-test</c> or <c>pearson-chi-squared</c>.</param>
/// <param name="Statistic">Chi-squared distributed if so, for large samples; infinite where p has seen what a known q excludes.</param>
/// <param name="DegreesOfFreedom">The categories that are possible, less 1.</param>
/// <param name="PValue">How probable at least such a statistic would be.</param>
public sealed record CountTest(string Name, double Statistic, double DegreesOfFreedom, double PValue);

/// <summary>Tests on a pair of counts, and how far they can be trusted.</summary>
public sealed record CountTests
{
    private const double FewExpected = 5;

    /// <summary>The tests.</summary>
    public required IReadOnlyList<CountTest> Tests { get; init; }

    /// <summary>In how many cells fewer than 5 observations are expected.</summary>
    public required double CellsBelowFive { get; init; }

    /// <summary>The least that is expected in a cell.</summary>
    public required double SmallestExpected { get; init; }

    /// <summary>How many cells there are.</summary>
    public required double Cells { get; init; }

    /// <summary>
    /// The G-test, 2 N KL(p || q) or for two samples 2 [N KL(p || r) + M KL(q || r)] with r pooled, and Pearson's sum (observed - expected)^2 / expected.
    /// </summary>
    public static CountTests Of(CountPair pair)
    {
        var (g, chi) = (new CompensatedSum(), new CompensatedSum());
        var (few, smallest, possible) = (0.0, double.PositiveInfinity, 0.0);
        var (total, other) = (pair.P.Total, pair.TotalOfQ);
        for (var i = 0; i < pair.Count; i++)
        {
            var (n, m) = pair.At(i);
            if (n == 0 && m == 0) continue;
            if (m > 0 || pair.Q is not null) possible++;
            var difference = pair.Difference(n, m);
            if (pair.Q is null)
            {
                var q = m / other;
                g.Add(2 * total * Elementary.Bregman(n / total, difference, q));
                chi.Add(q > 0 ? total * difference * difference / q : double.PositiveInfinity);
                Expect(total * q);
            }
            else
            {
                var pooled = (n + m) / (total + other);
                g.Add(2 * total * Elementary.Bregman(n / total, other / (total + other) * difference, pooled));
                g.Add(2 * other * Elementary.Bregman(m / other, -total / (total + other) * difference, pooled));
                chi.Add(total / (n + m) * other * difference * difference);
                Expect(total * pooled);
                Expect(other * pooled);
            }
        }

        var degrees = Math.Max(0, possible - 1);
        return new CountTests
        {
            Tests = [Test("g-test", g.Value, degrees), Test("pearson-chi-squared", chi.Value, degrees)],
            CellsBelowFive = few,
            SmallestExpected = smallest,
            Cells = possible * (pair.Q is null ? 1 : 2),
        };

        void Expect(double count)
        {
            if (count < FewExpected) few++;
            smallest = Math.Min(smallest, count);
        }
    }

    /// <summary>A warning where the distribution of the statistics is not the one that their p-values come from.</summary>
    public IEnumerable<string> Warnings()
    {
        if (SmallestExpected < 1 || CellsBelowFive > 0.2 * Cells)
            yield return $"{CellsBelowFive:0} of {Cells:0} cells expect fewer than 5 observations (the least expects {SmallestExpected:0.###}): the p-values of the tests are rough; merge rare categories.";
    }

    /// <summary>The test of a statistic; with one possible category there is nothing to test.</summary>
    internal static CountTest Test(string name, double statistic, double degrees) =>
        new(name, statistic, degrees, double.IsPositiveInfinity(statistic) ? 0 : degrees == 0 ? 1 : IncompleteGamma.Upper(degrees / 2, statistic / 2));
}
