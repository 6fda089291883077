using System.ComponentModel.DataAnnotations;
using System.Globalization;
using KlCore.Numerics;

namespace KlCore.Policies;

/// <summary>
/// How far the engine that sampled (rollout) and the one that trains (trainer) are apart on the same tokens, d = log trainer - log rollout.
/// Source: F. Yao et al., "Your Efficient RL Framework Secretly Brings You Off-Policy RL Training" (2025); verl <c>rollout_corr_helper.py</c>.
/// </summary>
public sealed record RolloutMismatch : IChecked
{
    /// <summary>log-probabilities of the tokens by the engine that sampled them.</summary>
    public required TokenRows Rollout { get; init; }

    /// <summary>log-probabilities of the same tokens by the trainer.</summary>
    public required TokenRows Trainer { get; init; }

    /// <summary>1 for tokens that count.</summary>
    public TokenRows? Mask { get; init; }

    /// <summary>The cap of truncated importance sampling.</summary>
    [Range(1.0, double.MaxValue)]
    public double Truncation { get; init; } = 2;

    /// <summary>The unit of divergences and differences.</summary>
    public Unit Unit { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        var own = new Problems();
        Batch().Check(own);
        foreach (var (pointer, messages) in own.ByPointer())
        {
            var parts = pointer.TrimStart('/').Split('/');
            var at = problems.At(parts[0] switch { "logProbabilities" => "rollout", "reference" => "trainer", _ => parts[0] });
            foreach (var index in parts.Skip(1)) at = at.At(int.Parse(index, CultureInfo.InvariantCulture));
            foreach (var message in messages) at.Add(message.Replace("logProbabilities", "rollout", StringComparison.Ordinal));
        }
    }

    /// <summary>Measures it.</summary>
    /// <exception cref="InvalidInputException">Something is not legal.</exception>
    /// <exception cref="NotComputableException">No token counts, or the trainer deems one impossible.</exception>
    public MismatchAnswer Measure()
    {
        var problems = new Problems();
        Check(problems);
        problems.ThrowIfAny();
        var samples = new PolicySamples(Batch());
        if (samples.Delta.Any(double.IsPositiveInfinity)) throw new NotComputableException("impossible-token", "The trainer deems a sampled token impossible (probability 0): its ratio is 0 and KL(rollout||trainer) infinite.");
        return MismatchAnswer.Of(samples, Truncation, Unit);
    }

    private PolicyBatch Batch() => new() { LogProbabilities = Rollout, Reference = Trainer, Mask = Mask };
}

/// <summary>How far rollout and trainer are apart.</summary>
public sealed record MismatchAnswer
{
    /// <summary>The unit of divergences and differences.</summary>
    public required Unit Unit { get; init; }

    /// <summary>Tokens that count.</summary>
    public required int Tokens { get; init; }

    /// <summary>Sequences that have some.</summary>
    public required int Sequences { get; init; }

    /// <summary>The mean of |d|.</summary>
    public required double MeanAbsoluteDifference { get; init; }

    /// <summary>The largest |d|.</summary>
    public required double MaximumAbsoluteDifference { get; init; }

    /// <summary>KL(rollout||trainer) per token.</summary>
    public required MismatchKl RolloutToTrainer { get; init; }

    /// <summary>KL(trainer||rollout) per token, from the same tokens by their ratios.</summary>
    public required MismatchKl TrainerToRollout { get; init; }

    /// <summary>trainer/rollout of single tokens.</summary>
    public required WeightMoments TokenRatio { get; init; }

    /// <summary>trainer/rollout of whole sequences.</summary>
    public required WeightMoments SequenceRatio { get; init; }

    /// <summary>The trainer's perplexity over that of the rollout, on the same tokens.</summary>
    public required double PerplexityRatio { get; init; }

    /// <summary>The cap of truncated importance sampling.</summary>
    public required double Truncation { get; init; }

    /// <summary>The share of tokens whose ratio is above the cap.</summary>
    public required double TruncatedTokens { get; init; }

    /// <summary>The share of sequences whose ratio is above the cap.</summary>
    public required double TruncatedSequences { get; init; }

    /// <summary>What the numbers show; empty if nothing is wrong.</summary>
    public required IReadOnlyList<Finding> Diagnosis { get; init; }

    internal static MismatchAnswer Of(PolicySamples samples, double truncation, Unit unit)
    {
        var difference = Array.ConvertAll(samples.Delta, delta => -delta);
        var sequences = new double[samples.Sequences];
        for (var s = 0; s < sequences.Length; s++)
        {
            CompensatedSum sum = default;
            for (var t = samples.Start(s); t < samples.Ends[s]; t++) sum.Add(difference[t]);
            sequences[s] = sum.Value;
        }

        var mean = new Aggregator(samples, Aggregation.TokenMean, 1);
        var nat = unit.FromNats(1);
        MismatchKl Kl(Func<double, double> k1, Func<double, double> k3) =>
            new(Figure(mean.Estimate(Array.ConvertAll(difference, d => k1(d) * nat))), Figure(mean.Estimate(Array.ConvertAll(difference, d => k3(d) * nat))));
        var answer = new MismatchAnswer
        {
            Unit = unit,
            Tokens = samples.Tokens,
            Sequences = samples.Sequences,
            MeanAbsoluteDifference = mean.Value(Array.ConvertAll(difference, Math.Abs)) * nat,
            MaximumAbsoluteDifference = difference.Max(Math.Abs) * nat,
            RolloutToTrainer = Kl(d => -d, d => TokenTerm.K3(-d)),
            TrainerToRollout = Kl(d => d == 0 ? 0 : Math.Exp(d) * d, d => TokenTerm.KlTerm(0, d)),
            TokenRatio = WeightMoments.Of(difference),
            SequenceRatio = WeightMoments.Of(sequences),
            PerplexityRatio = Math.Exp(-mean.Value(difference)),
            Truncation = truncation,
            TruncatedTokens = difference.Count(d => d > Math.Log(truncation)) / (double)difference.Length,
            TruncatedSequences = sequences.Count(d => d > Math.Log(truncation)) / (double)sequences.Length,
            Diagnosis = [],
        };
        return answer with { Diagnosis = [.. Findings(answer, mean.Estimate(Array.ConvertAll(difference, Elementary.Expm1)))] };
    }

    private static MismatchFigure Figure(AggregatedEstimate estimate) => new(estimate.Value, estimate.StandardError);

    private static IEnumerable<Finding> Findings(MismatchAnswer answer, AggregatedEstimate excess)
    {
        if (excess.StandardError is { } error && double.IsFinite(error) && error > 1e-13 && Math.Abs(excess.Value) > 3 * error)
            yield return new("ratio-mean-not-one", Text($"The mean of trainer/rollout is {answer.TokenRatio.Mean:G6} ± {error:G2} and would be 1 for tokens sampled from what rollout says: the sampler's log-probabilities are not those it sampled with (temperature, top-p, logits processors)."));
        if (answer.SequenceRatio.EffectiveFraction < 0.5 && answer.Sequences > 1)
            yield return new("low-effective-sample", Text($"By whole sequences the {answer.Sequences} samples are worth {answer.SequenceRatio.EffectiveSampleSize:G3}; correcting by sequence ratios would rest on a few of them."));
        if (answer.TruncatedTokens > 0)
            yield return new("truncated", Text($"{answer.TruncatedTokens:P2} of the tokens and {answer.TruncatedSequences:P1} of the sequences have a ratio above {answer.Truncation:G3}, which truncated importance sampling would cap."));
        if (answer.MaximumAbsoluteDifference > 1)
            yield return new("large-difference", Text($"The largest difference of a token's log-probability is {answer.MaximumAbsoluteDifference:G3}; rounding to bfloat16 explains about 0.05. Look at that token: another tokenisation, a mask that is off by one, or different weights."));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One direction of the KL between rollout and trainer.</summary>
/// <param name="K1">By the logarithm of the ratio.</param>
/// <param name="K3">By the estimator that is never negative.</param>
public sealed record MismatchKl(MismatchFigure K1, MismatchFigure K3);

/// <summary>A mean over tokens and its error.</summary>
/// <param name="Value">The mean.</param>
/// <param name="StandardError">Its standard error, over sequences if there are several; null for a single token.</param>
public sealed record MismatchFigure(double Value, double? StandardError);
