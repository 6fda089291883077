using System.Globalization;
using MathNet.Numerics.Distributions;

namespace KlCore.Policies;

/// <summary>
/// What the tokens show about how they came about. Two tests of "pi sampled them": the mean of k1 and that of e^-delta against their
/// errors, at three standard errors widened by Student's t for few sequences; and, free of any assumption, Markov's inequality: the product
/// of ref/pi over tokens that pi sampled has a mean of at most 1, so that a sum of k1 below -x has a probability of at most e^-x.
/// </summary>
internal static class PolicyDiagnosis
{
    private const double Level = 0.00135;
    private const double FewTokens = 20;

    public static IEnumerable<Finding> Of(PolicySamples samples, IReadOnlyList<EstimatorResult> results) =>
    [
        .. Masked(samples),
        .. Infinite(samples),
        .. OnPolicy(samples),
        .. HeavyTail(samples),
        .. Clamped(results),
        .. Certain(samples),
    ];

    private static IEnumerable<Finding> Masked(PolicySamples samples)
    {
        if (samples.Sequences < samples.AllSequences)
            yield return new("masked-rows", Text($"{samples.AllSequences - samples.Sequences} of {samples.AllSequences} sequences have no token that counts. They are left out of every mean over sequences; frameworks that count them with 0 get the value under otherConventions."));
    }

    private static IEnumerable<Finding> Infinite(PolicySamples samples)
    {
        if (samples.Sentinels > 0)
            yield return new("sentinel", Text($"{samples.Sentinels} reference log-probabilities are -9999 or -3.4e38, which servers write for minus infinity, and are taken as that."));
        var impossible = samples.Delta.Count(double.IsPositiveInfinity);
        if (impossible > 0)
            yield return new("impossible-under-reference", Text($"{impossible} of {samples.Tokens} tokens have probability 0 under the reference: KL(pi||ref) is infinite, and so is every estimate that is not clamped."));
        var beyond = samples.Delta.Count(delta => double.IsPositiveInfinity(TokenTerm.K3(delta))) - impossible;
        if (beyond > 0)
            yield return new("overflow", Text($"k3 of {beyond} tokens is finite but beyond the largest double (log pi is more than 709 below log ref), and answered as infinite."));
    }

    private static IEnumerable<Finding> OnPolicy(PolicySamples samples)
    {
        var mean = new Aggregator(samples, Aggregation.TokenMean, 1);
        var k1 = mean.Estimate(samples.Delta);
        if (double.IsPositiveInfinity(k1.Value)) yield break;
        var chance = Math.Exp(Math.Min(0, k1.Value * samples.Tokens));
        var error = k1.StandardError ?? double.PositiveInfinity;
        var bound = Threshold(samples) * error;
        var negative = k1.Value < 0 && (k1.Value < -bound || chance < Level);
        if (negative)
            yield return new("k1-significantly-negative", Text($"The mean of k1 is {k1.Value:G4} ± {error:G2} per token; for tokens sampled from pi the sum would be so low with a probability of at most {(chance < 1e-300 ? "1E-300" : chance.ToString("G2", CultureInfo.InvariantCulture))}. This is not noise: the tokens were not sampled from the pi whose log-probabilities these are (other temperature, top-k or top-p, dropout, another engine, older weights), or padding counts."));
        else if (k1.Value != 0 && Math.Abs(k1.Value) < 2 * error && double.IsFinite(error))
            yield return new("noise", Text($"The mean of k1 is {k1.Value:G4} ± {error:G2}, not distinguishable from 0{(k1.Value < 0 ? "; a negative estimate of this size is noise" : "")}. k3 or optimal have smaller errors here, or take more sequences."));

        var ratio = mean.Estimate(Array.ConvertAll(samples.Delta, delta => Numerics.Elementary.Expm1(-delta)));
        var far = double.IsFinite(ratio.Value) && ratio.StandardError is { } ratioError && Math.Abs(ratio.Value) > Threshold(samples) * ratioError && ratioError > 1e-13;
        if (far || (negative && chance < Level))
            yield return new("not-on-policy", Text($"The mean of ref/pi is {1 + ratio.Value:G4} ± {ratio.StandardError:G2} and would be 1 for tokens sampled from pi{(ratio.Value < 0 ? " (or the reference holds mass where pi hardly ever samples, which k3 cannot see)" : "")}. {(samples.LogWeight is null ? "Give old, the log-probabilities at sampling, and use importance." : "Use importance, which corrects by pi/pi_old.")}"));
        if (samples.LogWeight is { } weights && weights.Any(weight => weight != 0)) yield return Weights(weights);
    }

    private static Finding Weights(double[] logWeights)
    {
        var weights = WeightMoments.Of(logWeights);
        return new("off-policy", Text($"The tokens are from pi_old: pi/pi_old has mean {weights.Mean:G4}, maximum {weights.Maximum:G4} and is worth {weights.EffectiveFraction:P1} of the tokens (effective sample size). Only importance estimates KL(pi||ref) without bias."));
    }

    private static IEnumerable<Finding> HeavyTail(PolicySamples samples)
    {
        if (samples.Tokens < 3) yield break;
        var terms = Array.ConvertAll(samples.Delta, TokenTerm.K3);
        var total = Moments.Mean(terms) * terms.Length;
        if (!double.IsFinite(total) || total == 0) yield break;
        Array.Sort(terms);
        var top = Math.Max(1, terms.Length / 100);
        var share = terms[^top..].Sum() / total;
        if (share > (samples.Tokens < FewTokens ? 0.9 : 0.5))
            yield return new("heavy-tail", Text($"{top} of {terms.Length} tokens carry {share:P1} of k3, the largest {terms[^1]:G4}: its error is understated, and its gradient is that of a few tokens. k1 in the reward, or k2, do not have this tail."));
    }

    private static IEnumerable<Finding> Clamped(IReadOnlyList<EstimatorResult> results)
    {
        var shares = results.Where(result => result.ClampedFraction > 0).Select(result => Text($"{result.ClampedFraction:P2} of {JsonName(result.Estimator)}")).ToList();
        if (shares.Count > 0)
            yield return new("clamped", $"The clamp changed values: {string.Join(", ", shares)}. The value is biased, and these tokens have no gradient through it (but in k3-plus, whose gradient is that of k2).");
    }

    private static IEnumerable<Finding> Certain(PolicySamples samples)
    {
        if (samples.Certain > 0)
            yield return new("zero-log-probability", Text($"{samples.Certain} of {samples.Tokens} tokens have log-probability 0 on both sides. Forced tokens have that, and so has padding that the mask should take out."));
    }

    /// <summary>How many standard errors are beyond chance.</summary>
    private static double Threshold(PolicySamples samples) =>
        StudentT.InvCDF(0, 1, Math.Max(1, (samples.Sequences > 1 ? samples.Sequences : samples.Tokens) - 1), 1 - Level);

    private static string JsonName(PolicyEstimator estimator) => estimator == PolicyEstimator.K3Plus ? "k3-plus" : estimator.ToString().ToLowerInvariant();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
