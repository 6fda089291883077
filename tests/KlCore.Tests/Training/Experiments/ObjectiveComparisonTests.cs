using KlCore.Tests.Training.DensityFit;
using KlCore.Training.ObjectiveComparison;

namespace KlCore.Tests.Training.Experiments;

public class ObjectiveComparisonTests
{
    private static string Toy(string objectives, string more = "\"seeds\": 6") =>
        $$"""{ "kind": "comparison", "specification": { "kind": "toy", "rate": 0.05 }, "objectives": {{objectives}}, {{more}} }""";

    private static ToySpecification Line(string objective, long seed) => new() { Rate = 0.05, Objective = objective, Seed = seed };

    [Fact]
    public void Table_HasMeanErrorAndExtremesOverTheSeeds()
    {
        var result = Experiment.Run<ObjectiveComparisonResult>(Toy("""["good", "poor"]""", "\"seeds\": [4, 9, 2]"));
        double[] errors = [Line("poor", 4).Error(), Line("poor", 9).Error(), Line("poor", 2).Error()];
        var mean = errors.Average();
        var row = result.Table[1];
        Assert.Equal(("poor", 3, 0), (row.Label, row.Succeeded, row.Failed));
        Assert.Equal(mean, row.Scores["error"].Mean, 1e-12);
        Assert.Equal(Math.Sqrt(errors.Sum(error => Math.Pow(error - mean, 2)) / 2 / 3), row.Scores["error"].StandardError!.Value, 1e-12);
        Assert.Equal((errors.Min(), errors.Max(), 3), (row.Scores["error"].Minimum, row.Scores["error"].Maximum, row.Scores["error"].Count));
        Assert.Equal(3, row.Traits["mood"]["poor"]);
        Assert.Equal([("good", 4L), ("poor", 4L), ("good", 9L), ("poor", 9L), ("good", 2L), ("poor", 2L)], result.Runs.Select(run => (run.Objective, run.Seed)));
        Assert.Equal(errors[1], result.Runs[3].Scores["error"]);
    }

    [Fact]
    public void Difference_IsPairedBySeed()
    {
        // The noise is the seed's and the same under both: paired, the difference is exactly 1 and the spread nothing.
        var result = Experiment.Run<ObjectiveComparisonResult>(Toy("""["good", "poor"]"""));
        var pair = result.Differences.Single(pair => pair.Score == "error");
        Assert.Equal(("good", "poor", 6), (pair.First, pair.Second, pair.Pairs));
        Assert.Equal(1, pair.Difference!.Value, 1e-12);
        Assert.Equal(0, pair.StandardError!.Value, 1e-12);
        Assert.True(pair.Distinguishable);
        Assert.Equal("good", result.Recommendation.Label);
        Assert.Equal("error", result.Recommendation.Score);
        Assert.Equal("good", result.Recommendation.Objective!.Value.GetString());
        Assert.EndsWith("Use good.", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Difference_HasThePValueOfThePairedTTest()
    {
        // scipy.stats.ttest_rel([1.1, 2.3, 2.9, 4.4], [1.0, 2.0, 3.0, 4.0]).pvalue
        var pair = ScoreDifference.Of("s", "a", "b", [(1.0, 1.1), (2.0, 2.3), (3.0, 2.9), (4.0, 4.4)]);
        Assert.Equal(0.175, pair.Difference!.Value, 1e-12);
        Assert.Equal(0.21257296315231952, pair.PValue!.Value, 1e-9);
    }

    [Fact]
    public void Difference_OfWhatIsTheSameUpToNoise_IsNotToldApart()
    {
        var pair = ScoreDifference.Of("s", "a", "b", [(1.0, 1.0 + 1e-8), (2.0, 2.0 + 1.00001e-8), (3.0, 3.0 + 1e-8)]).Adjusted(1e-9);
        Assert.False(pair.Distinguishable);
        Assert.True(ScoreDifference.Of("s", "a", "b", [(1.0, 1.1), (2.0, 2.10001), (3.0, 3.1)]).Adjusted(1e-9).Distinguishable);
    }

    [Theory]
    [InlineData("\"seeds\": 6")]
    [InlineData("\"seeds\": 1")]
    public void Objectives_ThatGiveTheSame_AreNotToldApart(string seeds)
    {
        var result = Experiment.Run<ObjectiveComparisonResult>(Toy("""["good", "fair"]""", seeds + ", \"score\": \"error\""));
        Assert.Null(result.Recommendation.Objective);
        Assert.Contains("cannot be told apart", result.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("Use ", result.Advice, StringComparison.Ordinal);
        if (result.Runs.Count == 2) Assert.Contains(result.Warnings, warning => warning.StartsWith("one-seed:", StringComparison.Ordinal));
    }

    [Fact]
    public void OneSeed_OfDifferentScores_HasNoPValueAndNoRecommendation()
    {
        var result = Experiment.Run<ObjectiveComparisonResult>(Toy("""["good", "poor"]""", "\"seeds\": [3]"));
        Assert.Null(result.Table[0].Scores["error"].StandardError);
        Assert.All(result.Differences, pair => Assert.Null(pair.PValue));
        Assert.Null(result.Recommendation.Label);
    }

    [Theory]
    [InlineData("diverging", "diverged", 4)]
    [InlineData("nan", "diverged", 1)]
    [InlineData("unstartable", "invalid-input", 0)]
    public void RunThatFails_IsALineWithItsReason(string objective, string code, int steps)
    {
        foreach (var objectives in new[] { $"[\"good\", \"{objective}\"]", $"[\"{objective}\", \"good\"]" })
        {
            var result = Experiment.Run<ObjectiveComparisonResult>(Toy(objectives, "\"seeds\": 2"));
            var row = result.Table.Single(row => row.Label == objective);
            Assert.Equal((0, 2), (row.Succeeded, row.Failed));
            var run = result.Runs.First(run => run.Objective == objective);
            Assert.Equal((code, (long)steps), (run.Failure!.Code, run.Steps));
            Assert.Equal(2, result.Table.Single(row => row.Label == "good").Succeeded);
            Assert.Contains(result.Warnings, warning => warning.StartsWith("failed-runs:", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void AllRunsFail_TheComparisonFails()
    {
        var run = Experiment.Start(Toy("""["diverging", "nan"]""", "\"seeds\": 2"));
        while (!run.IsComplete) run.Step();
        var failure = Assert.Throws<NotComputableException>(run.Finish);
        Assert.Equal("every-run-failed", failure.Code);
        Assert.Contains("4 runs", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void InfiniteScore_IsToldFromAFiniteOne()
    {
        var result = Experiment.Run<ObjectiveComparisonResult>(Toy("""["infinite", "good"]"""));
        Assert.Equal(double.PositiveInfinity, result.Table[0].Scores["error"].Mean);
        Assert.Equal(double.NegativeInfinity, result.Differences.Single(pair => pair.Score == "error").Difference);
        Assert.Equal("good", result.Recommendation.Label);
    }

    [Theory]
    [InlineData("""["good", "early"]""")]
    [InlineData("""["diverging", "good", "nan"]""")]
    [InlineData("""["unstartable", "poor", "infinite"]""")]
    public void Restore_AnywhereEvenBetweenRuns_ContinuesToTheLastBit(string objectives) => Experiment.AssertResumes(Toy(objectives, "\"seeds\": 3"));

    [Fact]
    public void Restore_OfADensityFit_ContinuesToTheLastBit()
    {
        var json = Modes(seeds: "2", steps: 7);
        Experiment.AssertResumes(json);
    }

    [Fact]
    public void Restore_OfSomethingElse_IsRefused()
    {
        using var run = Experiment.Start(Toy("""["good", "poor"]"""));
        var toy = new ToySpecification().Start(ToySpecification.Inputs.Instance);
        Assert.Throws<InvalidInputException>(() => run.Restore(toy.Save()));
    }

    [Fact]
    public void DensityFit_OnTwoModes_ForwardCoversReverseSeeksAndEachIsBestByItsOwn()
    {
        var specification = Experiment.Read(Modes(seeds: "4", steps: 400));
        var run = specification.Start(ToySpecification.Inputs.Instance);
        while (!run.IsComplete) run.Step();
        var outcome = run.Finish();
        var result = (ObjectiveComparisonResult)outcome.Result;
        Assert.Equal(4, result.Table[0].Traits["behaviour"]["covering"]);
        Assert.Equal(4, result.Table[1].Traits["behaviour"]["seeking"]);
        Assert.Equal(["forward-kl", "reverse-kl"], result.Recommendation.Choices.OrderBy(choice => choice.Score).Select(choice => choice.Best));
        Assert.All(result.Recommendation.Choices, choice => Assert.Empty(choice.Ties));
        Assert.Null(result.Recommendation.Objective);
        Assert.Contains("By behaviour, forward-kl is covering in 4 of 4 runs; reverse-kl is seeking in 4 of 4 runs.", result.Advice, StringComparison.Ordinal);
        Assert.Contains("Choose forward-kl when", result.Advice, StringComparison.Ordinal);
        // The moment-matched normal: KL(p||q) of N(0, 10) to the mixture, and the fit of one mode, ln 2 away.
        Assert.Equal(Math.Log(2), result.Table[1].Scores["reverse"].Mean, 0.02);
        Assert.Equal(3, result.Overlay!.Series.Count);
        var stored = outcome.Artifacts.Single().Content;
        foreach (var name in specification.ChartNames()) Assert.NotNull(specification.Draw(name, new Dictionary<string, KlCore.Training.MetricHistory>(), stored));
        Assert.Equal(["forward", "reverse"], specification.Draw("scores", new Dictionary<string, KlCore.Training.MetricHistory>(), stored)!.Series.Select(series => series.Name).Order());
    }

    [Theory]
    [InlineData("""["good"]""", "\"seeds\": 3", "/objectives")]
    [InlineData("""["good", "good"]""", "\"seeds\": 3", "/objectives/1")]
    [InlineData("""["good", 7]""", "\"seeds\": 3", "/objectives/1")]
    [InlineData("""["good", "poor"]""", "\"seeds\": 0", "/seeds")]
    [InlineData("""["good", "poor"]""", "\"seeds\": 9223372036854775807", "/seeds")]
    [InlineData("""["good", "poor"]""", "\"seeds\": []", "/seeds")]
    [InlineData("""["good", "poor"]""", "\"seeds\": [1, 2, 1]", "/seeds/2")]
    [InlineData("""["good", "poor"]""", "\"seeds\": [-1]", "/seeds/0")]
    [InlineData("""["a", "b", "c", "d", "e", "f"]""", "\"seeds\": 100", "/seeds")]
    public void Mistake_IsNamed(string objectives, string more, string pointer) => Assert.Contains(pointer, Experiment.Problems(Toy(objectives, more)));

    [Fact]
    public void MistakeInTheSpecification_IsNamedThere()
    {
        var json = Toy("""["good", "poor"]""").Replace("\"rate\": 0.05", "\"rate\": -1", StringComparison.Ordinal);
        Assert.Equal(["/specification/rate"], Experiment.Problems(json));
    }

    [Fact]
    public void MistakeInAnObjective_IsNamedWithinIt()
    {
        var json = Modes(seeds: "2", steps: 7).Replace("{ \"name\": \"reverse-kl\" }", "{ \"name\": \"renyi\", \"order\": -1 }", StringComparison.Ordinal);
        Assert.Equal(["/objectives/1/order"], Experiment.Problems(json));
    }

    [Fact]
    public void Nested_IsRefused()
    {
        var json = $$"""{ "kind": "comparison", "specification": {{Toy("""["good", "poor"]""")}}, "objectives": ["good", "poor"] }""";
        Assert.Equal(["/specification/kind"], Experiment.Problems(json));
    }

    [Fact]
    public void KindWithoutAnObjective_IsRefused()
    {
        const string json = """{ "kind": "comparison", "specification": { "kind": "comparison-of-logits", "baseline": "a", "candidate": "b" }, "objectives": ["a", "b"] }""";
        Assert.Equal(["/specification/kind"], Experiment.Problems(json));
    }

    [Fact]
    public void Labels_TellObjectivesOfOneNameApart()
    {
        var json = Modes(seeds: "2", steps: 7).Replace("{ \"name\": \"reverse-kl\" }", "{ \"name\": \"renyi\", \"order\": 0.5 }, { \"order\": 2, \"name\": \"renyi\" }", StringComparison.Ordinal);
        Assert.Equal(["forward-kl", "renyi (order 0.5)", "renyi (order 2)"], Experiment.Run<ObjectiveComparisonResult>(json).Table.Select(row => row.Label));
    }

    [Theory]
    [InlineData("accuracy", "forward-kl", true)]
    [InlineData("forward", "forward-kl", false)]
    [InlineData("reverse", "skew-forward (lambda 0.1)", false)]
    [InlineData("jensenShannon", "distilled (loss reverse-kl)", false)]
    [InlineData("forward", "total-variation", true)]
    public void Divergence_IsNoFairJudgeOfThoseWhoMakeOneSmall(string score, string label, bool isFair) => Assert.Equal(isFair, DirectionAdvice.IsFair(score, ["mean-squared-error", label]));

    [Theory]
    [InlineData("""[{ "name": "a" }, { "name": "b", "x": 1 }]""", new[] { "a", "b (x 1)" })]
    [InlineData("""["a", "b"]""", new[] { "a", "b" })]
    [InlineData("""[{ "direction": "forward", "beta": 0.1 }, { "direction": "reverse", "beta": 0.1 }]""", new[] { "direction forward", "direction reverse" })]
    [InlineData("""[{ "name": "d", "teacher": "t", "loss": { "name": "x" } }, { "name": "d", "teacher": "t", "loss": { "name": "y" } }, { "name": "m" }]""", new[] { "d (loss x)", "d (loss y)", "m" })]
    [InlineData("""[{ "name": "a", "x": 1 }, { "name": "b", "x": 1 }, { "name": "a" }]""", new[] { "a (x 1)", "b (x 1)", "a" })]
    [InlineData("""[{}, { "beta": 0.1 }]""", new[] { "{}", "beta 0.1" })]
    [InlineData("""[{ "name": "d", "teacher": "t", "loss": { "name": "forward-kl" } }, { "name": "d", "teacher": "t", "loss": { "name": "skew-reverse", "lambda": 0.1 } }]""", new[] { "d (loss forward-kl)", "d (loss skew-reverse (lambda 0.1))" })]
    [InlineData("""[{ "name": "d", "teacher": "t" }, { "name": "d", "teacher": "u" }]""", new[] { "d (teacher t)", "d (teacher u)" })]
    public void Labels_NameWhatDiffers(string objectives, string[] labels) =>
        Assert.Equal(labels, ObjectiveLabel.Of([.. System.Text.Json.JsonElement.Parse(objectives).EnumerateArray()]));

    [Fact]
    public void TooMuchWork_IsRefusedWithTheEstimate()
    {
        var json = Modes(seeds: "100", steps: 1_000_000).Replace("\"means\": [-3, 3], \"standardDeviations\": [1, 1]", "\"means\": [[-3, 0], [3, 0]], \"covariances\": [[[1, 0], [0, 1]], [[1, 0], [0, 1]]]", StringComparison.Ordinal)
            .Replace("\"normal\"", "\"gaussian-mixture\", \"components\": 10", StringComparison.Ordinal).Replace("\"steps\":", "\"batchSize\": 5000, \"steps\":", StringComparison.Ordinal);
        var failure = Assert.Throws<InvalidInputException>(() => Experiment.Read(json));
        Assert.StartsWith("/seeds: must make fewer runs, or shorter ones: 200 of them take an estimated", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_AreBoundedInNumberAndNamedByObjective()
    {
        using var run = Experiment.Start(Toy("""["good", "poor"]""", "\"seeds\": 50"));
        var names = new HashSet<string>();
        while (!run.IsComplete) names.UnionWith(run.Step().Select(metric => metric.Key));
        Assert.Equal(["loss", "loss/good", "loss/poor", "run"], names.Order(StringComparer.Ordinal));
    }

    private static string Modes(string seeds, int steps) => $$"""
        { "kind": "comparison", "specification": { "kind": "density-fit", "target": {{Fits.TwoModes}}, "model": { "family": "normal" }, "steps": {{steps}} },
          "objectives": [{ "name": "forward-kl" }, { "name": "reverse-kl" }], "seeds": {{seeds}} }
        """;
}
