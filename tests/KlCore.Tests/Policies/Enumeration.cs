using KlCore.Policies;

namespace KlCore.Tests.Policies;

/// <summary>Two softmax policies over a small vocabulary, in which every expectation is a finite sum. Nothing here calls the code under test but <see cref="Terms"/>.</summary>
internal sealed class Enumeration
{
    private static readonly double[] Logits = [0.3, -1.2, 0.8, 0.1, -0.4];

    public static readonly Enumeration Typical = new(Softmax(Logits), Softmax([-0.2, 0.4, 0.5, -0.9, 0.6]), Softmax([0.1, -0.9, 0.2, 0.3, -0.6]));

    private Enumeration(double[] policy, double[] reference, double[] old) => (Policy, Reference, Old) = (policy, reference, old);

    public double[] Policy { get; }

    public double[] Reference { get; }

    public double[] Old { get; }

    public double Kl => KlBetween(Policy, Reference);

    public static double KlBetween(double[] p, double[] q) => p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();

    /// <summary>Each token once: its value and the derivative of its value.</summary>
    public (double[] Values, double[] Derivatives) Terms(PolicyEstimator estimator)
    {
        var result = PolicyEvaluation.Of(Batch(), new() { Estimators = [estimator], Aggregation = Aggregation.TokenSum, Tokens = true, Gradient = true }).Results.Single();
        return (result.Tokens!.Rows[0], result.Aggregations.Single().Gradient!.Rows[0]);
    }

    public PolicyBatch Batch() => new() { LogProbabilities = Logs(Policy), Reference = Logs(Reference), Old = Logs(Old) };

    /// <summary>The gradient on the policy's logits of a sum over tokens of weight * term, where only the term depends on them: sum_v w_v g_v d log pi_v/dz_j.</summary>
    public double[] OnLogits(double[] weights, double[] derivatives) =>
        [.. Policy.Select((pi, j) => weights.Select((weight, v) => weight * derivatives[v] * ((v == j ? 1 : 0) - pi)).Sum())];

    /// <summary>The gradient of a function of the policy on its logits, by central differences of five points.</summary>
    public static double[] Slope(Func<double[], double> of)
    {
        const double h = 1e-3;
        return [.. Logits.Select((_, j) => (8 * (At(j, h) - At(j, -h)) - At(j, 2 * h) + At(j, -2 * h)) / (12 * h))];

        double At(int index, double step) => of(Softmax([.. Logits.Select((logit, i) => i == index ? logit + step : logit)]));
    }

    private static TokenRows Logs(double[] probabilities) => new(Array.ConvertAll(probabilities, Math.Log));

    private static double[] Softmax(double[] logits)
    {
        var sum = logits.Sum(Math.Exp);
        return [.. logits.Select(logit => Math.Exp(logit) / sum)];
    }
}
