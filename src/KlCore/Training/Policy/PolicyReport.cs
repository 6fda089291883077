using System.Globalization;
using KlCore.Formats;
using KlCore.Policies;

namespace KlCore.Training.Policy;

/// <summary>Turns trained policies into a result and its files.</summary>
internal sealed class PolicyReport(PolicySpecification specification, TokenProcess process, PolicyPenalty[] penalties, double[][] learned, double[] betas)
{
    private const int ShownStates = 200, CurvePoints = 41;

    // States that are hardly met say nothing of how well a policy was trained.
    private const double Met = 1e-3;
    private const double Close = 1e-3;

    private bool IsBandit => process.Length == 1;

    public TrainingOutcome Write()
    {
        var (table, measures) = Of(learned[0]);
        var beta = betas[0];
        var optimum = Optimum("pi_ref exp(r/beta)/Z", PolicyOptimum.Reverse(process, beta), table);
        var forward = IsBandit ? Optimum("beta pi_ref/(c - r)", PolicyOptimum.Forward(process, beta), table) : null;
        DirectionOutcome[] directions = [Direction(0), Direction(1)];
        var warnings = Warnings(optimum, forward);
        var facts = EstimatorFacts.Of(penalties[0].Used);
        var isKl = penalties[0].Estimator is null && specification.Gradient == GradientKind.Exact;
        var result = new PolicyResult(
            IsBandit ? Probabilities(table, 0) : null,
            IsBandit ? null : States(table),
            [.. process.LogReference.Select(Math.Exp)],
            measures.Reward,
            measures.Forward,
            measures.Reverse,
            Method.Exact,
            beta,
            new PenaltyFacts(penalties[0].Direction, Name(penalties[0].Used), penalties[0].Place, penalties[0].Optimises,
                isKl ? "The gradient is that of the KL itself, in expectation over all sequences." : facts.Note),
            optimum,
            forward,
            directions,
            [.. penalties.Skip(2).Select((penalty, i) => new FrontierOutcome(penalty.Beta, Of(learned[i + 2]).Measures, Of(PolicyOptimum.Reverse(process, penalty.Beta)).Measures))
                .OrderByDescending(point => point.Beta)],
            Curve(),
            PolicyAdvice.Give(directions, penalties[0].Beta, process),
            warnings);
        return new TrainingOutcome(result, [new Artifact("model.safetensors", "application/octet-stream", Model(table)), ReportJson.Report(result)])
        {
            Scores = [new Score("reward", measures.Reward, true), new Score("reverse", measures.Reverse), new Score("forward", measures.Forward)],
        };
    }

    private (PolicyTable Table, PolicyMeasures Measures) Of(double[] parameters)
    {
        var table = new PolicyTable(process);
        table.Set(parameters);
        return (table, table.Measure());
    }

    private OptimalPolicy Optimum(string formula, double[] logs, PolicyTable trained)
    {
        var (best, measures) = Of(logs);
        var deviation = 0.0;
        for (var i = 0; i < logs.Length; i++)
            if (Math.Max(best.Visits[i / process.Vocabulary], trained.Visits[i / process.Vocabulary]) >= Met) deviation = Math.Max(deviation, Math.Abs(Math.Exp(best.Logs[i]) - Math.Exp(trained.Logs[i])));
        return new OptimalPolicy(formula, IsBandit ? Probabilities(best, 0) : null, measures.Reward, measures.Forward, measures.Reverse, deviation);
    }

    private DirectionOutcome Direction(int policy)
    {
        var (table, measures) = Of(learned[policy]);
        var least = double.PositiveInfinity;
        for (var i = 0; i < table.Logs.Length; i++)
            if (table.Visits[i / process.Vocabulary] >= Met) least = Math.Min(least, Math.Exp(table.Logs[i] - process.LogReference[i % process.Vocabulary]));
        var direction = penalties[policy].Optimises switch
        {
            "KL(pi||ref)" => "reverse",
            "KL(ref||pi)" => "forward",
            "0" => "none",
            _ => "other",
        };
        return new DirectionOutcome(direction, measures.Reward, measures.Forward, measures.Reverse, Math.Max(measures.Reward, BestReward(measures.Reverse)), least);
    }

    // KL falls as the coefficient grows.
    private double BestReward(double kl)
    {
        var (low, high) = (Math.Log(1e-4), Math.Log(1e8));
        for (var i = 0; i < 60; i++)
        {
            var middle = 0.5 * (low + high);
            if (Of(PolicyOptimum.Reverse(process, Math.Exp(middle))).Measures.Reverse > kl) low = middle;
            else high = middle;
        }

        return Of(PolicyOptimum.Reverse(process, Math.Exp(high))).Measures.Reward;
    }

    private List<string> Warnings(OptimalPolicy optimum, OptimalPolicy? forward)
    {
        var (warnings, own) = (new List<string>(), penalties[0]);
        if (own.Estimator is not null && own.Optimises != (own.Direction == PenaltyDirection.Reverse ? "KL(pi||ref)" : "KL(ref||pi)"))
        {
            warnings.Add($"The direction asked for is {own.Direction.ToString().ToLowerInvariant()}, but {Name(own.Used)} in the {own.Place.ToString().ToLowerInvariant()} makes small: {own.Optimises}" +
                (own.Optimises == "0" ? ", so nothing keeps the policy near the reference." : "."));
        }

        if (!IsBandit && own.Place == PenaltyPlace.Loss && (own.Estimator is not null || specification.Gradient == GradientKind.Sampled))
            warnings.Add("In the loss each token pays for itself alone, and not for the states that it leads to: over sequences that is not the gradient of the KL of sequences.");
        var deviation = own.Optimises == "KL(pi||ref)" ? optimum.LargestDeviation : own.Optimises == "KL(ref||pi)" ? forward?.LargestDeviation : null;
        if (deviation > Close)
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"A probability is {deviation:G2} off that of the best policy: more steps, larger batches or another learning rate will bring it nearer."));
        return warnings;
    }

    private PolicyState[] States(PolicyTable table)
    {
        var (best, _) = Of(PolicyOptimum.Reverse(process, betas[0]));
        return [.. Enumerable.Range(0, process.States).OrderByDescending(state => table.Visits[state]).Take(ShownStates).Order().Select(state => new PolicyState(
            process.Position(state), state == 0 ? null : process.Previous(state), table.Visits[state], Probabilities(table, state), Probabilities(best, state)))];
    }

    // From a hundredth of the range of rewards, where the best is nearly certain, to a hundred times it, where hardly anything has changed.
    private PolicyCurve Curve()
    {
        var rewards = Enumerable.Range(-1, process.Vocabulary + 1).SelectMany(previous => Enumerable.Range(0, process.Vocabulary).Select(token => process.Reward(previous, token))).ToList();
        var range = Math.Max(1e-6, rewards.Max() - rewards.Min());
        double[] coefficients = [.. Enumerable.Range(0, CurvePoints).Select(i => range * Math.Pow(10, 2 - 4.0 * i / (CurvePoints - 1)))];
        PolicyMeasures[] measures = [.. coefficients.Select(beta => Of(PolicyOptimum.Reverse(process, beta)).Measures)];
        return new PolicyCurve(coefficients, [.. measures.Select(point => point.Reverse)], [.. measures.Select(point => point.Reward)]);
    }

    private double[] Probabilities(PolicyTable table, int state) => [.. table.Logs.Skip(state * process.Vocabulary).Take(process.Vocabulary).Select(Math.Exp)];

    private byte[] Model(PolicyTable table) => SafeTensors.Write(
        [new Tensor("logProbabilities", [process.States, process.Vocabulary], table.Logs), new Tensor("logReference", process.LogReference)],
        new Dictionary<string, string> { ["format"] = "policy-table" });

    private static string Name(PolicyEstimator estimator) => estimator == PolicyEstimator.K3Plus ? "k3-plus" : estimator.ToString().ToLowerInvariant();
}
