using KlCore.Logprobs;
using KlCore.Logprobs.Completions;

namespace KlCore.Tests.Logprobs;

public sealed class CompletionComparisonTests
{
    [Fact]
    public void Comparison_AcrossServers_MatchesByWhatBothHave()
    {
        Assert.Equal(TokenKey.TokenId, Compare(Documents.LlamaServer, Documents.SgLang).Key);
        Assert.Equal(TokenKey.Bytes, Compare(Documents.OpenAiChat, Documents.LlamaServer).Key);
        Assert.Equal(TokenKey.Bytes, Compare(Documents.OpenAiChat, Documents.Completion).Key);
        Assert.Equal(TokenKey.Text, Compare(Documents.Completion, Documents.TextGenerationInference).Key);
        foreach (var (p, q) in new[] { (Documents.LlamaServer, Documents.SgLang), (Documents.OpenAiChat, Documents.LlamaServer), (Documents.Completion, Documents.TextGenerationInference) })
        {
            var comparison = Compare(p, q);
            Assert.Equal(2, comparison.Positions.Count);
            Assert.All(comparison.Positions, position => Assert.InRange(position.Bounds.Forward.Lower, 0, 1e-12));
            Assert.All(comparison.Positions, position => Assert.Equal((2, 2, true), (position.TopK, position.Shared, position.SameTop1)));
        }
    }

    [Fact]
    public void Comparison_WithoutACommonName_IsRefused() =>
        Assert.Equal("keys-differ", Assert.Throws<NotComputableException>(() => Compare(Documents.CompletionWithIds, Documents.Completion)).Code);

    [Fact]
    public void Comparison_WhereTwoTokensHaveOneText_IsRefused()
    {
        const string Collides = """{"content":[{"token":"x","logprob":-1,"top_logprobs":[{"token":"x","logprob":-1},{"token":"\ufffd","logprob":-2},{"token":"\ufffd","logprob":-3}]}]}""";
        Assert.Equal("ambiguous-token-key", Assert.Throws<NotComputableException>(() => Compare(Collides, Collides)).Code);
        const string Told = """{"content":[{"token":"x","logprob":-1,"bytes":[120],"top_logprobs":[{"token":"x","bytes":[120],"logprob":-1},{"token":"\ufffd","bytes":[226],"logprob":-2},{"token":"\ufffd","bytes":[227],"logprob":-3}]}]}""";
        Assert.Equal(TokenKey.Bytes, Compare(Told, Told).Key);
    }

    /// <summary>The models were asked the same up to and with the first token that differs, and not after.</summary>
    [Fact]
    public void Comparison_OfTextsThatPart_StopsThere()
    {
        const string P = """[{"top":[[1,-0.5]],"chosen":1},{"top":[[2,-0.5]],"chosen":2},{"top":[[3,-0.5]],"chosen":3}]""";
        const string Q = """[{"top":[[1,-0.7]],"chosen":1},{"top":[[2,-0.7]],"chosen":9},{"top":[[3,-0.7]],"chosen":3}]""";
        var byTokens = Compare(P, Q);
        Assert.Equal((2, 1), (byTokens.Positions.Count, byTokens.StoppedAt));
        var byIndex = CompletionComparison.Of(Documents.Read(P), Documents.Read(Q), new BoundOptions(), Alignment.Index);
        Assert.Equal((3, null), (byIndex.Positions.Count, byIndex.StoppedAt));
        Assert.Equal((3, null), (Compare(P, P).Positions.Count, Compare(P, P).StoppedAt));
    }

    [Fact]
    public void Comparison_OfPrompts_AlignsEveryPositionThatIsScored()
    {
        var comparison = Compare(Documents.VllmPrompt, Documents.VllmPrompt);
        Assert.Equal([1, 2], comparison.Positions.Select(position => position.Index));
        Assert.Null(comparison.StoppedAt);
        Assert.Empty(BesideCoarseness(comparison));
    }

    /// <summary>
    /// The token of the prompt has rank 7: its value counts, but it caps nothing. The rest of 0.26 then fits into two more tokens of at most e^-1.5; were
    /// e^-3.125 the cap, a vocabulary of five would have no room for it.
    /// </summary>
    [Fact]
    public void Comparison_WithTheTokenBeyondTheList_UsesItsValueAndNotAsCap()
    {
        var prompt = Documents.Read("""[null,{"2":{"logprob":-3.125,"rank":7},"0":{"logprob":-0.75,"rank":1},"1":{"logprob":-1.5,"rank":2}}]""");
        var position = CompletionComparison.Of(prompt, prompt, new BoundOptions { Vocabulary = 5 }).Positions[0];
        Assert.Equal(2, position.TopK);
        Assert.Equal(Math.Exp(-0.75) + Math.Exp(-1.5) + Math.Exp(-3.125), position.CoverageP, 1e-12);
    }

    /// <summary>All of p is scored under q, so its tail is one bucket, and the tight bound equals it where no cap binds.</summary>
    [Fact]
    public void Comparison_WhereAllOfPIsScored_HasATailBucket()
    {
        const string P = """[{"top":[[1,-0.50000000],[2,-1.50000000]]}]""";
        const string Q = """{"output_top_logprobs":[[[-0.70000000,1,null],[-1.40000000,3,null]]],"output_token_ids_logprobs":[[[-2.50000000,2,null]]]}""";
        var bounds = Compare(P, Q).Positions[0].Bounds;
        var (p1, p2, q1, q2) = (Math.Exp(-0.5), Math.Exp(-1.5), Math.Exp(-0.7), Math.Exp(-2.5));
        var bucket = p1 * 0.2 + p2 * 1.0 + (1 - p1 - p2) * Math.Log((1 - p1 - p2) / (1 - q1 - q2));
        Assert.True(bounds.PIsScored);
        Assert.False(bounds.QIsScored);
        Assert.Equal(bucket, bounds.ForwardBucket, 1e-5);
        Assert.InRange(bounds.Forward.Lower, bounds.ForwardBucket - 1e-12, double.PositiveInfinity);
    }

    [Fact]
    public void Comparison_WithPlaceholders_WarnsAndClaimsNothing()
    {
        var comparison = CompletionComparison.Of(
            Documents.Read("""[{"top":[[1,-0.5],[2,-1.5]]}]"""), Documents.Read("""[{"top":[[1,-0.5],[2,-9999.0]]}]"""), new BoundOptions { Vocabulary = 100, Floor = -20 });
        var bounds = comparison.Positions[0].Bounds;
        Assert.True(bounds.Forward.Lower < 0.5, $"{bounds.Forward}");
        // The floor is of tokens that are not listed; this one may be impossible.
        Assert.Equal(double.PositiveInfinity, bounds.Forward.Upper);
        Assert.Contains(comparison.Warnings, warning => warning.Contains("placeholder", StringComparison.Ordinal));
        var impossible = CompletionComparison.Of(Documents.Read("""[{"top":[[1,-0.5],[2,-1.5]]}]"""), Documents.Read("""[{"top":[[1,0],[2,"-Infinity"]]}]"""), new BoundOptions());
        Assert.Equal(double.PositiveInfinity, impossible.Positions[0].Bounds.Forward.Lower);
    }

    [Fact]
    public void Comparison_OfARenormalisedListWithARawOne_Warns()
    {
        var comparison = Compare("""[{"top":[[1,-0.2231435513142097],[2,-1.6094379124341003]]}]""", """[{"top":[[1,-0.3],[2,-1.7]]}]""");
        Assert.Contains(comparison.Warnings, warning => warning.Contains("renormalised", StringComparison.Ordinal));
        Assert.Contains(comparison.Warnings, warning => warning.Contains("one side looks processed", StringComparison.Ordinal));
        Assert.Empty(BesideCoarseness(Compare(Documents.Plain, Documents.Plain)));
    }

    [Fact]
    public void Comparison_OfAnIdBeyondTheVocabulary_Warns()
    {
        var plain = Documents.Read(Documents.Plain);
        Assert.StartsWith("token 11 is scored", Assert.Single(BesideCoarseness(CompletionComparison.Of(plain, plain, new BoundOptions { Vocabulary = 11 }))), StringComparison.Ordinal);
        Assert.Empty(BesideCoarseness(CompletionComparison.Of(plain, plain, new BoundOptions { Vocabulary = 12 })));
    }

    [Fact]
    public void Comparison_WithoutACommonPosition_IsRefused() =>
        Assert.Equal("nothing-to-compare", Assert.Throws<NotComputableException>(() => Compare("""[{"top":[[1,-1]]},null]""", """[null,{"top":[[1,-1]]}]""")).Code);

    [Fact]
    public void Mean_OfPositions_IsTheMeanOfTheirBounds()
    {
        var comparison = Compare("""[{"top":[[1,-0.1]]},{"top":[[1,-0.9]]}]""", """[{"top":[[1,-0.4]]},{"top":[[1,-0.2]]}]""");
        Assert.Equal(comparison.Positions.Average(position => position.Bounds.JensenShannon.Upper), comparison.Mean.JensenShannon.Upper, 1e-15);
        Assert.Equal(comparison.Positions.Average(position => position.Bounds.Forward.Lower), comparison.Mean.Forward.Lower, 1e-15);
        Assert.Equal(double.PositiveInfinity, comparison.Mean.Forward.Upper);
    }

    /// <summary>The documents here have few digits, of which each comparison of them warns.</summary>
    private static IEnumerable<string> BesideCoarseness(CompletionComparison comparison) =>
        comparison.Warnings.Where(warning => !warning.StartsWith("coarse-values", StringComparison.Ordinal));

    private static CompletionComparison Compare(string p, string q) => CompletionComparison.Of(Documents.Read(p), Documents.Read(q), new BoundOptions());
}
