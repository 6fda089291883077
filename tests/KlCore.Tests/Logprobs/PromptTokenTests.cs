using KlCore.Logprobs;
using KlCore.Logprobs.Completions;

namespace KlCore.Tests.Logprobs;

/// <summary>Which token of vLLM's lists stands in the prompt, and prompts beside generated tokens.</summary>
public sealed class PromptTokenTests
{
    [Fact]
    public void Comparison_OfDifferentPrompts_StopsAtTheFirstDifference()
    {
        var comparison = Compare(Prompt(11, 12, 13), Prompt(21, 22, 23));
        Assert.Equal((1, 1), (comparison.Positions.Count, comparison.StoppedAt));
        Assert.Equal((11, 21), (comparison.Positions[0].TokenP!.Value.Id, comparison.Positions[0].TokenQ!.Value.Id));
        Assert.Equal((3, null), (Compare(Prompt(11, 12, 13), Prompt(11, 12, 13)).Positions.Count, Compare(Prompt(11, 12, 13), Prompt(11, 12, 13)).StoppedAt));
    }

    [Theory]
    [InlineData("""[{"1":{"logprob":-0.75,"rank":1},"2":{"logprob":-1.5,"rank":2},"9":{"logprob":-3.125,"rank":7}}]""", 9)]
    [InlineData("""[{"9":{"logprob":-3.125,"rank":3},"1":{"logprob":-0.75,"rank":1},"2":{"logprob":-1.5,"rank":2}},{"1":{"logprob":-0.75,"rank":1},"2":{"logprob":-1.5,"rank":2}}]""", 9)]
    [InlineData("""[{"1":{"logprob":-0.75,"rank":1},"2":{"logprob":-1.5,"rank":2},"9":{"logprob":-3.125,"rank":3}}]""", null)]
    [InlineData("""[{"1":{"logprob":-0.75,"rank":1},"2":{"logprob":-1.5,"rank":2}}]""", null)]
    [InlineData("""[{"1":{"logprob":-0.75},"2":{"logprob":-1.5},"9":{"logprob":-3.125}}]""", null)]
    [InlineData("""[{"1":{"logprob":-0.75,"rank":1},"8":{"logprob":-2.5,"rank":4},"9":{"logprob":-3.125,"rank":7}}]""", null)]
    public void Read_OfAPrompt_TakesTheTokenBeyondTheListAsChosen(string json, int? chosen) =>
        Assert.Equal(chosen, Documents.Read(json, CompletionFormat.VllmPrompt).Positions[0].Chosen?.Id);

    [Fact]
    public void Comparison_OfAPromptWithGeneratedTokens_WarnsLoudly()
    {
        foreach (var (p, q) in new[] { (Documents.VllmPrompt, Documents.LlamaServer), (Documents.LlamaServer, Documents.VllmPrompt), (Documents.SgLangPrompt, Documents.SgLang) })
            Assert.StartsWith("kinds-differ", Compare(p, q).Warnings[0], StringComparison.Ordinal);
        foreach (var (p, q) in new[] { (Documents.VllmPrompt, Documents.SgLangPrompt), (Documents.LlamaServer, Documents.SgLang), (Documents.VllmPrompt, Documents.Plain) })
            Assert.DoesNotContain(Compare(p, q).Warnings, warning => warning.StartsWith("kinds-differ", StringComparison.Ordinal));
    }

    private static string Prompt(params int[] tokens) =>
        $"[null,{string.Join(',', tokens.Select(token => """{"9":{"logprob":-3.125,"rank":7},"1":{"logprob":-0.75,"rank":1},"2":{"logprob":-1.5,"rank":2}}""".Replace("\"9\"", $"\"{token}\"", StringComparison.Ordinal)))}]";

    private static CompletionComparison Compare(string p, string q) => CompletionComparison.Of(Documents.Read(p), Documents.Read(q), new BoundOptions());
}
