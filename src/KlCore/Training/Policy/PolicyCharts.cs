using System.Globalization;
using KlCore.Charts;

namespace KlCore.Training.Policy;

/// <summary>The pictures of a policy.</summary>
internal static class PolicyCharts
{
    private const int MostStates = 30;

    /// <summary>The reward over the steps, beside that of the best policy.</summary>
    public static Chart? Reward(IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result)
    {
        if (Of(history, "reward", "policy") is not { } reward) return null;
        var series = new List<Series> { reward };
        if (Read(result) is { } found)
        {
            double[] ends = [reward.X[0], reward.X[^1]];
            series.Add(new Series("best under a reverse penalty", SeriesKind.Dashed, ends, [found.Optimum.Reward, found.Optimum.Reward]));
        }

        return new Chart("Reward", new Axis("step"), new Axis("expected reward"), series) { Description = $"The expected reward went from {reward.Y[0]:G4} to {reward.Y[^1]:G4}." };
    }

    /// <summary>Both KLs over the steps.</summary>
    public static Chart? Divergences(IReadOnlyDictionary<string, MetricHistory> history)
    {
        if (Of(history, "reverse", "KL(pi‖ref)") is not { } reverse || Of(history, "forward", "KL(ref‖pi)") is not { } forward) return null;
        return new Chart("KL to the reference", new Axis("step"), new Axis("nats"), [reverse, forward])
        {
            Description = $"KL(pi‖ref) went to {reverse.Y[^1]:G4} nats, KL(ref‖pi) to {forward.Y[^1]:G4}.",
        };
    }

    /// <summary>Reward against KL: what was trained, beside the best that there is.</summary>
    public static Chart? Frontier(ReadOnlyMemory<byte>? result)
    {
        if (Read(result) is not { } found) return null;
        return new Chart("Reward and KL", new Axis("KL(pi‖ref), nats"), new Axis("expected reward"),
        [
            new Series("pi_ref exp(r/beta)/Z", SeriesKind.Line, found.Curve.Kl, found.Curve.Reward),
            new Series("trained", SeriesKind.Points, [found.Reverse, .. found.Frontier.Select(point => point.Trained.Reverse)], [found.Reward, .. found.Frontier.Select(point => point.Trained.Reward)]),
        ])
        {
            Description = found.Advice,
        };
    }

    /// <summary>Of a bandit the probability of each arm; of sequences a row for each state.</summary>
    public static Chart? Policy(ReadOnlyMemory<byte>? result)
    {
        if (Read(result) is not { } found) return null;
        if (found.States is { } states) return Table([.. states.OrderByDescending(state => state.Visited).Take(MostStates).OrderBy(state => state.Position).ThenBy(state => state.Previous)]);
        double[] arms = [.. Enumerable.Range(0, found.Reference.Count).Select(arm => (double)arm)];
        return new Chart("Policy", new Axis("arm") { Categories = [.. arms.Select(arm => $"{arm}")] }, new Axis("probability"),
        [
            new Series("policy", SeriesKind.Points, arms, found.Policy!),
            new Series("pi_ref exp(r/beta)/Z", SeriesKind.Line, arms, found.Optimum.Policy!),
            new Series("reference", SeriesKind.Dashed, arms, found.Reference),
        ])
        {
            Description = $"The policy is at most {found.Optimum.LargestDeviation:G2} off the best one under a reverse penalty.",
        };
    }

    private static Chart Table(PolicyState[] states) => new("Policy", new Axis("token"), new Axis("position: previous token"), [])
    {
        Description = "The probability of each token in the states that are met most often.",
        Cells = new HeatMap([.. states.Select(state => state.Policy)])
        {
            RowNames = [.. states.Select(state => state.Previous is { } previous ? $"{state.Position}: {previous}" : $"{state.Position}")],
            ColumnNames = [.. Enumerable.Range(0, states[0].Policy.Count).Select(token => $"{token}")],
            Texts = [.. states.Select(state => (IReadOnlyList<string>)[.. state.Policy.Select(probability => probability.ToString("F2", CultureInfo.InvariantCulture))])],
            Minimum = 0,
            Maximum = 1,
        },
    };

    private static Series? Of(IReadOnlyDictionary<string, MetricHistory> history, string metric, string name) =>
        history.TryGetValue(metric, out var values) && values.Values.Count > 0 ? new Series(name, SeriesKind.Line, [.. values.Steps.Select(step => (double)step)], values.Values) : null;

    private static PolicyResult? Read(ReadOnlyMemory<byte>? result) => result is { } json ? ReportJson.Read<PolicyResult>(json) : null;
}
