using System.Text.Json;
using KlCore.Logprobs;
using KlCore.Tests.Divergences;

namespace KlCore.Tests.Logprobs;

/// <summary>Bounds against a general optimiser that knows nothing of their structure (Reference/logprobs.py).</summary>
public sealed class LogprobsGoldenTests
{
    private static readonly IReadOnlyList<GoldenBounds> Cases = JsonSerializer.Deserialize<IReadOnlyList<GoldenBounds>>(Golden.Read("logprobs.json"), Golden.Options)!;

    [Fact]
    public void Lower_OfEveryCase_IsTheOptimisersMinimum()
    {
        Assert.True(Cases.Count >= 20);
        foreach (var (golden, name, bracket) in All())
        {
            var tolerance = name == "hellinger" ? 1e-6 : 1e-8;
            Assert.True(Math.Abs(bracket.Lower - golden.Lower[name]) < tolerance, $"{name}: {bracket.Lower:R}, minimum {golden.Lower[name]:R}, vocabulary {golden.Vocabulary}");
        }
    }

    [Fact]
    public void Upper_OfEveryCase_IsNotBelowTheLargestVertex()
    {
        foreach (var (golden, name, bracket) in All())
            Assert.True(bracket.Upper >= golden.Upper[name] - 1e-12, $"{name}: {bracket.Upper:R}, largest {golden.Upper[name]:R}");
    }

    [Fact]
    public void Upper_OfEveryCase_IsNearTheLargestVertex()
    {
        foreach (var (golden, name, bracket) in All())
            if (double.IsFinite(golden.Upper[name]))
                // The price of duality: a vertex has one mass between its bounds, a mixture of vertices has more. It vanishes in large vocabularies.
                Assert.True(bracket.Upper <= 1.5 * golden.Upper[name] + 0.01, $"{name}: {bracket.Upper:R}, largest {golden.Upper[name]:R}");
    }

    private static IEnumerable<(GoldenBounds Golden, string Name, Bracket Bracket)> All()
    {
        foreach (var golden in Cases)
        {
            var bounds = PositionBounds.Of(List(golden.P), List(golden.Q), new BoundOptions { Vocabulary = golden.Vocabulary, Floor = golden.Floor });
            foreach (var (name, _, bracket) in bounds.Beside([1], [1])) yield return (golden, name, bracket);
        }
    }

    private static KnownTokens List(double[][] entries) => Lists.OfLogs([.. entries.Select(entry => ((int)entry[0], entry[1]))]);
}

internal sealed record GoldenBounds(
    int Vocabulary, double? Floor, double[][] P, double[][] Q, Dictionary<string, double> Lower, Dictionary<string, double> Upper, Dictionary<string, double> Value);
