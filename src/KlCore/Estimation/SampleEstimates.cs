namespace KlCore.Estimation;

/// <summary>Several estimators over one sample (or two, or pairs), whatever that is.</summary>
internal static class SampleEstimates
{
    /// <summary>Throws everything that keeps the sample from being used with the estimators.</summary>
    public static void Check<TSample>(IReadOnlyList<SampleEstimator<TSample>> estimators, TSample sample, Confidence confidence)
    {
        var problems = new Problems();
        confidence.Check(problems.At("confidence"));
        for (var i = 0; i < estimators.Count; i++) estimators[i].Check(problems.At("estimators").At(i));
        problems.ThrowIfAny();
        foreach (var estimator in estimators) estimator.CheckSamples(sample, problems);
        problems.ThrowIfAny();
    }

    /// <summary>One estimate for each, after all are known not to cost too much.</summary>
    public static Estimate[] Of<TSample>(
        IReadOnlyList<SampleEstimator<TSample>> estimators, TSample sample, int dimension, Selections selections, bool canExchange, Confidence confidence, Unit unit, CancellationToken cancellation)
    {
        var plans = estimators.Select(estimator => ResamplingPlan.Of(StatisticCost.Of(estimator, dimension, canExchange), confidence, selections, estimators.Count)).ToArray();
        var estimates = new Estimate[plans.Length];
        for (var i = 0; i < plans.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var description = estimators[i].Describe();
            if (!canExchange) description = description with { HasPermutationTest = false };
            var estimate = Inference.Of(estimators[i].Prepare(sample, cancellation), selections, plans[i], confidence, description, cancellation);
            estimates[i] = In(description.FollowsUnit ? unit : Unit.Nats, estimate with { Warnings = [.. estimators[i].Warnings(sample), .. estimate.Warnings] }, description);
        }

        return estimates;
    }

    private static Estimate In(Unit unit, Estimate nats, EstimatorDescription description) => nats with
    {
        Estimates = description.Estimates,
        Value = unit.FromNats(nats.Value),
        StandardError = nats.StandardError is { } error ? unit.FromNats(error) : null,
        Interval = nats.Interval is { } ends ? [.. ends.Select(end => unit.FromNats(end))] : null,
        Warnings = nats.Value < 0 && description.WarnsOfNegative ? [.. nats.Warnings, "The estimate is negative, which no divergence is: the samples do not show a difference. It is answered as found, unclipped, because clipping would bias it."] : nats.Warnings,
    };
}
