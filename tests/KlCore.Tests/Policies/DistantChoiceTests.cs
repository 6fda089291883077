using System.Text.Json;
using KlCore.Divergences;
using KlCore.Policies;

namespace KlCore.Tests.Policies;

/// <summary>Choices whose probabilities lie further apart than a double reaches, against Reference/policies.py.</summary>
public class DistantChoiceTests
{
    [Fact]
    public void BestOfN_EveryGoldenCase_AgreesWithManyDigits()
    {
        foreach (var (golden, reference, input, rewards) in Golden())
        {
            foreach (var expected in golden.GetProperty("bestOf").EnumerateArray())
            {
                var found = new BestOfN { N = expected.GetProperty("n").GetInt32(), Reference = reference, Input = input, Rewards = rewards }.Evaluate().Exact!;
                Agrees(expected, found.Kl, found.Policy, golden);
            }
        }
    }

    [Fact]
    public void Budget_EveryGoldenCase_AgreesWithManyDigits()
    {
        foreach (var (golden, reference, input, rewards) in Golden())
        {
            foreach (var expected in golden.GetProperty("tilted").EnumerateArray())
            {
                var found = new PenaltyBudget { Beta = expected.GetProperty("beta").GetDouble(), Reference = reference, Input = input, Rewards = rewards }.Solve();
                Agrees(expected, found.Kl, found.Policy, golden);
                Near(golden.GetProperty("largestKl").GetDouble(), found.LargestKl, "largestKl", golden);
            }
        }
    }

    /// <summary>The probability of the best is e^-740, which has but two digits as a double.</summary>
    [Fact]
    public void Solve_ForABudgetAmongSubnormalProbabilities_SpendsIt()
    {
        var budget = new PenaltyBudget { Reference = [0, -740], Input = InputKind.Logits, Rewards = [0, 1], TargetKl = 690, Frontier = 5 };
        var answer = budget.Solve();
        Assert.Equal(690, answer.Kl, 1e-8);
        Assert.Equal(1, answer.Policy.Sum(), 1e-12);
        Assert.All(answer.Frontier!.Select((point, i) => (point, i)), entry => Assert.Equal(740.0 * entry.i / 4, entry.point.Kl, 1e-8));
        var greedy = (budget with { TargetKl = null, Beta = 0, Reference = [0, -800] }).Solve();
        Assert.Equal((800.0, 800.0), (greedy.Kl, greedy.LargestKl));
        Assert.Equal([0, 1], greedy.Policy);
    }

    /// <summary>Whatever the numbers: an answer whose parts hold together, or one of the refusals that are told of.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Evaluate_AnyNumbers_IsADistributionWithinItsBounds(int seed)
    {
        var random = new Random(seed);
        double[] sizes = [0, 5e-324, 1e-310, 1e-300, 1e-17, 1, 37, 745, 1e5, 1e17, 1e150, 1e300, 1e308];
        double Size() => sizes[random.Next(sizes.Length)] * (random.Next(3) == 0 ? 1 : random.NextDouble());
        for (var run = 0; run < 3000; run++)
        {
            var count = random.Next(1, 6);
            var input = random.Next(2) == 0 ? InputKind.Logits : InputKind.Weights;
            double[] reference = [.. Enumerable.Range(0, count).Select(_ => input == InputKind.Logits && random.Next(2) == 0 ? -Size() : Size())];
            double[] rewards = [.. Enumerable.Range(0, count).Select(_ => Math.Clamp(Size(), 0, 1e150) * (random.Next(2) == 0 ? -1 : 1))];
            var budget = new PenaltyBudget { Reference = reference, Input = input, Rewards = rewards, Frontier = random.Next(4) == 0 ? 3 : null };
            budget = random.Next(2) == 0 ? budget with { Beta = Size() } : budget with { TargetKl = Size() };
            var told = $"{budget} [{string.Join(',', reference)}] [{string.Join(',', rewards)}]";
            if (Allowed(() => budget.Solve()) is { } answer)
            {
                Holds(answer.Kl, answer.LargestKl, answer.Policy, told);
                foreach (var point in answer.Frontier ?? []) Assert.True(point.Kl >= 0 && point.Kl <= answer.LargestKl && !double.IsNaN(point.ExpectedReward) && point.Beta >= 0, told);
                if (answer.Identity is { } identity) Assert.True(double.IsFinite(identity.Residual), told);
            }

            var best = Allowed(() => new BestOfN { N = random.Next(5) == 0 ? 1_000_000_000 : random.Next(1, 50), Reference = reference, Input = input, Rewards = rewards }.Evaluate());
            if (best is not null) Holds(best.Exact!.Kl, best.Bound * (1 + 1e-12), best.Exact.Policy, told);
        }
    }

    private static T? Allowed<T>(Func<T> of)
        where T : class
    {
        try
        {
            return of();
        }
        catch (Exception declared) when (declared is InvalidInputException or NotComputableException)
        {
            return null;
        }
    }

    private static void Holds(double kl, double largest, IReadOnlyList<double> policy, string told)
    {
        Assert.True(kl >= 0 && kl <= largest, $"{kl:R} of {largest:R}: {told}");
        Assert.True(policy.All(probability => probability is >= 0 and <= 1.0000000001), told);
        Assert.True(Math.Abs(policy.Sum() - 1) < 1e-10, $"{policy.Sum():R}: {told}");
    }

    private static void Agrees(JsonElement expected, double kl, IReadOnlyList<double> policy, JsonElement golden)
    {
        Near(expected.GetProperty("kl").GetDouble(), kl, $"kl of {expected}", golden);
        var index = 0;
        foreach (var probability in expected.GetProperty("policy").EnumerateArray()) Near(probability.GetDouble(), policy[index++], $"policy of {expected}", golden);
    }

    private static void Near(double expected, double found, string what, JsonElement golden) =>
        Assert.True(Math.Abs(found - expected) <= (1e-10 * Math.Abs(expected)) + 1e-290, $"{found:R} is not {expected:R}: {what} {golden}");

    private static IEnumerable<(JsonElement Golden, double[] Reference, InputKind Input, double[] Rewards)> Golden()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "policies.json")));
        foreach (var golden in document.RootElement.Clone().EnumerateArray())
        {
            double[] Numbers(string name) => [.. golden.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
            yield return (golden, Numbers("reference"), golden.GetProperty("input").GetString() == "logits" ? InputKind.Logits : InputKind.Weights, Numbers("rewards"));
        }
    }
}
