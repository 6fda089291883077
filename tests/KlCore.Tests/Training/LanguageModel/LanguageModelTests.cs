using System.Text.Json;
using KlCore.Tests.Training.DensityFit;
using KlCore.Training;
using KlCore.Training.LanguageModel;

namespace KlCore.Tests.Training.LanguageModel;

public class LanguageModelTests
{
    private static readonly string Verse = LanguageGolden.Read().Verse;

    private static string Specification(string more = "", string model = """{ "name": "ngram", "order": 3 }""", string tokens = """{ "kind": "byte" }""") =>
        $$"""{ "kind": "language-model", "seed": 3, "text": {{JsonSerializer.Serialize(Verse)}}, "tokens": {{tokens}}, "model": {{model}}{{more}} }""";

    private static LanguageModelSpecification Read(string json) => (LanguageModelSpecification)Fits.Read(json);

    /// <summary>The numbers of the result, once more from the rows that were kept.</summary>
    [Theory]
    [InlineData("""{ "kind": "byte" }""")]
    [InlineData("""{ "kind": "character" }""")]
    [InlineData("""{ "kind": "word", "vocabulary": 40 }""")]
    [InlineData("""{ "kind": "byte-pair", "vocabulary": 300 }""")]
    public void Result_OfEachTokenization_FollowsFromTheKeptLogits(string tokens)
    {
        var outcome = (LanguageModelOutcome)Runs.Run(Read(Specification(""", "validationFraction": 0.2, "logits": { "rows": 100000 }""", tokens: tokens)));
        var (held, kept) = (outcome.Model.Validation, outcome.Logits!);
        Assert.Equal(held.Text.Tokens, kept.Targets.Count);
        var rows = Rows(kept.Npy.Span, outcome.Model.Vocabulary);
        Assert.All(rows, row => Assert.Equal(1, row.Sum(log => Math.Exp(log)), 1e-5));
        var cost = rows.Select((row, i) => -(double)row[kept.Targets[i]]).ToArray();
        Assert.Equal(cost.Average(), held.CrossEntropy.Value, 1e-6);
        Assert.Equal(Math.Exp(cost.Average()), held.Perplexity, 1e-4);
        Assert.Equal(cost.Average() / Math.Log(2), held.BitsPerToken, 1e-6);
        var spelled = 8.0 * (held.Text.UnknownBytes + held.Text.UnknownTokens);
        Assert.Equal((cost.Sum() / Math.Log(2) + spelled) / held.Text.Bytes, held.BitsPerByte, 1e-5);
        Assert.Equal(Verse.Length, held.Text.Bytes + outcome.Model.Training.Text.Bytes);
        if (tokens.Contains("word", StringComparison.Ordinal)) Assert.InRange(held.Text.UnknownTokens, 1, held.Text.Tokens - 1);
        if (tokens.Contains("byte", StringComparison.Ordinal)) Assert.Equal((0, 0), (held.Text.UnknownTokens, held.Text.UnknownBytes));
        Assert.Equal(["tokenizer.json", "model.safetensors", "samples.txt", "logits.npy", "targets.npy"], outcome.Artifacts.Select(artifact => artifact.Name));
        Assert.Equal("bitsPerByte", outcome.Scores[0].Name);
        Assert.Contains("KL(text‖model)", outcome.Model.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Result_WithoutSmoothing_IsInfiniteAndSaysSo()
    {
        var result = Runs.Result(Read(Specification(model: """{ "name": "ngram", "order": 4, "smoothing": { "method": "none" } }""")));
        Assert.True(result.Validation.Impossible > 0);
        Assert.Equal(double.PositiveInfinity, result.Validation.CrossEntropy.Value);
        Assert.Null(result.Validation.CrossEntropy.StandardError);
        Assert.Equal(0, result.Training.Impossible);
        Assert.Contains("impossible", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Documents_AreCutAtTheirEnds_AndTheLastAreHeldOut()
    {
        var specification = Read("""{ "kind": "language-model", "documents": ["one two", "three", "four five six", "seven"], "validationFraction": 0.3, "model": { "name": "ngram", "order": 2 } }""");
        var result = Runs.Result(specification);
        Assert.Equal(257, result.Vocabulary);
        Assert.Equal(("seven".Length + 1, "seven".Length), (result.Validation.Text.Tokens, result.Validation.Text.Bytes));
        Assert.Equal(3 + 1 + "one twothreefour five six".Length, result.Training.Text.Tokens);
    }

    [Fact]
    public void Split_OfARunningText_BeginsTheTailWithALine()
    {
        var corpus = Corpus.OfText(Verse, 0.1)!;
        Assert.Equal(Verse, corpus.Training[0] + corpus.Validation[0]);
        Assert.EndsWith("\n", corpus.Training[0], StringComparison.Ordinal);
        Assert.InRange(corpus.Validation[0].Length, 0.04 * Verse.Length, 0.1 * Verse.Length + 1);
        Assert.Null(Corpus.OfText("a", 0.5));
        Assert.Equal("bbbb", Corpus.OfText("aaaabbbb", 0.5)!.Validation[0]);
    }

    [Theory]
    [InlineData("""{ "name": "ngram", "order": 3, "smoothing": { "method": "jelinek-mercer" } }""", """{ "kind": "byte-pair", "vocabulary": 280 }""")]
    [InlineData("""{ "name": "ngram", "order": 2 }""", """{ "kind": "word", "vocabulary": 50 }""")]
    public void Restore_AtAnyStep_ContinuesToTheLastBit(string model, string tokens)
    {
        var json = Specification(""", "samples": { "count": 2, "maximumTokens": 40 }, "logits": { "rows": 20 }""", model, tokens);
        var undisturbed = Finish(Read(json).Start(Runs.Nothing));
        var total = (int)Read(json).Start(Runs.Nothing).TotalSteps;
        for (var cut = 0; cut <= total; cut++)
        {
            var first = Read(json).Start(Runs.Nothing);
            for (var i = 0; i < cut; i++) first.Step();
            var second = Read(json).Start(Runs.Nothing);
            second.Restore(first.Save());
            Assert.Equal(cut, second.CompletedSteps);
            Assert.Equal(first.Save(), second.Save());
            Assert.Equal(undisturbed, Finish(second));
        }
    }

    [Theory]
    [InlineData("\"seed\": 3", "\"seed\": 3, \"documents\": [\"a\"]", "")]
    [InlineData("\"seed\": 3", "\"validationFraction\": 0", "/validationFraction")]
    [InlineData("\"byte\"", "\"word\", \"vocabulary\": 1", "/tokens/vocabulary")]
    [InlineData("\"byte\"", "\"byte-pair\", \"vocabulary\": 255", "/tokens/vocabulary")]
    [InlineData("\"order\": 3", "\"order\": 0", "/model/order")]
    [InlineData("\"order\": 3", "\"smoothing\": { \"method\": \"additive\", \"alpha\": 0 }", "/model/smoothing/alpha")]
    [InlineData("\"order\": 3", "\"smoothing\": { \"method\": \"jelinek-mercer\", \"lambda\": 1.5 }", "/model/smoothing/lambda")]
    [InlineData("\"order\": 3", "\"smoothing\": { \"method\": \"dirichlet\", \"mu\": -1 }", "/model/smoothing/mu")]
    [InlineData("\"order\": 3", "\"smoothing\": { \"method\": \"kneser-ney\", \"delta\": 2 }", "/model/smoothing/delta")]
    [InlineData("\"seed\": 3", "\"steps\": 5", "/steps")]
    [InlineData("\"seed\": 3", "\"objective\": { \"name\": \"distilled\", \"teacher\": \"x\" }", "/objective")]
    [InlineData("\"seed\": 3", "\"samples\": { \"count\": -1 }", "/samples/count")]
    [InlineData("\"seed\": 3", "\"samples\": { \"prompt\": \"\" }", "/samples/prompt")]
    [InlineData("\"seed\": 3", "\"logits\": { \"rows\": 0 }", "/logits/rows")]
    [InlineData("\"seed\": 3", "\"logits\": { \"baseline\": \"../x\" }", "/logits/baseline")]
    public void Check_BadFields_AreNamedByPointer(string good, string bad, string pointer) =>
        Assert.Contains(pointer, Fits.Problems(Specification().Replace(good, bad, StringComparison.Ordinal)));

    [Theory]
    [InlineData("\"text\": \"a\"", "/text")]
    [InlineData("\"text\": \"abc\"", "/text")]
    [InlineData("\"documents\": []", "/documents")]
    [InlineData("\"documents\": [\"a\"]", "/documents")]
    [InlineData("\"documents\": [\"abc\", \"\"]", "/documents")]
    [InlineData("\"data\": { \"dataset\": \"\" }", "/data/dataset")]
    public void Check_TooLittleText_IsRefused(string text, string pointer) => Assert.Equal([pointer], Fits.Problems($$"""{ "kind": "language-model", {{text}} }"""));

    [Fact]
    public void Check_WithoutText_SaysSo() => Assert.Equal([""], Fits.Problems("""{ "kind": "language-model" }"""));

    [Fact]
    public void Check_TooLarge_IsRefusedWithTheEstimate()
    {
        var problems = new Problems();
        new LanguageModelSpecification { Text = new string('a', 8 << 20), Model = new KlCore.Training.LanguageModel.NGrams.NGramDesign { Order = 12 } }.Check(problems);
        Assert.Contains("MiB", Assert.Single(problems.ByPointer()).Value[0], StringComparison.Ordinal);
        Assert.Equal(["/model/order"], problems.ByPointer().Keys);
    }

    [Fact]
    public void Generate_SameSeed_GivesTheSameTextsAndCutsAsAsked()
    {
        var model = Finished(Runs.Run(Read(Specification())), Specification());
        var how = new Generation { Prompt = "What the ", MaximumTokens = 30, Count = 3, Seed = 5 };
        var texts = model.Generate(how, 3, default);
        Assert.Equal(texts.Select(text => text.Text), model.Generate(how, 0, default).Select(text => text.Text));
        Assert.Equal(3, texts.Select(text => text.Text).Distinct().Count());
        Assert.NotEqual(texts[0].Text, model.Generate(how with { Seed = 6 }, 0, default)[0].Text);
        Assert.All(texts, text => Assert.All(text.Logprobs.Content, token => Assert.InRange(token.Logprob, token.TopLogprobs![^1].Logprob - 50, token.TopLogprobs[0].Logprob)));
        var greedy = model.Generate(how with { Temperature = 0 }, 1, default);
        Assert.All(greedy[0].Logprobs.Content, token => Assert.Equal(token.TopLogprobs![0].Logprob, token.Logprob));
        Assert.Equal(greedy[0].Text, model.Generate(how with { TopK = 1 }, 0, default)[2].Text);
        Assert.Equal(greedy[0].Text, model.Generate(how with { TopP = 1e-9 }, 0, default)[1].Text);
        foreach (var token in model.Generate(how with { TopK = 2 }, 2, default).SelectMany(text => text.Logprobs.Content)) Assert.Contains(token.Id, token.TopLogprobs!.Select(top => top.Id));
        Assert.Throws<TooCostlyException>(() => model.Generate(how with { Count = 100, MaximumTokens = 1000 }, 0, default));
    }

    /// <summary>How often each token is drawn, beside its probability: within five standard errors of the count.</summary>
    [Fact]
    public void Generate_Temperature1_DrawsFromTheModel()
    {
        var model = Finished(Runs.Run(Read(Specification())), Specification());
        var drawn = model.Generate(new Generation { Prompt = "he", MaximumTokens = 1, Count = 100 }, 5, default).ToList();
        for (var seed = 2; seed <= 20; seed++) drawn.AddRange(model.Generate(new Generation { Prompt = "he", MaximumTokens = 1, Count = 100, Seed = seed }, 0, default));
        foreach (var top in drawn[0].Logprobs.Content[0].TopLogprobs!)
        {
            var p = Math.Exp(top.Logprob);
            var count = drawn.Count(text => text.Logprobs.Content[0].Id == top.Id);
            Assert.InRange(count, drawn.Count * p - 5 * Math.Sqrt(drawn.Count * p * (1 - p)), drawn.Count * p + 5 * Math.Sqrt(drawn.Count * p * (1 - p)));
        }
    }

    private static FinishedLanguageModel Finished(TrainingOutcome outcome, string json) =>
        FinishedLanguageModel.Of(new FinishedTraining(Read(json), default, name => outcome.Artifacts.FirstOrDefault(artifact => artifact.Name == name)?.Content))!;

    private static string Finish(TrainingRun run)
    {
        while (!run.IsComplete) run.Step();
        var outcome = run.Finish();
        return string.Join('\n', [JsonSerializer.Serialize(outcome.Result, outcome.Result.GetType(), Fits.Json), .. outcome.Artifacts.Select(artifact => $"{artifact.Name}: {Convert.ToHexString(artifact.Content.Span)}")]);
    }

    private static float[][] Rows(ReadOnlySpan<byte> npy, int width)
    {
        var data = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(npy[128..]).ToArray();
        return [.. data.Chunk(width)];
    }
}
