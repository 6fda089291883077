using KlCore.Policies;

namespace KlCore.Tests.Policies;

public class AggregationTests
{
    // delta: (0.2, -0.2, 0.2, masked), (-0.5, 1, masked, masked), all masked
    private static readonly PolicyBatch Batch = new()
    {
        LogProbabilities = new([[-0.5, -0.75, -1, 5], [-1.5, -1, 0, 9], [1, 2, 3, 4]]),
        Reference = new([[-0.75, -0.5, -1.25, 5], [-1, -2, 3, 3], [double.PositiveInfinity, 2, 3, 4]]),
        Mask = new([[1, 1, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0]]),
    };

    // k1 of the tokens that count: 0.25 -0.25 0.25 | -0.5 1
    [Theory]
    [InlineData(Aggregation.TokenMean, 0.75 / 5)]
    [InlineData(Aggregation.TokenSum, 0.75)]
    [InlineData(Aggregation.SeqMeanTokenSum, (0.25 + 0.5) / 2)]
    [InlineData(Aggregation.SeqMeanTokenMean, ((0.25 / 3) + (0.5 / 2)) / 2)]
    [InlineData(Aggregation.SeqMeanTokenSumNorm, (0.25 + 0.5) / 2 / 4)]
    public void Value_OfEach_IsThatByHand(Aggregation aggregation, double expected) => Assert.Equal(expected, Estimate(aggregation).Value, 1e-16);

    /// <summary>Shares of the value of each sequence u: sqrt(n/(n-1) sum (u - mean u)^2), n = 2; for the token mean u = (sum - value * length)/tokens.</summary>
    [Theory]
    [InlineData(Aggregation.TokenSum, 0.25, 0.5)]
    [InlineData(Aggregation.SeqMeanTokenSum, 0.125, 0.25)]
    [InlineData(Aggregation.SeqMeanTokenMean, 0.25 / 6, 0.125)]
    [InlineData(Aggregation.SeqMeanTokenSumNorm, 0.125 / 4, 0.25 / 4)]
    [InlineData(Aggregation.TokenMean, (0.25 - 0.45) / 5, (0.5 - 0.3) / 5)]
    public void StandardError_OverSequences_IsThatByHand(Aggregation aggregation, double first, double second)
    {
        var estimate = Estimate(aggregation);
        Assert.Equal(ErrorOver.Sequences, estimate.StandardErrorOver);
        Assert.Equal(Math.Abs(first - second), estimate.StandardError!.Value, 1e-16);
    }

    [Fact]
    public void StandardError_OverTokens_IsThatOfAMean()
    {
        double[] values = [0.25, -0.25, 0.25, -0.5, 1];
        var deviation = Math.Sqrt(values.Sum(value => (value - 0.15) * (value - 0.15)) / 4);
        Assert.Equal(deviation / Math.Sqrt(5), Estimate(Aggregation.TokenMean).TokenStandardError!.Value, 1e-15);
        Assert.Equal(deviation * Math.Sqrt(5), Estimate(Aggregation.TokenSum).TokenStandardError!.Value, 1e-15);
    }

    [Fact]
    public void StandardError_OfOneSequence_IsThatOverTokensAndOfOneTokenNone()
    {
        var one = Only(new() { LogProbabilities = new([-1.0, -2]), Reference = new([-1.5, -2]) }, new());
        Assert.Equal(ErrorOver.Tokens, one.StandardErrorOver);
        Assert.Equal(one.TokenStandardError, one.StandardError);
        var single = Only(new() { LogProbabilities = new([-1.0]), Reference = new([-1.5]) }, new());
        Assert.Equal((null, null, null), (single.StandardError, single.TokenStandardError, single.StandardErrorOver));
    }

    /// <summary>verl divided this sum by the horizon alone, and now divides by the sequences as well; the answer has both.</summary>
    [Fact]
    public void SeqMeanTokenSumNorm_InBothVersionsOfVerl_IsAnswered()
    {
        var estimate = Only(Batch, new() { Aggregation = Aggregation.SeqMeanTokenSumNorm, Horizon = 8 });
        Assert.Equal((0.75 / 2 / 8, 16.0), (estimate.Value, estimate.Divisor!.Value));
        Assert.Contains("since 2026-08", estimate.Definition, StringComparison.Ordinal);
        var other = estimate.OtherConventions[0];
        Assert.Contains("until 2026-08", other.Convention, StringComparison.Ordinal);
        Assert.Equal(0.75 / 8, other.Value, 1e-16);
    }

    [Fact]
    public void MaskedRows_InMeansOverSequences_AreLeftOutAndCounted()
    {
        var result = PolicyEvaluation.Of(Batch, new());
        Assert.Equal((5, 3, 1), (result.Tokens, result.Sequences, result.MaskedSequences));
        Assert.Contains("1 of 3 sequences", result.Diagnosis.Single(finding => finding.Code == "masked-rows").Message, StringComparison.Ordinal);
        Assert.Equal(0.75 / 3, Estimate(Aggregation.SeqMeanTokenSum).OtherConventions.Single().Value, 1e-16);
        Assert.Empty(Estimate(Aggregation.TokenMean).OtherConventions);
    }

    /// <summary>A mean over tokens is not the KL of sequences: for independent tokens of a sequence of n it is 1/n of it.</summary>
    [Fact]
    public void SeqMeanTokenSum_OfSequencesFromPi_IsTheSequenceKl_AndTheTokenMeanIsNot()
    {
        // Sequences of two tokens of {a, b}: pi = (3/4, 1/4), then by the first token (1/2, 1/2) or (1, 0)-like (3/4, 1/4); ref uniform. 64 sequences hold each as often as pi gives it, times 64.
        List<double[]> p = [], r = [];
        foreach (var (first, second, count) in ((double, double, int)[])[(0.75, 0.5, 24), (0.75, 0.5, 24), (0.25, 0.75, 12), (0.25, 0.25, 4)])
            for (var i = 0; i < count; i++)
            {
                p.Add([Math.Log(first), Math.Log(second)]);
                r.Add([Math.Log(0.5), Math.Log(0.5)]);
            }

        double Kl(double a) => (a * Math.Log(2 * a)) + ((1 - a) * Math.Log(2 * (1 - a)));
        var kl = Kl(0.75) + (0.75 * Kl(0.5)) + (0.25 * Kl(0.75));
        var batch = new PolicyBatch { LogProbabilities = new([.. p]), Reference = new([.. r]) };
        Assert.Equal(kl, Only(batch, new() { Aggregation = Aggregation.SeqMeanTokenSum }).Value, 1e-14);
        Assert.Equal(kl / 2, Only(batch, new() { Aggregation = Aggregation.TokenMean }).Value, 1e-14);
        Assert.Contains("not that of sequences", Only(batch, new() { Aggregation = Aggregation.TokenMean }).Definition, StringComparison.Ordinal);
    }

    public static TheoryData<PolicyEstimator, Aggregation> EveryGradient()
    {
        var all = new TheoryData<PolicyEstimator, Aggregation>();
        foreach (var estimator in Enum.GetValues<PolicyEstimator>().Except([PolicyEstimator.K3Plus, PolicyEstimator.Optimal]))
            foreach (var aggregation in Enum.GetValues<Aggregation>()) all.Add(estimator, aggregation);
        return all;
    }

    [Theory]
    [MemberData(nameof(EveryGradient))]
    public void Gradient_OfEach_IsThatOfDifferences(PolicyEstimator estimator, Aggregation aggregation)
    {
        double[][] logs = [[-0.5, -0.75, -1], [-1.5, -1]];
        var batch = new PolicyBatch { LogProbabilities = new(logs), Reference = new([[-0.75, -0.5, -1.25], [-1, -2]]), Old = new([[-0.6, -0.7, -1.1], [-1.4, -1.3]]), Mask = new([[1, 1, 0], [1, 1]]) };
        var options = new PolicyOptions { Estimators = [estimator], Aggregation = aggregation, Gradient = true };
        var gradient = Only(batch, options).Gradient!.Rows;
        const double h = 1e-5;
        for (var i = 0; i < logs.Length; i++)
            for (var j = 0; j < logs[i].Length; j++)
                Assert.Equal((At(i, j, h) - At(i, j, -h)) / (2 * h), gradient[i][j], 1e-9);

        double At(int row, int token, double step)
        {
            double[][] moved = [.. logs.Select(tokens => tokens.ToArray())];
            moved[row][token] += step;
            return Only(batch with { LogProbabilities = new(moved) }, options).Value;
        }
    }

    [Fact]
    public void Gradient_OfK3Plus_IsThatOfK2() => Assert.Equal(
        Only(Batch, new() { Estimators = [PolicyEstimator.K2], Gradient = true }).Gradient!.Rows,
        Only(Batch, new() { Estimators = [PolicyEstimator.K3Plus], Gradient = true }).Gradient!.Rows);

    [Fact]
    public void Unit_Bits_DividesValuesErrorsAndGradients()
    {
        var (nats, bits) = (Only(Batch, new() { Gradient = true }), Only(Batch, new() { Unit = Unit.Bits, Gradient = true }));
        Assert.Equal(nats.Value / Math.Log(2), bits.Value, 1e-15);
        Assert.Equal(nats.StandardError!.Value / Math.Log(2), bits.StandardError!.Value, 1e-15);
        Assert.Equal(nats.Gradient!.Rows[0][0] / Math.Log(2), bits.Gradient!.Rows[0][0], 1e-15);
    }

    private static AggregatedEstimate Estimate(Aggregation aggregation) => Only(Batch, new() { Aggregation = aggregation });

    private static AggregatedEstimate Only(PolicyBatch batch, PolicyOptions options) =>
        PolicyEvaluation.Of(batch, options with { Estimators = options.Estimators ?? [PolicyEstimator.K1], Aggregation = options.Aggregation ?? Aggregation.TokenMean }).Results.Single().Aggregations.Single();
}
