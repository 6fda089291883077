using KlCore.Estimation;
using KlCore.Numerics;

namespace KlCore.Tests.Estimation;

/// <summary>Standard errors, intervals and p-values, on a statistic of which all is known: the difference of means.</summary>
public class InferenceTests
{
    [Theory]
    [InlineData(ErrorMethod.Subsampling, 400, 300)]
    [InlineData(ErrorMethod.Subsampling, 300, 900)]
    [InlineData(ErrorMethod.Subsampling, 27, 27)]
    [InlineData(ErrorMethod.Bootstrap, 400, 300)]
    [InlineData(ErrorMethod.Jackknife, 400, 300)]
    public void StandardError_OfADifferenceOfMeans_IsTheKnownOne(ErrorMethod method, int n, int m)
    {
        var (x, y) = (Draw(1, n, 1), Draw(2, m, 2));
        var estimate = Samples(x, y).Estimate(new MeanDifference(), new Confidence { Resamples = 1000, Permutations = 0, Method = method }, 3);
        var expected = Math.Sqrt(Variance(x) / n + Variance(y) / m);
        // A standard deviation from 1000 values is within 2 % (one standard error); one of the groups of a jackknife, 300, within 4 %.
        Assert.Equal(1, estimate.StandardError!.Value / expected, method == ErrorMethod.Jackknife ? 0.15 : 0.08);
        Assert.Equal(method, estimate.ErrorMethod);
        Assert.Equal(x.Average() - y.Average(), estimate.Value, 1e-12);
        Assert.Equal(estimate.Value, estimate.Interval!.Average(), 1e-12);
        if (method != ErrorMethod.Jackknife) Assert.Equal(1.959963984540054 * estimate.StandardError.Value, (estimate.Interval![1] - estimate.Interval[0]) / 2, 1e-9);
    }

    [Fact]
    public void Estimates_OfTheSameSeed_AreTheSameAndOfAnotherDiffer()
    {
        var samples = Samples(Draw(1, 50, 1), Draw(2, 40, 1));
        string Text(long seed)
        {
            var estimate = samples.Estimate(new MeanDifference(), new Confidence { Resamples = 50 }, seed);
            return $"{estimate.Value:R} {estimate.StandardError:R} {estimate.PValue:R}";
        }

        Assert.Equal(Text(1), Text(1));
        Assert.NotEqual(Text(1), Text(2));
    }

    /// <summary>If both samples are of one distribution, a p-value of at most a is as probable as a: here 40 p-values, the largest deviation from that below the 0.1 % point of Kolmogorov's test (0.3).</summary>
    [Fact]
    public void PValues_OfEqualDistributions_AreUniform()
    {
        var values = Enumerable.Range(0, 40).Select(i => Samples(Draw(100 + i, 30, 1), Draw(200 + i, 20, 1)).Estimate(new MeanDifference(), new Confidence { Resamples = 0, Permutations = 99 }, i).PValue!.Value).Order().ToArray();
        Assert.True(values.Select((value, i) => Math.Max(Math.Abs(value - i / 40.0), Math.Abs(value - (i + 1) / 40.0))).Max() < 0.3);
        Assert.True(values.Distinct().Count() > 20);
    }

    [Fact]
    public void PValue_OfSamplesApart_IsTheSmallestThereIs() =>
        Assert.Equal(1.0 / 100, Samples([5, 6, 7, 8, 9, 10, 11], [0, 1, 2, 3, 2, 1, 0]).Estimate(new MeanDifference(), new Confidence { Resamples = 0, Permutations = 99 }, 1).PValue!.Value, 0.011);

    [Fact]
    public void PValue_WhereEveryExchangeGivesTheSame_Is1() =>
        Assert.Equal(1, Samples([1, 1, 1], [1, 1]).Estimate(new MeanDifference(), new Confidence { Resamples = 0, Permutations = 20 }, 1).PValue);

    /// <summary>The quantile of such a level is infinite, and the error of equal points 0.</summary>
    [Fact]
    public void Interval_OfALevelNextTo1_IsLeftOut()
    {
        var estimate = Samples([1, 1, 1], [1, 1, 1]).Estimate(new MeanDifference(), new Confidence { Level = Math.BitDecrement(1), Resamples = 3, Permutations = 0, Method = ErrorMethod.Bootstrap }, 1);
        Assert.Equal(0, estimate.StandardError);
        Assert.Null(estimate.Interval);
    }

    [Fact]
    public void StandardError_WhereMostSelectionsGiveNothing_IsLeftOutAndSaidSo()
    {
        var estimate = Samples(Draw(1, 60, 1), Draw(2, 60, 1)).Estimate(new MeanDifference { DefinedFrom = 50 }, new Confidence { Resamples = 20, Method = ErrorMethod.Subsampling, Permutations = 0 }, 1);
        Assert.Null(estimate.StandardError);
        Assert.Null(estimate.Interval);
        Assert.Contains("No standard error", Assert.Single(estimate.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Resampling_ThatWouldTakeLong_IsLeftOutUnaskedAndRefusedIfAskedFor()
    {
        var samples = Samples(Draw(1, 60, 1), Draw(2, 60, 1));
        var left = samples.Estimate(new MeanDifference { Cost = 5e8 }, new Confidence(), 1);
        Assert.Equal((null, null), (left.StandardError, left.PValue));
        Assert.Equal(2, left.Warnings.Count(warning => warning.Contains("would take about", StringComparison.Ordinal)));
        Assert.Throws<TooCostlyException>(() => samples.Estimate(new MeanDifference { Cost = 5e8 }, new Confidence { Resamples = 200 }, 1));
        Assert.Throws<TooCostlyException>(() => samples.Estimate(new MeanDifference { Cost = 1e12 }, new Confidence { Resamples = 0 }, 1));
        // Only the errors were asked for: the p-value is left out and does not make the whole too much.
        var errors = samples.Estimate(new MeanDifference { Cost = 1e8 }, new Confidence { Resamples = 50, Method = ErrorMethod.Bootstrap }, 1);
        Assert.NotNull(errors.StandardError);
        Assert.Null(errors.PValue);
        Assert.NotNull(samples.Estimate(new MeanDifference { Cost = 5e8 }, new Confidence { Resamples = 4, Permutations = 4, Method = ErrorMethod.Bootstrap }, 1).StandardError);
    }

    [Fact]
    public void Work_ThatIsStopped_Ends()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Samples(Draw(1, 60, 1), Draw(2, 60, 1)).Estimate(new MeanDifference(), new Confidence(), 1, Unit.Nats, stop.Token));
    }

    /// <summary>Parts are drawn without repetition, the groups of a jackknife leave out each point once, an exchange keeps all points.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Selections_OfEveryKind_AreWhatTheySay(bool isPaired)
    {
        var selections = new Selections(50, 50, isPaired, 7);
        var part = selections.Part(3, 0.3);
        Assert.Equal((15, 15), (part.X.Distinct().Count(), part.Y.Distinct().Count()));
        Assert.All(part.X, place => Assert.InRange(place, 0, 49));
        Assert.All(part.Y, place => Assert.InRange(place, isPaired ? 0 : 50, isPaired ? 49 : 99));
        if (isPaired) Assert.Equal(part.X, part.Y);
        var left = Enumerable.Range(0, 7).SelectMany(group => Enumerable.Range(0, 50).Except(selections.Without(group, 7).X)).Order();
        Assert.Equal(Enumerable.Range(0, 50), left);
        var exchanged = selections.Exchanged(1);
        Assert.Equal(isPaired ? Enumerable.Range(0, 50) : Enumerable.Range(0, 100), isPaired ? exchanged.Y.Order() : exchanged.X.Concat(exchanged.Y).Order());
        Assert.NotEqual(selections.All().Y, exchanged.Y);
    }

    private static TwoSamples Samples(double[] x, double[] y) => TwoSamples.TryFrom(new Points(x), new Points(y), new Problems())!;

    private static double Variance(double[] values) => values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1);

    private static double[] Draw(int seed, int count, double deviation)
    {
        var random = new RandomStream(seed, 0, "test");
        return [.. Enumerable.Range(0, count).Select(_ => deviation * random.NextNormal())];
    }

    private sealed record MeanDifference : Estimator
    {
        public double Cost { get; init; } = 1;

        public int DefinedFrom { get; init; }

        public override EstimatorDescription Describe() => new("E x - E y", "", "", "");

        internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) => new Statistic(sample, DefinedFrom);

        internal override double Work(int x, int y, int dimension) => Cost;

        private sealed class Statistic(PooledSample sample, int definedFrom) : PooledStatistic
        {
            public override bool IsShared => true;

            public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation) =>
                x.Length < definedFrom ? double.NaN : sample.Gather(x).Average() - sample.Gather(y).Average();
        }
    }
}
