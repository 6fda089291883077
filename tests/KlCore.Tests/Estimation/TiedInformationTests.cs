using KlCore.Estimation;
using KlCore.Estimation.Dependence;
using MathNet.Numerics;

namespace KlCore.Tests.Estimation;

/// <summary>Mutual information by neighbours where values repeat.</summary>
public class TiedInformationTests
{
    private static readonly Confidence Plain = new() { Resamples = 0, Permutations = 0 };

    /// <summary>A table of 3 times 2 values, each pair more often than k: nothing but its counts is known, in one dimension as in two.</summary>
    [Theory]
    [InlineData(InformationVariant.Ksg1)]
    [InlineData(InformationVariant.Ksg2)]
    public void Information_OfDiscretePairs_IsThatOfTheirCounts(InformationVariant variant)
    {
        int[][] table = [[40, 10], [20, 25], [6, 35]];
        var (x, y) = (new List<double>(), new List<double>());
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 2; j++)
            {
                x.AddRange(Enumerable.Repeat(0.1 * i, table[i][j]));
                y.AddRange(Enumerable.Repeat(-1e6 * j, table[i][j]));
            }

        var n = x.Count;
        var expected = SpecialFunctions.DiGamma(n);
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 2; j++)
                expected += table[i][j] * (SpecialFunctions.DiGamma(table[i][j]) - SpecialFunctions.DiGamma(table[i].Sum()) - SpecialFunctions.DiGamma(table.Sum(row => row[j]))) / n;
        var estimator = new NearestNeighbourInformation { K = 4, Variant = variant };
        var line = Estimate(estimator, new Points([.. x]), new Points([.. y]));
        Assert.Equal(expected, line.Value, 1e-12);
        Assert.Contains(line.Warnings, warning => warning.StartsWith($"{n} of {n} pairs", StringComparison.Ordinal));
        Assert.Equal(expected, Estimate(estimator, new Points([.. x.Select(value => new[] { value, 2 * value })]), new Points([.. y])).Value, 1e-12);
    }

    /// <summary>Half of the pairs at one place, half spread: neither infinite nor without a warning, and near the ln 2 that tell the halves apart.</summary>
    [Fact]
    public void Information_OfAMixture_IsFinite()
    {
        double[] x = [.. Enumerable.Range(0, 200).Select(i => i < 100 ? 0 : 10 + Math.Sin(i * 1.1))], y = [.. Enumerable.Range(0, 200).Select(i => i < 100 ? 0 : 10 + Math.Sin(i * i * 0.7))];
        var estimate = Estimate(new NearestNeighbourInformation(), new Points(x), new Points(y));
        Assert.Equal(Math.Log(2), estimate.Value, 0.15);
        Assert.Contains(estimate.Warnings, warning => warning.StartsWith("100 of 200 pairs", StringComparison.Ordinal));
    }

    private static Estimate Estimate(NearestNeighbourInformation estimator, Points x, Points y) => Pairs.TryFrom(x, y, new Problems())!.Estimate([estimator], Plain, 1)[0];
}
