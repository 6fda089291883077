using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Tests.Distributions;

/// <summary>What holds of every distribution of a single number, run over all <see cref="Examples"/>: none of its functions may contradict another.</summary>
public class UnivariateLawTests
{
    private static readonly double[] Probabilities = [1e-20, 1e-15, 1e-10, 1e-7, 1e-5, 1e-3, 0.01, 0.05, 0.15, 0.3, 0.5];

    public static TheoryData<Univariate> Typical => [.. Examples.Typical];

    public static TheoryData<Univariate> All => [.. Examples.Typical, .. Examples.Extreme];

    [Fact]
    public void Examples_CoverEveryUnivariateFamily()
    {
        var families = FamilyCatalogue.All.Where(family => family.IsUnivariate).Select(family => family.Type).ToArray();
        Assert.NotEmpty(families);
        Assert.Empty(families.Except(Examples.Typical.Select(example => example.GetType())));
        Assert.Empty(families.Except(Examples.Extreme.Select(example => example.GetType())));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Examples_AreLegal(Univariate distribution)
    {
        var problems = new Problems();
        distribution.Check(problems);
        Assert.False(problems.Any);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void CumulativeAndSurvival_AreMonotoneAndAddToOne(Univariate distribution)
    {
        var (below, above) = (0.0, 1.0);
        foreach (var x in Points(distribution))
        {
            var (lower, upper) = (distribution.Cumulative(x), distribution.Survival(x));
            Assert.InRange(lower, below * (1 - 1e-12), 1);
            Assert.InRange(upper, 0, above * (1 + 1e-12));
            Assert.InRange(lower + upper, 1 - 1e-14, 1 + 1e-14);
            (below, above) = (lower, upper);
        }

        Assert.Equal(0, distribution.Survival(double.PositiveInfinity));
        Assert.Equal(1, distribution.Cumulative(double.PositiveInfinity));
        Assert.Equal(0, distribution.Cumulative(double.NegativeInfinity));
        Assert.Equal(1, distribution.Survival(double.NegativeInfinity));
    }

    // The least number with enough below it: a step to either side must not be on the wrong side by more than rounding.
    [Theory]
    [MemberData(nameof(All))]
    public void Quantiles_InvertTheDistributionFunction(Univariate distribution)
    {
        foreach (var probability in Probabilities)
        {
            var lower = distribution.Quantile(probability);
            Assert.True(distribution.Cumulative(After(distribution, lower)) >= probability * (1 - 1e-13), $"at {probability}: {lower:R}");
            Assert.True(distribution.Cumulative(Before(distribution, lower)) <= probability * (1 + 1e-13), $"at {probability}: {lower:R}");
            var upper = distribution.UpperQuantile(probability);
            Assert.True(distribution.Survival(After(distribution, upper)) <= probability * (1 + 1e-13), $"above {probability}: {upper:R}");
            Assert.True(distribution.Survival(Before(distribution, upper)) >= probability * (1 - 1e-13), $"above {probability}: {upper:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Typical))]
    public void LogDensity_IntegratesToDifferencesOfTheDistributionFunction(Univariate distribution)
    {
        foreach (var (from, to) in Cells(distribution))
        {
            var expected = to <= distribution.Quantile(0.5) ? distribution.Cumulative(to) - distribution.Cumulative(from) : distribution.Survival(from) - distribution.Survival(to);
            var actual = Sum(distribution, from, to, static (_, _) => 1);
            // Close to an end that is not 0 an argument is known to its last place only.
            var (lower, upper) = distribution.Support();
            var doubt = 1e-15 * Math.Max(double.IsFinite(lower) ? Math.Abs(lower) / (from - lower) : 0, double.IsFinite(upper) ? Math.Abs(upper) / (upper - to) : 0);
            Assert.True(Math.Abs(actual - expected) <= (1e-10 + (double.IsNaN(doubt) ? 0 : doubt)) * expected + 1e-26, $"from {from:R} to {to:R}: {actual:R}, not {expected:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Typical))]
    public void EntropyByFormula_IsThatOfTheDensity(Univariate distribution)
    {
        if (distribution.EntropyByFormula() is not { } expected) return;
        var actual = Cells(distribution).Sum(cell => Sum(distribution, cell.From, cell.To, static (_, log) => -log));
        Assert.Equal(expected, actual, 1e-9 * (1 + Math.Abs(expected)));
    }

    // Beyond the outermost cells lies 1e-20: where there is a variance, at most its root of the mean.
    [Theory]
    [MemberData(nameof(Typical))]
    public void Expectation_IsThatOfTheDensity(Univariate distribution)
    {
        if (distribution.Expectation() is not { } mean || distribution.Variance() is not { } variance || !double.IsFinite(variance)) return;
        var actual = Cells(distribution).Sum(cell => Sum(distribution, cell.From, cell.To, static (x, _) => x));
        Assert.Equal(mean, actual, 1e-9 * (Math.Abs(mean) + Math.Sqrt(variance)));
    }

    // Beyond 2.2 Kolmogorov's statistic times sqrt(n) is once in ten thousand times. Draws that are rounded much may stand for all that rounds to them.
    [Theory]
    [MemberData(nameof(All))]
    public void Draws_FollowTheDistributionFunction(Univariate distribution)
    {
        const int count = 3000;
        var draws = distribution.Sample(count, new RandomStream(5, 0, "law")).Coordinates.ToArray();
        Array.Sort(draws);
        Assert.DoesNotContain(double.NaN, draws);
        var within = 2.2 / Math.Sqrt(count);
        for (var i = 0; i < count; i++)
        {
            var (below, above) = (distribution.Cumulative(Before(distribution, draws[i])), distribution.Cumulative(After(distribution, draws[i])));
            if (i == count - 1 || draws[i + 1] > draws[i]) Assert.InRange((i + 1.0) / count, below - within, above + within);
            if (i == 0 || draws[i - 1] < draws[i]) Assert.InRange((double)i / count, (distribution is Discrete ? below : 0) - within, (distribution is Discrete ? below : above) + within);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Functions_ExtremeArguments_AreNumbers(Univariate distribution)
    {
        foreach (var x in Points(distribution).Append(double.NegativeInfinity).Append(double.PositiveInfinity))
            Assert.False(double.IsNaN(distribution.LogDensity(x)), $"at {x:R}");
        Assert.All(new[] { distribution.LogDensity(double.NegativeInfinity), distribution.LogDensity(double.PositiveInfinity) }, log => Assert.Equal(double.NegativeInfinity, log));
        foreach (var probability in new[] { double.Epsilon, 1e-300, 1e-16, 0.1, 1 - 1e-16, 1 }) Assert.False(double.IsNaN(distribution.Quantile(probability)));
        foreach (var probability in new[] { 0, double.Epsilon, 1e-300, 1e-16, 0.1, 1 - 1e-16 }) Assert.False(double.IsNaN(distribution.UpperQuantile(probability)));
        foreach (var value in new[] { distribution.Expectation(), distribution.Variance(), distribution.EntropyByFormula() }) Assert.False(value is double.NaN);
        foreach (var tail in new[] { distribution.LowerTail(), distribution.UpperTail() }) Assert.False(double.IsNaN(tail.Rate) || double.IsNaN(tail.Degree));
    }

    private static IEnumerable<double> Points(Univariate distribution)
    {
        double[] everywhere = [-double.MaxValue, -1e10, -1, -1e-300, 0, double.Epsilon, 1e-300, 1e-20, 1e-8, 0.1, 0.5, 1, 1.5, 2, 10, 1e8, 1e100, double.MaxValue];
        var (from, to) = distribution.Support();
        return everywhere.Append(from).Append(to).Concat(Probabilities.Select(distribution.Quantile)).Concat(Probabilities.Select(distribution.UpperQuantile))
            .Where(double.IsFinite).Select(x => distribution is Discrete ? Math.Floor(x) : x).Distinct().Order();
    }

    // Between neighbouring quantiles and kinks, of which those that rounding alone keeps apart are one; of integers the least one is within as well.
    private static IEnumerable<(double From, double To)> Cells(Univariate distribution)
    {
        var ends = Probabilities.Select(distribution.Quantile).Concat(Probabilities.Select(distribution.UpperQuantile)).Concat(distribution.Kinks())
            .Where(double.IsFinite).Distinct().Order().ToArray();
        ends = [.. ends.Where((end, i) => i == 0 || end - ends[i - 1] > 1e-12 * Math.Abs(end))];
        if (distribution is Discrete) ends = [ends[0] - 1, .. ends];
        return ends.Zip(ends.Skip(1));
    }

    // The integral of p(x) f(x, ln p(x)), in the logarithm of the distance from the nearer end of the support where there is one; of integers the sum over from < x <= to.
    private static double Sum(Univariate distribution, double from, double to, Func<double, double, double> function)
    {
        if (distribution is Discrete)
        {
            var total = 0.0;
            for (var x = from + 1; x <= to; x++) total += Term(x);
            return total;
        }

        var (lower, upper) = distribution.Support();
        if (to <= distribution.Quantile(0.5) && double.IsFinite(lower)) return InLogarithms(lower, 1, from - lower, to - lower);
        if (double.IsFinite(upper)) return InLogarithms(upper, -1, upper - to, upper - from);
        return double.IsFinite(lower) ? InLogarithms(lower, 1, from - lower, to - lower) : GaussKronrod.Integrate(Term, [from, to], 1e-12).Value;

        double Term(double x)
        {
            var log = distribution.LogDensity(x);
            return double.IsNegativeInfinity(log) ? 0 : Math.Exp(log) * function(x, log);
        }

        double InLogarithms(double end, int sign, double near, double far) => near <= 0
            ? GaussKronrod.Integrate(Term, sign > 0 ? [end, end + far] : [end - far, end], 1e-12).Value
            : GaussKronrod.Integrate(v => Math.Exp(v) * Term(end + sign * Math.Exp(v)), [Math.Log(near), Math.Log(far)], 1e-12).Value;
    }

    private static double After(Univariate distribution, double x) => distribution is Discrete ? x : Beside(x, 1);

    private static double Before(Univariate distribution, double x) => distribution is Discrete ? x - 1 : Beside(x, -1);

    // A few units in the last place.
    private static double Beside(double x, int sign)
    {
        if (double.IsInfinity(x)) return Math.Sign(x) == sign ? x : Math.CopySign(double.MaxValue, x);
        var next = x + sign * 4e-15 * Math.Abs(x);
        return next != x ? next : sign > 0 ? Math.BitIncrement(x) : Math.BitDecrement(x);
    }
}
