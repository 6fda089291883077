using System.Text;
using System.Text.Json;
using KlCore.Logprobs;
using KlCore.Logprobs.Completions;

namespace KlCore.Tests.Logprobs;

/// <summary>Documents that are not what they seem to be.</summary>
public sealed class CompletionFailureTests
{
    [Theory]
    [InlineData("""[{"top":[[10,0.5]]}]""", "/0/top/0/1", "must be a log-probability, at most 0, was 0.5")]
    [InlineData("""[{"top":[[10,"NaN"]]}]""", "/0/top/0/1", "must be a log-probability")]
    [InlineData("""[{"top":[[10,true]]}]""", "/0/top/0/1", "must be a log-probability")]
    [InlineData("""[{"top":[[10,-1e999]]}]""", "/0/top/0/1", "must be within the range of a double")]
    [InlineData("""[{"top":[[10,-1],[10,-2]]}]""", "/0", "must name each token once")]
    [InlineData("""[{"top":[[-1,-1]]}]""", "/0/top/0/0", "must be a token id")]
    [InlineData("""[{"top":[[1.5,-1]]}]""", "/0/top/0/0", "must be a token id")]
    [InlineData("""[{"top":[]}]""", "/0", "must score at least one token")]
    [InlineData("""[{"top":[[10]]}]""", "/0/top/0", "must be [token, logprob]")]
    [InlineData("""[{"tokens":[1,2],"logprobs":[-1]}]""", "/0/logprobs", "must have a number for each of the 2 tokens, had 1")]
    [InlineData("""{"top_logprobs":[{"a":-1,"a":-2}]}""", "/top_logprobs/0/a", "must be given once")]
    [InlineData("""{"tokens":["a"],"token_logprobs":[-1,-2],"top_logprobs":[{"a":-1}]}""", "/tokens", "must have an element for each of the 2 positions, had 1")]
    [InlineData("""{"content":[{"token":"a","logprob":-1,"bytes":[300]}]}""", "/content/0/bytes/0", "must be a byte")]
    [InlineData("""{"prompt_logprobs":[{"10":{"logprob":-1},"x":{"logprob":-2}}]}""", "/prompt_logprobs/0/x", "must be under the token's id")]
    [InlineData("""{"completion_probabilities":[{"token":"a","prob":1.5}]}""", "/completion_probabilities/0/prob", "must be a probability")]
    [InlineData("""{"logprobs":[[[-1,-2]]],"logprob_token_ids":[[[1]]]}""", "/logprob_token_ids/0/0", "must be an array of as many elements")]
    [InlineData("""{"choices":[{"message":{"content":"a"},"logprobs":null}]}""", "", "must be an answer with log-probabilities")]
    [InlineData("[]", "", "must be an answer with log-probabilities")]
    [InlineData("3", "", "must be an answer with log-probabilities")]
    public void Read_OfADocumentThatIsWrong_SaysWhere(string json, string pointer, string message)
    {
        var failures = Documents.Failures(json);
        Assert.Contains(pointer, failures.Keys);
        Assert.StartsWith(message, failures[pointer][0], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_InAnotherFormatThanSaid_IsRefused() =>
        Assert.Contains("has no log-probabilities where this format has them", Documents.Failures(Documents.OpenAiChat, CompletionFormat.VllmPrompt)[""]);

    /// <summary>Ten thousand documents broken in one place or two: each is read or refused, none is a surprise.</summary>
    [Fact]
    public void Comparison_OfMutatedDocuments_IsAnsweredOrRefused()
    {
        string[] seeds =
        [
            Documents.OpenAiChat, Documents.Responses, Documents.Completion, Documents.CompletionWithIds, Documents.VllmPrompt, Documents.SgLang, Documents.SgLangPrompt,
            Documents.LlamaServer, Documents.LlamaServerSampled, Documents.LlamaServerOld, Documents.TextGenerationInference, Documents.Ollama, Documents.Trl, Documents.Plain,
        ];
        string[] words =
        [
            "null", "true", "[]", "{}", "\"\"", "-1", "0", "-0.0", "-1e999", "1e-320", "-5e-324", "-1e308", "\"-Infinity\"", "\"\\ud800\"", "\"\\u0000\"", "[[]]", "[null]", "-9999.0", "-3.4028235e38",
            "2147483648", "1.5", "\"token_id:7\"", "\"token_id:\"", "{\"10\":{\"logprob\":-1}}", "[[-1,10,null]]",
        ];
        var random = new Random(11);
        var (answered, refused) = (0, 0);
        for (var i = 0; i < 10_000; i++)
        {
            var seed = seeds[i % seeds.Length];
            var text = Mutated(seed, words, random);
            if (random.Next(3) == 0) text = Mutated(text, words, random);
            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(text);
            }
            catch (JsonException)
            {
                continue;
            }

            using (document)
            {
                try
                {
                    var problems = new Problems();
                    var p = Completion.TryRead(document.RootElement, problems.At("p"));
                    Assert.Equal(p is null, problems.Any);
                    problems.ThrowIfAny();
                    var comparison = CompletionComparison.Of(p!, Documents.Read(seed), new BoundOptions { Vocabulary = random.Next(2) == 0 ? 1000 : null, Floor = random.Next(2) == 0 ? -30 : null });
                    Assert.All(comparison.Positions, position => Assert.All(position.Bounds.Beside([1], [1]), entry => Assert.True(entry.Bracket.Lower >= 0 && entry.Bracket.Lower <= entry.Bracket.Upper, $"{entry.Name} {entry.Bracket} of {text}")));
                    answered++;
                }
                catch (Exception expected) when (expected is InvalidInputException or NotComputableException)
                {
                    refused++;
                }
            }
        }

        Assert.True(answered > 1000 && refused > 1000, $"{answered} answered, {refused} refused");
    }

    private static string Mutated(string json, string[] words, Random random)
    {
        static bool Ends(char character) => character is ',' or ':' or '[' or ']' or '{' or '}';
        var at = random.Next(json.Length);
        var (start, end) = (at, at);
        while (start > 0 && !Ends(json[start - 1])) start--;
        while (end < json.Length && !Ends(json[end])) end++;
        return new StringBuilder().Append(json, 0, start).Append(words[random.Next(words.Length)]).Append(json, end, json.Length - end).ToString();
    }
}
