using KlCore.Logprobs.Completions;

namespace KlCore.Tests.Logprobs;

/// <summary>Every layout gives the same positions, whole and as the part with the log-probabilities.</summary>
public sealed class CompletionTests
{
    public static TheoryData<string, CompletionFormat> Whole => new()
    {
        { Documents.OpenAiChat, CompletionFormat.OpenaiChat },
        { Documents.Responses, CompletionFormat.OpenaiChat },
        { Documents.Completion, CompletionFormat.OpenaiCompletion },
        { Documents.CompletionWithIds, CompletionFormat.OpenaiCompletion },
        { Documents.VllmPrompt, CompletionFormat.VllmPrompt },
        { Documents.SgLang, CompletionFormat.Sglang },
        { Documents.SgLangPrompt, CompletionFormat.SglangPrompt },
        { Documents.LlamaServer, CompletionFormat.LlamaServer },
        { Documents.LlamaServerSampled, CompletionFormat.LlamaServer },
        { Documents.TextGenerationInference, CompletionFormat.TextGenerationInference },
        { Documents.Ollama, CompletionFormat.Ollama },
        { Documents.Trl, CompletionFormat.TrlServer },
    };

    [Theory]
    [MemberData(nameof(Whole))]
    public void Read_OfEveryLayout_GivesTheSamePositions(string json, CompletionFormat format)
    {
        foreach (var asked in new[] { CompletionFormat.Auto, format })
        {
            var completion = Documents.Read(json, asked);
            Assert.Equal(format, completion.Format);
            var positions = completion.Positions.Where(position => position.Scores.Count > 0).ToList();
            Assert.Equal(2, positions.Count);
            AssertScores(positions[0], ("a", -0.5, true), ("b", -1.25, true));
            AssertScores(positions[1], ("a", -1.5, true), ("b", -0.75, true), ("c", -3.125, false));
            if (format != CompletionFormat.VllmPrompt) Assert.Equal("c", Letter(positions[1].Chosen!.Value));
        }
    }

    [Theory]
    [InlineData("""{"content":[{"token":" a","logprob":-0.5,"bytes":null,"top_logprobs":[]}],"refusal":null}""", CompletionFormat.OpenaiChat)]
    [InlineData("""[{"token":" a","logprob":-0.5,"bytes":null,"top_logprobs":[]}]""", CompletionFormat.OpenaiChat)]
    [InlineData("""{"tokens":[" a"],"token_logprobs":[-0.5],"top_logprobs":null}""", CompletionFormat.OpenaiCompletion)]
    [InlineData("""{"prompt_logprobs":[null,{"10":{"logprob":-0.5}}]}""", CompletionFormat.VllmPrompt)]
    [InlineData("""[null,{"10":{"logprob":-0.5,"rank":3,"decoded_token":null}}]""", CompletionFormat.VllmPrompt)]
    [InlineData("""{"output_token_logprobs":[[-0.5,10,null]]}""", CompletionFormat.Sglang)]
    [InlineData("""{"output_token_logprobs":[[-0.1,5,null]],"input_token_ids_logprobs":[null,[[-0.5,10,null]]]}""", CompletionFormat.SglangPrompt)]
    [InlineData("""[{"id":10,"content":" a","probs":[{"tok_str":" a","prob":0.6065306597126334}]}]""", CompletionFormat.LlamaServer)]
    [InlineData("""{"tokens":[{"id":10,"text":" a","logprob":-0.5}]}""", CompletionFormat.TextGenerationInference)]
    [InlineData("""{"tokens":[10],"logprobs":[-0.5]}""", CompletionFormat.Plain)]
    [InlineData("""{"positions":[{"top":[[" a",-0.5]]}]}""", CompletionFormat.Plain)]
    public void Read_OfThePartAlone_FindsTheLayout(string json, CompletionFormat format)
    {
        var completion = Documents.Read(json);
        Assert.Equal(format, completion.Format);
        var score = Assert.Single(completion.Positions[^1].Scores);
        Assert.Equal("a", Letter(score.Token));
        Assert.Equal(-0.5, score.LogProbability, 1e-15);
    }

    [Fact]
    public void Read_OfPlainPositions_TakesBothForms()
    {
        var completion = Documents.Read(Documents.Plain);
        AssertScores(completion.Positions[0], ("a", -0.5, true), ("b", -1.25, true));
        AssertScores(completion.Positions[1], ("a", -1.5, true), ("b", -0.75, true));
        Assert.Equal(12, completion.Positions[1].Chosen!.Value.Id);
    }

    [Fact]
    public void Read_OfAnOldLlamaServer_TakesProbabilities()
    {
        var completion = Documents.Read(Documents.LlamaServerOld);
        AssertScores(completion.Positions[0], ("a", -0.5, true), ("b", -1.25, true));
        Assert.Equal(" a", completion.Positions[0].Chosen!.Value.Text);
    }

    /// <summary>vLLM's chat lists have the drawn token at their head, in place of the k-th: it says nothing about the rest.</summary>
    [Fact]
    public void Read_WhereTheDrawnTokenIsTheLeastListed_DoesNotRankIt()
    {
        var completion = Documents.Read("""
            {"choices":[{"logprobs":{"content":[{"token":" c","logprob":-9.5,"top_logprobs":[{"token":" c","logprob":-9.5},{"token":" a","logprob":-0.5},{"token":" b","logprob":-1.5}]}]}}]}
            """);
        AssertScores(completion.Positions[0], ("a", -0.5, true), ("b", -1.5, true), ("c", -9.5, false));
    }

    [Theory]
    [InlineData("-9999.0")]
    [InlineData("-3.4028234663852886e+38")]
    [InlineData("-3.4028235e38")]
    [InlineData("null")]
    public void Read_OfAPlaceholderForMinusInfinity_HasNoValue(string placeholder)
    {
        var completion = Documents.Read($$"""[{"top":[[10,-0.5],[11,{{placeholder}}]]}]""");
        Assert.True(completion.Positions[0].Scores[0].HasValue);
        Assert.False(completion.Positions[0].Scores[1].HasValue);
    }

    [Fact]
    public void Read_OfMinusInfinityAsAString_IsAnImpossibleToken()
    {
        var score = Documents.Read("""[{"top":[[10,-0.5],[11,"-Infinity"]]}]""").Positions[0].Scores[1];
        Assert.True(score.HasValue);
        Assert.Equal(double.NegativeInfinity, score.LogProbability);
    }

    [Fact]
    public void Read_OfNullPositions_KeepsThemEmpty()
    {
        var echoed = Documents.Read("""{"choices":[{"logprobs":{"tokens":["x"," a"],"token_logprobs":[null,-0.5],"top_logprobs":[null,{" a":-0.5," b":-1.25}]}}]}""");
        Assert.Empty(echoed.Positions[0].Scores);
        Assert.Equal("x", echoed.Positions[0].Chosen!.Value.Text);
        Assert.Equal(2, echoed.Positions[1].Scores.Count);
    }

    [Theory]
    [InlineData("-0.12345,-1.1", 5e-6)]
    [InlineData("-0.123456,-1.1", 1e-6)]
    [InlineData("-0.1234567891234,-1.1", 5e-14)]
    [InlineData("-0.12345678912345678,-1.1", 0)]
    [InlineData("-0.4043826460838318,-1.779382586479187", 6e-8)]
    [InlineData("-1.5e-5,-1.1", 5e-7)]
    public void Read_OfRoundedNumbers_KnowsHowRounded(string numbers, double atMost)
    {
        var scores = Documents.Read($$"""{"tokens":[1,2],"logprobs":[{{numbers}}]}""").Positions[0].Scores;
        Assert.InRange(scores[0].Uncertainty, atMost / 2.1, atMost * (1 + 1e-12));
    }

    private static void AssertScores(CompletionPosition position, params (string Letter, double Log, bool IsRanked)[] expected)
    {
        var scores = position.Scores.OrderBy(score => Letter(score.Token), StringComparer.Ordinal).ToList();
        Assert.Equal(expected.Select(token => (token.Letter, token.IsRanked)), scores.Select(score => (Letter(score.Token), score.IsRanked)));
        foreach (var (score, token) in scores.Zip(expected)) Assert.Equal(token.Log, score.LogProbability, 1e-14);
    }

    private static string Letter(TokenName token) => token.Text?.Trim() ?? token.Id switch { 10 => "a", 11 => "b", 12 => "c", _ => "?" };
}
