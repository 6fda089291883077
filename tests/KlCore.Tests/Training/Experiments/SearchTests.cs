using System.Text.Json;
using KlCore.Numerics;
using KlCore.Tests.Training.DensityFit;
using KlCore.Training;
using KlCore.Training.HyperParameterSearch;

namespace KlCore.Tests.Training.Experiments;

public class SearchTests
{
    private static string Toy(string space, string more = "\"method\": \"random\"") =>
        $$"""{ "kind": "search", "specification": { "kind": "toy", "rate": 1, "seed": 3 }, "space": {{space}}, {{more}} }""";

    [Fact]
    public void Grid_TriesEveryCombination()
    {
        var result = Experiment.Run<SearchResult>(Toy("""{ "/rate": { "values": [1, 0.1, 0.01] }, "/units": { "values": [4, 8] } }""", "\"method\": \"grid\""));
        Assert.Equal(
            [(1.0, 4), (1.0, 8), (0.1, 4), (0.1, 8), (0.01, 4), (0.01, 8)],
            result.Trials.OrderBy(trial => trial.Number).Select(trial => (trial.Values["/rate"].GetDouble(), trial.Values["/units"].GetInt32())));
        // The error is that of the rate alone: the winner is the first with the best one.
        Assert.Equal(5, result.Best.Trial);
        Assert.Equal(new ToySpecification { Rate = 0.01, Seed = 3 }.Error(), result.Best.Score, 1e-15);
        Assert.Equal([5, 6, 3, 4, 1, 2], result.Trials.Select(trial => trial.Number));
    }

    [Fact]
    public void Grid_OverWhatAMemberThatWasNotWrittenIs_KeepsNothingOfItsDefault()
    {
        var result = Experiment.Run<SearchResult>(
            """
            { "kind": "search", "method": "grid", "space": { "/optimizer/learningRate": { "values": [0.05, 0.1] }, "/optimizer/name": { "values": ["sgd", "adam"] } },
              "specification": { "kind": "density-fit", "steps": 3, "target": { "family": "normal", "mean": 1, "standardDeviation": 2 }, "model": { "family": "normal" } } }
            """);
        Assert.Equal(4, result.Trials.Count(trial => trial.Score is not null));
    }

    [Theory]
    [InlineData("""{ "logUniform": [1e-4, 1], "points": 5 }""", new[] { 1e-4, 1e-3, 1e-2, 1e-1, 1 })]
    [InlineData("""{ "uniform": [1, 2], "points": 3 }""", new[] { 1, 1.5, 2 })]
    [InlineData("""{ "integer": [1, 3], "points": 50 }""", new[] { 1.0, 2, 3 })]
    [InlineData("""{ "logInteger": [1, 64], "points": 4 }""", new[] { 1.0, 4, 16, 64 })]
    public void Grid_OfAnInterval_HasBothEndsAndIsEven(string range, double[] expected)
    {
        var result = Experiment.Run<SearchResult>(Toy($$"""{ "/rate": {{range}} }""", "\"method\": \"grid\""));
        Assert.Equal(expected, result.Trials.OrderBy(trial => trial.Number).Select(trial => trial.Values["/rate"].GetDouble()));
    }

    [Theory]
    [InlineData("""{ "uniform": [2, 6] }""", 2, 6, 4)]
    [InlineData("""{ "logUniform": [0.01, 1] }""", 0.01, 1, 0.1)]
    [InlineData("""{ "integer": [1, 10] }""", 1, 10, 5.5)]
    [InlineData("""{ "logInteger": [1, 100] }""", 1, 100, 10)]
    public void Draw_FillsTheIntervalEvenly(string range, double low, double high, double median)
    {
        var read = JsonSerializer.Deserialize<SearchRange>(range, Fits.Json)!;
        double[] drawn = [.. Enumerable.Range(0, 4000).Select(i => read.Draw(new RandomStream(1, i, "test")).Value.GetDouble())];
        Assert.All(drawn, value => Assert.InRange(value, low, high));
        Assert.InRange(drawn.Min(), low, low + 0.01 * (high - low));
        Assert.InRange(drawn.Max(), high - 0.01 * (high - low), high);
        // Half of the draws are below the median and half above, up to four standard deviations; one on a whole number is half of each.
        var below = drawn.Sum(value => value < median ? 1 : value > median ? 0 : 0.5);
        Assert.InRange(below, 2000 - 4 * 32, 2000 + 4 * 32);
    }

    [Fact]
    public void Draw_OfWholeNumbers_GivesEachItsShare()
    {
        var read = JsonSerializer.Deserialize<SearchRange>("""{ "integer": [1, 4] }""", Fits.Json)!;
        var counts = Enumerable.Range(0, 4000).GroupBy(i => read.Draw(new RandomStream(1, i, "test")).Value.GetInt32()).ToDictionary(group => group.Key, group => group.Count());
        // Binomial: 1000 with a deviation of 27.
        Assert.All([1, 2, 3, 4], value => Assert.InRange(counts[value], 1000 - 110, 1000 + 110));
    }

    [Fact]
    public void Random_IsTheSameForTheSameSeedAndOtherForAnother()
    {
        var json = Toy("""{ "/rate": { "logUniform": [1e-4, 1] } }""", "\"trials\": 12");
        var result = Experiment.Run<SearchResult>(json);
        Assert.Equal(12, result.Trials.Select(trial => trial.Values["/rate"].GetRawText()).Distinct().Count());
        Assert.Equal(JsonSerializer.Serialize(result, Fits.Json), JsonSerializer.Serialize(Experiment.Run<SearchResult>(json), Fits.Json));
        var other = Experiment.Run<SearchResult>(json.Replace("\"kind\": \"search\"", "\"kind\": \"search\", \"seed\": 2", StringComparison.Ordinal));
        Assert.Empty(result.Trials.Select(trial => trial.Values["/rate"].GetRawText()).Intersect(other.Trials.Select(trial => trial.Values["/rate"].GetRawText())));
    }

    [Fact]
    public void Random_OverAFewValues_TriesEachOnceAndSaysThatThereAreNoMore()
    {
        var result = Experiment.Run<SearchResult>(Toy("""{ "/units": { "values": [1, 2, 3] }, "/objective": { "values": ["good", "poor"] } }""", "\"trials\": 50"));
        Assert.Equal(6, result.Trials.Count);
        Assert.Equal("good", result.Best.Values["/objective"].GetString());
        Assert.Contains(result.Warnings, warning => warning.StartsWith("small-space:", StringComparison.Ordinal));
    }

    [Fact]
    public void Best_IsTheSpecificationThatGivesItsScoreAgain()
    {
        var result = Experiment.Run<SearchResult>(Toy("""{ "/rate": { "logUniform": [1e-4, 1] }, "/steps": { "integer": [5, 40] } }""", "\"trials\": 15"));
        var toy = (ToySpecification)ToySpecification.Inputs.Instance.Read(System.Text.Encoding.UTF8.GetBytes(result.Best.Specification.GetRawText()));
        Assert.Equal(result.Best.Score, toy.Error());
        Assert.Equal(result.Trials.Min(trial => trial.Score), result.Best.Score);
        Assert.Equal(toy.Steps, result.Trials[0].Steps);
        Assert.Equal(3, toy.Seed);
    }

    [Fact]
    public void Score_ThatIsBetterWhenLarger_IsMadeLarge()
    {
        var result = Experiment.Run<SearchResult>(Toy("""{ "/steps": { "values": [3, 30, 10] } }""", "\"method\": \"grid\", \"score\": \"sum\""));
        Assert.Equal(30, result.Best.Values["/steps"].GetInt32());
        Assert.True(result.LargerIsBetter);
    }

    [Fact]
    public void SuccessiveHalving_RunsAThirdOnThreeTimesAsLong()
    {
        var json = Toy("""{ "/rate": { "logUniform": [1e-4, 1] } }""", "\"method\": \"successive-halving\", \"trials\": 20").Replace("\"rate\": 1", "\"rate\": 1, \"steps\": 90", StringComparison.Ordinal);
        var result = Experiment.Run<SearchResult>(json);
        Assert.Equal([(20, 10L), (6, 30L), (2, 90L)], result.Rungs!.Select(rung => (rung.Trials, rung.Budget!.Value)));
        // What decides is the rate, so the order is the same at every length.
        double Distance(Trial trial) => Math.Abs(Math.Log10(trial.Values["/rate"].GetDouble()) + 2);
        Assert.Equal(result.Trials.Select(trial => trial.Number), result.Trials.OrderBy(Distance).Select(trial => trial.Number));
        Assert.Equal([90, 90, 30, 30, 30, 30], result.Trials.Take(6).Select(trial => trial.Steps));
        Assert.All(result.Trials.Skip(6), trial => Assert.Equal(10, trial.Steps));
        Assert.Equal(90, JsonSerializer.Deserialize<TrainingSpecification>(result.Best.Specification, ToySpecification.Inputs.Json) is ToySpecification toy ? toy.Steps : 0);
    }

    [Theory]
    [InlineData(5, 2, new[] { 5, 2, 1 })]
    [InlineData(1, 3, new[] { 1 })]
    [InlineData(100, 10, new[] { 100, 10 })]
    public void SuccessiveHalving_HasAsManyRungsAsTrialsAndBudgetAllow(int trials, int factor, int[] expected)
    {
        var json = Toy("""{ "/rate": { "logUniform": [1e-4, 1] } }""", $"\"method\": \"successive-halving\", \"trials\": {trials}, \"factor\": {factor}");
        var result = Experiment.Run<SearchResult>(json.Replace("\"rate\": 1", "\"rate\": 1, \"steps\": 12", StringComparison.Ordinal));
        Assert.Equal(expected, result.Rungs?.Select(rung => rung.Trials) ?? [result.Trials.Count]);
    }

    [Fact]
    public void SuccessiveHalving_WhereNearlyAllFail_GoesOnWithTheRest()
    {
        var result = Experiment.Run<SearchResult>(Toy(
            """{ "/objective": { "values": ["diverging", "nan", "good", "unstartable"] }, "/units": { "values": [1, 2, 3, 4] } }""", "\"method\": \"successive-halving\", \"trials\": 16, \"minimumBudget\": 5, \"factor\": 2"));
        Assert.Equal("good", result.Best.Values["/objective"].GetString());
        Assert.Equal(12, result.Trials.Count(trial => trial.Failure is not null));
        Assert.DoesNotContain(result.Trials, trial => trial.Failure?.Code == "skipped");
    }

    [Fact]
    public void TrialThatFails_IsALineWithItsReason()
    {
        var result = Experiment.Run<SearchResult>(Toy("""{ "/objective": { "values": ["diverging", "good", "unstartable"] } }""", "\"method\": \"grid\""));
        Assert.Equal(["diverged", "invalid-input"], result.Trials.Where(trial => trial.Failure is not null).Select(trial => trial.Failure!.Code).Order());
        Assert.Equal(2, result.Best.Trial);
        Assert.Contains(result.Warnings, warning => warning.StartsWith("failed-trials: 2 of 3", StringComparison.Ordinal));
    }

    [Fact]
    public void AllTrialsFail_TheSearchFails()
    {
        var run = Experiment.Start(Toy("""{ "/objective": { "values": ["diverging", "nan"] } }""", "\"method\": \"grid\", \"confirmSeeds\": 2"));
        while (!run.IsComplete) run.Step();
        Assert.Equal("every-run-failed", Assert.Throws<NotComputableException>(run.Finish).Code);
    }

    [Fact]
    public void Score_ThatResultsDoNotHave_EndsTheSearchAtItsFirstResult()
    {
        var run = Experiment.Start(Toy("""{ "/rate": { "values": [1, 2] } }""", "\"method\": \"grid\", \"score\": \"acuracy\""));
        var failure = Assert.Throws<NotComputableException>(() =>
        {
            while (!run.IsComplete) run.Step();
        });
        Assert.Equal("unknown-score", failure.Code);
        Assert.Contains("error, sum", failure.Message, StringComparison.Ordinal);
        Assert.True(run.CompletedSteps <= run.TotalSteps / 2);
    }

    [Fact]
    public void ConfirmSeeds_SayHowMuchTooGoodTheWinnersScoreIs()
    {
        // All differ by nothing but noise, which the seed decides: the seed of the trials is one of a poor draw or a good one, the fresh ones tell.
        var result = Experiment.Run<SearchResult>(Toy("""{ "/rate": { "values": [0.01] } }""", "\"method\": \"grid\", \"confirmSeeds\": [11, 12, 13]"));
        double[] fresh = [.. new long[] { 11, 12, 13 }.Select(seed => new ToySpecification { Rate = 0.01, Seed = seed }.Error())];
        Assert.Equal(fresh.Average(), result.Confirmation!.Score!.Mean, 1e-12);
        Assert.Equal(fresh.Average() - new ToySpecification { Rate = 0.01, Seed = 3 }.Error(), result.Confirmation.Optimism!.Value, 1e-12);
        Assert.Contains("On 3 fresh seeds", result.Advice, StringComparison.Ordinal);
        Assert.Equal([4, 5], Experiment.Run<SearchResult>(Toy("""{ "/rate": { "values": [0.01] } }""", "\"confirmSeeds\": 2")).Confirmation!.Seeds);
    }

    [Fact]
    public void Importance_SeesTheMemberThatMattersAndNotTheOther()
    {
        var result = Experiment.Run<SearchResult>(Toy("""{ "/units": { "integer": [1, 64] }, "/rate": { "logUniform": [0.01, 1] } }""", "\"trials\": 40"));
        Assert.Equal("/rate", result.Importance[0].Member);
        Assert.True(result.Importance[0].Share > 0.8);
        Assert.Equal(0.001, result.Importance[0].PValue, 1e-12);
        Assert.True(result.Importance[1].PValue > 0.05);
    }

    [Fact]
    public void Best_AtTheEndOfAnInterval_IsWarnedOf()
    {
        var result = Experiment.Run<SearchResult>(Toy("""{ "/rate": { "logUniform": [0.1, 1] } }""", "\"method\": \"grid\""));
        Assert.Contains(result.Warnings, warning => warning.StartsWith("edge: the best /rate, 0.1,", StringComparison.Ordinal));
        Assert.DoesNotContain(Experiment.Run<SearchResult>(Toy("""{ "/rate": { "logUniform": [0.0001, 1] } }""", "\"method\": \"grid\"")).Warnings, warning => warning.StartsWith("edge:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"method\": \"grid\"")]
    [InlineData("\"method\": \"random\", \"trials\": 4, \"confirmSeeds\": 2")]
    [InlineData("\"method\": \"successive-halving\", \"trials\": 9, \"confirmSeeds\": [5]")]
    public void Restore_AnywhereEvenBetweenRuns_ContinuesToTheLastBit(string more) => Experiment.AssertResumes(Toy(
        """{ "/rate": { "logUniform": [1e-3, 1], "points": 2 }, "/objective": { "values": ["good", "diverging", "early"] } }""", more));

    [Fact]
    public void Restore_WhereTrialsDifferInLength_ContinuesToTheLastBit() =>
        Experiment.AssertResumes(Toy("""{ "/steps": { "values": [1, 40, 3, 12] } }""", "\"method\": \"grid\""));

    [Fact]
    public void Charts_AreOfTrialsAndOfEachMember()
    {
        var json = Toy("""{ "/rate": { "logUniform": [1e-3, 1] }, "/objective": { "values": ["good", "poor", "diverging"] } }""", "\"trials\": 12");
        var specification = Experiment.Read(json);
        Assert.Equal(["trials", "rate", "objective"], specification.ChartNames());
        var stored = System.Text.Encoding.UTF8.GetBytes(Experiment.Finish(specification.Start(ToySpecification.Inputs.Instance)));
        var history = new Dictionary<string, MetricHistory>();
        Assert.All(specification.ChartNames(), name => Assert.Null(specification.Draw(name, history, null)));
        var trials = specification.Draw("trials", history, stored)!;
        Assert.Equal(trials.Series[0].Y.Min(), trials.Series[1].Y[^1]);
        Assert.True(specification.Draw("rate", history, stored)!.X.Logarithmic);
        Assert.Equal(["\"good\"", "\"poor\"", "\"diverging\""], specification.Draw("objective", history, stored)!.X.Categories);
    }

    [Theory]
    [InlineData("""{ }""", "\"method\": \"grid\"", "/space")]
    [InlineData("""{ "rate": { "values": [1] } }""", "\"method\": \"grid\"", "/space/rate")]
    [InlineData("""{ "/rate~2": { "values": [1] } }""", "\"method\": \"grid\"", "/space/~1rate~02")]
    [InlineData("""{ "/seed": { "values": [1] } }""", "\"method\": \"grid\"", "/space/~1seed")]
    [InlineData("""{ "/rate": { "values": [] } }""", "\"method\": \"grid\"", "/space/~1rate/values")]
    [InlineData("""{ "/rate": { "values": [1, 1] } }""", "\"method\": \"grid\"", "/space/~1rate/values/1")]
    [InlineData("""{ "/rate": { "values": [1, -1, 2] } }""", "\"method\": \"grid\"", "/space/~1rate/values/1")]
    [InlineData("""{ "/rate": { "values": [1, -1, 2] } }""", "\"method\": \"random\", \"trials\": 1", "/space/~1rate/values/1")]
    [InlineData("""{ "/rate": { "uniform": [1, 1000] } }""", "\"trials\": 1", "/space/~1rate/uniform/1")]
    [InlineData("""{ "/rate": { "uniform": [1] } }""", "\"trials\": 1", "/space/~1rate/uniform")]
    [InlineData("""{ "/rate": { "uniform": [2, 1] } }""", "\"trials\": 1", "/space/~1rate/uniform/1")]
    [InlineData("""{ "/rate": { "logUniform": [0, 1] } }""", "\"trials\": 1", "/space/~1rate/logUniform/0")]
    [InlineData("""{ "/rate": { "uniform": [1, 2], "points": 1 } }""", "\"trials\": 1", "/space/~1rate/points")]
    [InlineData("""{ "/layers/0/units": { "values": [1] } }""", "\"trials\": 1", "/space/~1layers~10~1units")]
    [InlineData("""{ "/rate": { "values": [1] }, "/rate/x": { "values": [1] } }""", "\"trials\": 1", "/space/~1rate~1x")]
    [InlineData("""{ "/rate": { "values": [1] } }""", "\"trials\": 0", "/trials")]
    [InlineData("""{ "/rate": { "values": [1] } }""", "\"trials\": 1001", "/trials")]
    [InlineData("""{ "/rate": { "values": [1] } }""", "\"score\": \"\"", "/score")]
    [InlineData("""{ "/rate": { "values": [1] } }""", "\"confirmSeeds\": 0", "/confirmSeeds")]
    [InlineData("""{ "/rate": { "values": [1] } }""", "\"factor\": 1", "/factor")]
    [InlineData("""{ "/steps": { "values": [1] } }""", "\"method\": \"successive-halving\"", "/space/~1steps")]
    [InlineData("""{ "/rate": { "uniform": [1, 2], "points": 50 }, "/units": { "integer": [1, 64], "points": 50 } }""", "\"method\": \"grid\"", "/space")]
    [InlineData("""{ "/rate": { "values": [1, 2, 3] } }""", "\"method\": \"grid\", \"trials\": 2", "/space")]
    public void Mistake_IsNamed(string space, string more, string pointer) => Assert.Contains(pointer, Experiment.Problems(Toy(space, more)));

    [Fact]
    public void TooMuchWork_IsRefusedWithTheEstimate()
    {
        var json = $$"""
            { "kind": "search", "specification": { "kind": "density-fit", "target": {{Fits.TwoModes}}, "model": { "family": "normal" }, "steps": 1000000 },
              "space": { "/optimizer/learningRate": { "logUniform": [0.001, 1] } }, "trials": 1000 }
            """;
        Assert.Equal(["/trials"], Experiment.Problems(json));
        // Successive halving runs most of them for a short while.
        Assert.Empty(Experiment.Problems(json.Replace("\"trials\": 1000", "\"trials\": 1000, \"method\": \"successive-halving\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nested_IsRefused()
    {
        var json = $$"""{ "kind": "search", "specification": {{Toy("""{ "/rate": { "values": [1] } }""")}}, "space": { "/trials": { "values": [1] } } }""";
        Assert.Equal(["/specification/kind"], Experiment.Problems(json));
    }

    [Fact]
    public void DensityFit_ItsLearningRate_IsFound()
    {
        var result = Experiment.Run<SearchResult>($$"""
            { "kind": "search", "specification": { "kind": "density-fit", "target": {{Fits.TwoModes}}, "model": { "family": "normal" }, "steps": 40 },
              "space": { "/optimizer": { "values": [{ "name": "adam", "learningRate": 0.05 }, { "name": "sgd", "learningRate": 1e-9 }] } }, "method": "grid" }
            """);
        Assert.Equal(("forward", 1), (result.Score, result.Best.Trial));
        Assert.Equal("adam", result.Best.Specification.GetProperty("optimizer").GetProperty("name").GetString());
    }
}
