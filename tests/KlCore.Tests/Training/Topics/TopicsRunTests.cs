using System.Text.Json;
using KlCore.Training;
using KlCore.Training.Topics;
using Fits = KlCore.Tests.Training.DensityFit.Fits;

namespace KlCore.Tests.Training.Topics;

/// <summary>What a search for topics finds, and that it is a search that can be interrupted.</summary>
public class TopicsRunTests
{
    [Fact]
    public void Finish_OfThreeShortDocuments_IsComplete()
    {
        var outcome = TopicJobs.Run(TopicJobs.Read(TopicJobs.Three));
        var result = (TopicsResult)outcome.Result;
        Assert.Equal((3, 5, 9L), (result.DocumentCount, result.VocabularySize, result.WordCount));
        Assert.Equal(2, result.Topics.Count);
        foreach (var topic in result.Topics)
        {
            Assert.Equal(["data", "in", "more", "text", "topics"], topic.Words.Select(word => word.Word).Order());
            Assert.Equal(1, topic.Words.Sum(word => word.Probability), 1e-6);
            Assert.Equal(topic.Words.OrderByDescending(word => word.Probability), topic.Words);
        }

        Assert.Equal(1, result.Topics.Sum(topic => topic.Share), 1e-9);
        Assert.Equal([0, 1, 2], result.Documents.Select(document => document.Document));
        Assert.Equal(Math.Exp(-result.Bound), result.Perplexity, 1e-9);
        Assert.Equal(Math.Pow(2, -result.Bound), result.GensimPerplexity, 1e-9);
        Assert.Equal(result.Bound * 9, result.Evidence.Likelihood - result.Evidence.DocumentDivergence - result.Evidence.TopicDivergence, 1e-9);
        Assert.Null(result.Validation);
        Assert.Equal(["model.safetensors", "vocabulary.json", "topics.json", "documents.ndjson"], outcome.Artifacts.Select(artifact => artifact.Name));
        Assert.Equal(("bound", true), (outcome.Scores[0].Name, outcome.Scores[0].LargerIsBetter));
    }

    // Batch updates of all documents until nothing moves are coordinate ascent, which may not lower the bound.
    [Fact]
    public void Step_InBatchMode_NeverLowersTheBound()
    {
        var specification = TopicJobs.Read(TopicJobs.Json(TopicJobs.Planted(60), """ "topics": 4, "passes": 25, "updateEvery": 0, "decay": 0, "iterations": 2000, "gammaThreshold": 1e-5, "evalEvery": 1 """));
        var run = specification.Start(Fits.NoInputs.Instance);
        var bounds = new List<double>();
        while (!run.IsComplete) bounds.AddRange(run.Step().Where(metric => metric.Key == "bound").Select(metric => metric.Value));
        Assert.Equal(25, bounds.Count);
        for (var i = 1; i < bounds.Count; i++) Assert.True(bounds[i] >= bounds[i - 1] - 1e-5, $"pass {i}: {bounds[i - 1]:R} to {bounds[i]:R}");
        Assert.True(bounds[^1] > bounds[0] + 0.5);
    }

    [Fact]
    public void Finish_OfPlantedTopics_FindsThem()
    {
        var result = TopicJobs.Result(TopicJobs.Json(TopicJobs.Planted(300), """ "topics": 3, "passes": 60, "chunkSize": 50, "alpha": 1.5, "eta": 0.05 """));
        Assert.Equal(["a", "b", "c"], result.Topics.Select(topic => Assert.Single(topic.Words.Select(word => word.Word[..1]).Distinct())).Order());
        // Of the document's second topic is every n-th of the thirty words.
        foreach (var document in result.Documents)
        {
            var share = 1 - 1.0 / (2 + document.Document / 3 % 5);
            if (share == 0.5) continue;
            Assert.Equal($"{"abc"[document.Document % 3]}", result.Topics[document.Topics[0].Topic].Words[0].Word[..1]);
            // The thirty words and alpha.
            Assert.Equal((30 * share + 1.5) / (30 + 3 * 1.5), document.Topics[0].Probability, 0.03);
        }

        Assert.All(result.NearestTopics, pair => Assert.InRange(pair.JensenShannon, 0.5, Math.Log(2)));
        Assert.Equal(3, result.NearestTopics.Count);
        Assert.All(result.Topics, topic => Assert.InRange(topic.Coherence.Npmi, 0, 1));
        Assert.All(result.Topics, topic => Assert.InRange(topic.Share, 0.3, 0.37));
    }

    [Fact]
    public void Finish_WithMoreTopicsThanThereAre_HasACloserPair()
    {
        var result = TopicJobs.Result(TopicJobs.Json(TopicJobs.Planted(200), """ "topics": 5, "passes": 20, "chunkSize": 50 """));
        Assert.Equal(10, result.NearestTopics.Count);
        var pair = result.NearestTopics[0];
        Assert.Equal(pair.JensenShannon, result.NearestTopics.Min(other => other.JensenShannon));
        Assert.True(pair.Forward > pair.JensenShannon && pair.Reverse > pair.JensenShannon);
    }

    [Theory]
    [InlineData(""" "topics": 3, "passes": 2, "chunkSize": 7, "validationFraction": 0.25, "evalEvery": 2 """)]
    [InlineData(""" "topics": 4, "passes": 2, "chunkSize": 16, "alpha": "auto", "eta": "auto", "updateEvery": 2 """)]
    [InlineData(""" "topics": 2, "passes": 6, "chunkSize": 20, "alpha": "asymmetric", "eta": 0.2, "validationFraction": 0.3, "earlyStopping": { "patience": 1 } """)]
    public void Restore_AtAnyStep_ContinuesToTheLastBit(string more)
    {
        var json = TopicJobs.Json(TopicJobs.Planted(40), more);
        var undisturbed = Finish(TopicJobs.Read(json).Start(Fits.NoInputs.Instance), out var steps);
        for (var cut = 0; cut <= steps; cut++)
        {
            var first = TopicJobs.Read(json).Start(Fits.NoInputs.Instance);
            for (var i = 0; i < cut; i++) first.Step();
            var second = TopicJobs.Read(json).Start(Fits.NoInputs.Instance);
            second.Restore(first.Save());
            Assert.Equal(first.CompletedSteps, second.CompletedSteps);
            Assert.Equal(first.Save(), second.Save());
            Assert.Equal(undisturbed, Finish(second, out _));
        }
    }

    // One document of so many words that it takes several steps.
    [Fact]
    public void Restore_InTheMiddleOfADocument_ContinuesToTheLastBit()
    {
        var words = string.Join(' ', Enumerable.Range(0, 3000).Select(i => string.Concat($"{i}".Select(digit => (char)('a' + digit - '0'))) + "x"));
        var json = TopicJobs.Json([words, words[..2000]], """ "topics": 20, "passes": 1, "iterations": 300, "gammaThreshold": 1e-9 """);
        var undisturbed = Finish(TopicJobs.Read(json).Start(Fits.NoInputs.Instance), out var steps);
        Assert.True(steps > 8, $"{steps} steps");
        foreach (var cut in new[] { 1, 2, steps - 3 })
        {
            var first = TopicJobs.Read(json).Start(Fits.NoInputs.Instance);
            for (var i = 0; i < cut; i++) first.Step();
            var second = TopicJobs.Read(json).Start(Fits.NoInputs.Instance);
            second.Restore(first.Save());
            Assert.Equal(undisturbed, Finish(second, out _));
        }
    }

    [Fact]
    public void Finish_WithHeldOutDocuments_BoundsThemByTheTopicsOfTheOthers()
    {
        var documents = TopicJobs.Planted(100);
        var result = TopicJobs.Result(TopicJobs.Json(documents, """ "topics": 3, "passes": 20, "chunkSize": 20, "validationFraction": 0.2, "shownDocuments": 100 """));
        Assert.Equal((80, 20), (result.DocumentCount, result.Validation!.DocumentCount));
        Assert.Equal(20, result.Documents.Count(document => document.IsHeldOut));
        Assert.Equal(Enumerable.Range(0, 100), result.Documents.Select(document => document.Document));
        Assert.Equal(Math.Exp(-result.Validation.Bound), result.Validation.Perplexity, 1e-9);
        Assert.True(result.Validation.GensimBound < result.Validation.Bound);
        // Twenty words with about equal shares would be ln 20 or so; the documents' own topics have to be found as well.
        Assert.InRange(result.Validation.Bound, -4.2, -3);
    }

    [Fact]
    public void EarlyStopping_WhenNothingImproves_KeepsTheBestPass()
    {
        var json = TopicJobs.Json(TopicJobs.Planted(60), """ "topics": 12, "passes": 200, "chunkSize": 20, "validationFraction": 0.3, "earlyStopping": { "patience": 3 } """);
        var run = TopicJobs.Read(json).Start(Fits.NoInputs.Instance);
        var bounds = new List<double>();
        while (!run.IsComplete) bounds.AddRange(run.Step().Where(metric => metric.Key == "validationBound").Select(metric => metric.Value));
        var validation = ((TopicsResult)run.Finish().Result).Validation!;
        Assert.InRange(bounds.Count, 4, 199);
        Assert.Equal(bounds.IndexOf(bounds.Max()) + 1, validation.BestPass);
        Assert.Equal(bounds.Max(), validation.Bound, 1e-6);
    }

    [Theory]
    [InlineData("auto", "auto")]
    [InlineData("auto", "symmetric")]
    public void Priors_ThatAreLearned_FitBetter(string alpha, string eta)
    {
        var documents = TopicJobs.Planted(150);
        const string fields = """ "topics": 3, "passes": 30, "chunkSize": 50 """;
        var plain = TopicJobs.Result(TopicJobs.Json(documents, fields));
        var learned = TopicJobs.Result(TopicJobs.Json(documents, $$""" "alpha": "{{alpha}}", "eta": "{{eta}}", {{fields}} """));
        Assert.True(learned.Bound > plain.Bound, $"{learned.Bound:R}, {plain.Bound:R}");
        Assert.NotEqual(1.0 / 3, learned.Alpha[0]);
    }

    [Fact]
    public void Data_OfADataset_GivesWhatInlineDocumentsDo()
    {
        var documents = TopicJobs.Planted(12);
        var inline = TopicJobs.Result(TopicJobs.Json(documents, "\"topics\": 2"));
        var specification = TopicJobs.Read("""{ "kind": "topics", "data": { "dataset": "d", "column": "text" }, "topics": 2 }""");
        var stored = (TopicsResult)TopicJobs.Run(specification, new Stored(documents)).Result;
        Assert.Equal(JsonSerializer.Serialize(inline), JsonSerializer.Serialize(stored));
    }

    [Fact]
    public void Finish_OfManyDocuments_DependsOnTheSeedAlone()
    {
        var json = TopicJobs.Json(TopicJobs.Planted(50), "\"topics\": 3");
        Assert.Equal(Finish(TopicJobs.Read(json).Start(Fits.NoInputs.Instance), out _), Finish(TopicJobs.Read(json).Start(Fits.NoInputs.Instance), out _));
        Assert.NotEqual(TopicJobs.Result(json).Bound, TopicJobs.Result(json.Replace("\"topics\": 3", "\"topics\": 3, \"seed\": 2", StringComparison.Ordinal)).Bound);
    }

    // The result as JSON and all files.
    private static string Finish(TrainingRun run, out int steps)
    {
        for (steps = 0; !run.IsComplete; steps++) run.Step();
        var outcome = run.Finish();
        var files = outcome.Artifacts.Select(artifact => $"{artifact.Name}: {Convert.ToHexString(artifact.Content.Span)}");
        return string.Join('\n', [JsonSerializer.Serialize(outcome.Result, outcome.Result.GetType(), Fits.Json), .. files]);
    }

    private sealed class Stored(string[] texts) : ITrainingInputs
    {
        public double[][] Rows(DatasetColumns columns) => throw new InvalidOperationException();

        public IReadOnlyList<string> Texts(DatasetText column) => column is { Dataset: "d", Column: "text", Member: "data" } ? texts : throw new InvalidOperationException();
    }
}
