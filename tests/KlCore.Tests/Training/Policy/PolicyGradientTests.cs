using System.Text.Json;
using KlCore.Numerics;
using KlCore.Policies;
using KlCore.Training.Policy;
using Fits = KlCore.Tests.Training.DensityFit.Fits;

namespace KlCore.Tests.Training.Policy;

/// <summary>Gradients against central differences of what they are gradients of, and against each other; sums over states against sums over all sequences.</summary>
public class PolicyGradientTests
{
    private const double Beta = 0.7;

    [Theory]
    [InlineData(PolicyJobs.Bandit, PenaltyDirection.Reverse)]
    [InlineData(PolicyJobs.Bandit, PenaltyDirection.Forward)]
    [InlineData(PolicyJobs.Sequence, PenaltyDirection.Reverse)]
    [InlineData(PolicyJobs.Sequence, PenaltyDirection.Forward)]
    public void Exact_WithoutAnEstimator_IsThatOfRewardAndKl(string environment, PenaltyDirection direction)
    {
        var (table, parameters) = Random(environment);
        var gradient = new double[parameters.Length];
        new PolicyGradient(table, new PolicyPenalty { Direction = direction }).Exact(Beta, gradient);
        for (var i = 0; i < parameters.Length; i++) Assert.Equal((Loss(i, 1e-5) - Loss(i, -1e-5)) / 2e-5, gradient[i], 1e-8);

        double Loss(int i, double change)
        {
            var moved = new PolicyTable(table.Process);
            moved.Set([.. parameters.Select((value, j) => j == i ? value + change : value)]);
            var measures = moved.Measure();
            return Beta * (direction == PenaltyDirection.Reverse ? measures.Reverse : measures.Forward) - measures.Reward;
        }
    }

    // What is drawn has the expectation of what goes through all sequences, whatever the estimator and wherever it stands.
    [Theory]
    [InlineData(PolicyJobs.Bandit, PolicyEstimator.K1, PenaltyPlace.Reward)]
    [InlineData(PolicyJobs.Sequence, PolicyEstimator.K1, PenaltyPlace.Reward)]
    [InlineData(PolicyJobs.Sequence, PolicyEstimator.K1, PenaltyPlace.Loss)]
    [InlineData(PolicyJobs.Sequence, PolicyEstimator.K2, PenaltyPlace.Reward)]
    [InlineData(PolicyJobs.Sequence, PolicyEstimator.K2, PenaltyPlace.Loss)]
    [InlineData(PolicyJobs.Sequence, PolicyEstimator.K3, PenaltyPlace.Reward)]
    [InlineData(PolicyJobs.Sequence, PolicyEstimator.K3, PenaltyPlace.Loss)]
    [InlineData(PolicyJobs.Sequence, PolicyEstimator.K3Plus, PenaltyPlace.Loss)]
    public void Sampled_InTheMean_IsTheExactOne(string environment, PolicyEstimator estimator, PenaltyPlace place)
    {
        const int batches = 4000;
        var (table, parameters) = Random(environment);
        var gradient = new PolicyGradient(table, new PolicyPenalty { Estimator = estimator, In = place });
        double[] exact = new double[parameters.Length], one = new double[parameters.Length], sum = new double[parameters.Length], squares = new double[parameters.Length];
        gradient.Exact(Beta, exact);
        for (var batch = 0; batch < batches; batch++)
        {
            gradient.Sampled(new RandomStream(1, batch, "sequences"), 5, Beta, one);
            for (var i = 0; i < one.Length; i++) (sum[i], squares[i]) = (sum[i] + one[i], squares[i] + one[i] * one[i]);
        }

        for (var i = 0; i < one.Length; i++)
        {
            var mean = sum[i] / batches;
            // Some thirty elements: beyond 4.5 standard errors is one time in five thousand.
            Assert.Equal(exact[i], mean, 1e-9 + 4.5 * Math.Sqrt((squares[i] / batches - mean * mean) / batches));
        }
    }

    // In the loss of a bandit k2 has the gradient of the reverse KL, k3 that of the forward KL, and k1 none.
    [Fact]
    public void Exact_OfEstimatorsInTheLoss_IsThatOfWhatTheyOptimise()
    {
        var (table, parameters) = Random(PolicyJobs.Bandit);
        Assert.Equal(Of(new() { Direction = PenaltyDirection.Reverse }, Beta), Of(new() { Estimator = PolicyEstimator.K2 }, Beta), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(Of(new() { Direction = PenaltyDirection.Forward }, Beta), Of(new() { Estimator = PolicyEstimator.K3 }, Beta), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(Of(new(), 0), Of(new() { Estimator = PolicyEstimator.K1, In = PenaltyPlace.Loss }, Beta), (a, b) => Math.Abs(a - b) < 1e-12);

        double[] Of(PolicyPenalty penalty, double beta)
        {
            var gradient = new double[parameters.Length];
            new PolicyGradient(table, penalty).Exact(beta, gradient);
            return gradient;
        }
    }

    [Fact]
    public void Measure_AgreesWithAllSequences()
    {
        var (table, _) = Random(PolicyJobs.Sequence);
        var (reward, reverse, forward, total) = (0.0, 0.0, 0.0, 0.0);
        foreach (var (sequence, gain, reference) in Sequences())
        {
            var log = Log(table, sequence);
            total += Math.Exp(log);
            reward += Math.Exp(log) * gain;
            reverse += Math.Exp(log) * (log - reference);
            forward += Math.Exp(reference) * (reference - log);
        }

        var measures = table.Measure();
        Assert.Equal(1, total, 1e-12);
        Assert.Equal(reward, measures.Reward, 1e-12);
        Assert.Equal(reverse, measures.Reverse, 1e-12);
        Assert.Equal(forward, measures.Forward, 1e-12);
    }

    [Fact]
    public void ReverseOptimum_OfSequences_IsTheTiltedReference()
    {
        var table = new PolicyTable(Read(PolicyJobs.Sequence).Process());
        table.Set(PolicyOptimum.Reverse(table.Process, Beta));
        var sequences = Sequences().ToList();
        var partition = sequences.Sum(one => Math.Exp(one.LogReference + one.Reward / Beta));
        foreach (var (sequence, reward, reference) in sequences) Assert.Equal(Math.Exp(reference + reward / Beta) / partition, Math.Exp(Log(table, sequence)), 1e-12);
    }

    private static PolicyEnvironment Read(string environment) => JsonSerializer.Deserialize<PolicyEnvironment>(environment, Fits.Json)!;

    private static double Log(PolicyTable table, int[] sequence) =>
        sequence.Select((token, position) => table.Logs[table.Process.State(position, position == 0 ? -1 : sequence[position - 1]) * 3 + token]).Sum();

    // The 81 sequences of PolicyJobs.Sequence.
    private static IEnumerable<(int[] Tokens, double Reward, double LogReference)> Sequences()
    {
        double[] rewards = [0.2, 0, -0.1], reference = [0.5, 0.3, 0.2];
        for (var number = 0; number < 81; number++)
        {
            int[] tokens = [number / 27, number / 9 % 3, number / 3 % 3, number % 3];
            var patterns = Enumerable.Range(1, 3).Count(i => tokens[i - 1] == 1 && tokens[i] == 2);
            yield return (tokens, tokens.Sum(token => rewards[token]) + patterns, tokens.Sum(token => Math.Log(reference[token])));
        }
    }

    private static (PolicyTable Table, double[] Parameters) Random(string environment)
    {
        var (table, random) = (new PolicyTable(Read(environment).Process()), new RandomStream(5, 0, "parameters"));
        double[] parameters = [.. table.Logs.Select(_ => random.NextNormal())];
        table.Set(parameters);
        return (table, parameters);
    }
}
