using KlCore.Policies;

namespace KlCore.Tests.Policies;

public class DiagnosisTests
{
    /// <summary>Tokens from pi over a vocabulary of 50, in sequences of 20: nothing is wrong, or k1 is noise.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Tokens_FromPi_AreNotSuspected(int seed)
    {
        var codes = Codes(Sampled(seed));
        Assert.DoesNotContain("k1-significantly-negative", codes);
        Assert.DoesNotContain("not-on-policy", codes);
    }

    /// <summary>Tokens that the reference sampled have a mean k1 of -KL(ref||pi), about -0.06 ± 0.008 here, and a mean ref/pi of 1 + chi-squared.</summary>
    [Fact]
    public void Tokens_OfTheReference_AreNotOnPolicy()
    {
        var codes = Codes(Sampled(1, fromReference: true));
        Assert.Contains("k1-significantly-negative", codes);
        Assert.Contains("not-on-policy", codes);
    }

    [Fact]
    public void SmallNegativeK1_OfFewTokens_IsNoise()
    {
        var found = PolicyEvaluation.Of(Batch([-0.3, 0.25, -0.2, 0.2]), new());
        Assert.Contains("noise", found.Diagnosis.Select(finding => finding.Code));
        Assert.Contains("negative estimate of this size is noise", found.Diagnosis[0].Message, StringComparison.Ordinal);
    }

    /// <summary>By Markov's inequality alone: a sum of k1 of -20 has a probability of at most e^-20, whatever the tokens' spread.</summary>
    [Fact]
    public void SumOfK1FarBelowZero_OfTwoTokens_IsNoNoise()
    {
        Assert.Contains("k1-significantly-negative", Codes(Batch([-19, -1])));
        Assert.DoesNotContain("k1-significantly-negative", Codes(Batch([-3, 1])));
    }

    [Fact]
    public void OneTokenOfMany_CarryingK3_IsAHeavyTail()
    {
        var delta = Enumerable.Repeat(0.1, 100).Append(-6).ToArray();
        var finding = PolicyEvaluation.Of(Batch(delta), new()).Diagnosis.Single(found => found.Code == "heavy-tail");
        Assert.StartsWith("1 of 101 tokens carry 99.9", finding.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("heavy-tail", Codes(Sampled(2)));
    }

    [Fact]
    public void ClampedTokens_AreCounted()
    {
        var result = PolicyEvaluation.Of(Batch([-30, 0.1, 0.2, 0.3]), new() { Estimators = [PolicyEstimator.K3, PolicyEstimator.K1], Clamp = PolicyClamp.Verl });
        Assert.Equal([0.25, 0], result.Results.Select(found => found.ClampedFraction));
        Assert.Contains("25.00 % of k3.", result.Diagnosis.Single(found => found.Code == "clamped").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NegativeInfinity, false)]
    [InlineData(-9999, true)]
    [InlineData(-3.4028234663852886e38, true)]
    public void ImpossibleUnderTheReference_IsInfinite(double reference, bool sentinel)
    {
        var batch = new PolicyBatch { LogProbabilities = new([[-1.0, -2], [-1.0, -1]]), Reference = new([[-1.5, reference], [-1, -2]]) };
        var result = PolicyEvaluation.Of(batch, new() { Tokens = true, Gradient = true });
        Assert.All(result.Results, found => Assert.All(found.Aggregations, estimate => Assert.Equal((double.PositiveInfinity, double.PositiveInfinity), (estimate.Value, estimate.StandardError))));
        var codes = result.Diagnosis.Select(found => found.Code).ToList();
        Assert.Contains("impossible-under-reference", codes);
        Assert.Equal(sentinel, codes.Contains("sentinel"));
    }

    [Fact]
    public void PaddingLeftInTheMask_IsNamed() => Assert.Contains("zero-log-probability", Codes(Batch([0, 0, 0.3])));

    [Fact]
    public void OldPolicy_OtherThanPi_IsNamedWithItsEffectiveSampleSize()
    {
        var batch = Batch([0.1, 0.2, 0.3, -0.1]);
        Assert.DoesNotContain("off-policy", Codes(batch with { Old = batch.LogProbabilities }));
        Assert.Contains("off-policy", Codes(batch with { Old = new([-1.0, -2, -0.5, -0.1]) }));
    }

    private static List<string> Codes(PolicyBatch batch) => [.. PolicyEvaluation.Of(batch, new()).Diagnosis.Select(finding => finding.Code)];

    private static PolicyBatch Batch(double[] delta) =>
        new() { LogProbabilities = new(Array.ConvertAll(delta, d => Math.Min(d, 0))), Reference = new(Array.ConvertAll(delta, d => Math.Min(-d, 0))) };

    private static PolicyBatch Sampled(int seed, bool fromReference = false)
    {
        var random = new Random(seed);
        var logits = Enumerable.Range(0, 50).Select(_ => 4 * random.NextDouble()).ToArray();
        var pi = LogSoftmax(logits);
        var reference = LogSoftmax([.. logits.Select(logit => logit + (1.2 * (random.NextDouble() - 0.5)))]);
        var sampler = Array.ConvertAll(fromReference ? reference : pi, Math.Exp);
        double[][] tokens = [.. Enumerable.Range(0, 100).Select(_ => Enumerable.Range(0, 20).Select(_ => (double)Draw(sampler, random)).ToArray())];
        return new()
        {
            LogProbabilities = new([.. tokens.Select(row => row.Select(token => pi[(int)token]).ToArray())]),
            Reference = new([.. tokens.Select(row => row.Select(token => reference[(int)token]).ToArray())]),
        };
    }

    private static int Draw(double[] probabilities, Random random)
    {
        var left = random.NextDouble();
        for (var i = 0; i < probabilities.Length - 1; i++)
            if ((left -= probabilities[i]) < 0) return i;
        return probabilities.Length - 1;
    }

    private static double[] LogSoftmax(double[] logits)
    {
        var sum = Math.Log(logits.Sum(Math.Exp));
        return [.. logits.Select(logit => logit - sum)];
    }
}
