using System.Text.Json;
using KlCore.Logprobs.Completions;

namespace KlCore.Tests.Logprobs;

/// <summary>
/// One and the same two positions, as each server writes them: tokens " a" (10), " b" (11), " c" (12), of which " a" and then " c" was drawn; " c"
/// is beyond the two listed.
/// </summary>
internal static class Documents
{
    public const string OpenAiChat =
        """
        {"id":"chatcmpl-B","object":"chat.completion","created":1741570283,"model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":" a c","refusal":null},
         "logprobs":{"content":[
          {"token":" a","logprob":-0.5,"bytes":[32,97],"top_logprobs":[{"token":" a","logprob":-0.5,"bytes":[32,97]},{"token":" b","logprob":-1.25,"bytes":[32,98]}]},
          {"token":" c","logprob":-3.125,"bytes":[32,99],"top_logprobs":[{"token":" b","logprob":-0.75,"bytes":[32,98]},{"token":" a","logprob":-1.5,"bytes":[32,97]}]}],"refusal":null},
         "finish_reason":"stop"}],"usage":{"total_tokens":12},"system_fingerprint":"fp_1"}
        """;

    public const string Responses =
        """
        {"id":"resp_1","object":"response","output":[{"type":"reasoning","summary":[]},{"type":"message","content":[{"type":"output_text","text":" a c","annotations":[],"logprobs":[
          {"token":" a","logprob":-0.5,"bytes":[32,97],"top_logprobs":[{"token":" a","logprob":-0.5,"bytes":[32,97]},{"token":" b","logprob":-1.25,"bytes":[32,98]}]},
          {"token":" c","logprob":-3.125,"bytes":[32,99],"top_logprobs":[{"token":" b","logprob":-0.75,"bytes":[32,98]},{"token":" a","logprob":-1.5,"bytes":[32,97]}]}]}]}]}
        """;

    public const string Completion =
        """
        {"id":"cmpl-1","object":"text_completion","choices":[{"index":0,"text":" a c","logprobs":{"text_offset":[0,2],"tokens":[" a"," c"],"token_logprobs":[-0.5,-3.125],
         "top_logprobs":[{" a":-0.5," b":-1.25},{" c":-3.125," b":-0.75," a":-1.5}]},"finish_reason":"length"}]}
        """;

    public const string CompletionWithIds =
        """
        {"choices":[{"text":" a c","logprobs":{"tokens":["token_id:10","token_id:12"],"token_logprobs":[-0.5,-3.125],
         "top_logprobs":[{"token_id:10":-0.5,"token_id:11":-1.25},{"token_id:12":-3.125,"token_id:11":-0.75,"token_id:10":-1.5}]}}]}
        """;

    public const string VllmPrompt =
        """
        {"id":"cmpl-2","choices":[{"index":0,"text":"","logprobs":null,"prompt_logprobs":[null,
          {"10":{"logprob":-0.5,"rank":1,"decoded_token":" a"},"11":{"logprob":-1.25,"rank":2,"decoded_token":" b"}},
          {"12":{"logprob":-3.125,"rank":7,"decoded_token":" c"},"11":{"logprob":-0.75,"rank":1,"decoded_token":" b"},"10":{"logprob":-1.5,"rank":2,"decoded_token":" a"}}]}]}
        """;

    public const string SgLang =
        """
        {"text":" a c","meta_info":{"id":"1","prompt_tokens":4,"input_token_logprobs":[],"input_top_logprobs":[],
         "output_token_logprobs":[[-0.5,10,null],[-3.125,12,null]],"output_top_logprobs":[[[-0.5,10," a"],[-1.25,11," b"]],[[-0.75,11," b"],[-1.5,10," a"]]]}}
        """;

    public const string SgLangPrompt =
        """
        [{"text":"","meta_info":{"input_token_logprobs":[[null,1,null],[-0.5,10,null],[-3.125,12,null]],"input_top_logprobs":[null,[[-0.5,10,null],[-1.25,11,null]],[[-0.75,11,null],[-1.5,10,null]]],
         "output_token_logprobs":[[-0.1,5,null]],"output_top_logprobs":[[]]}}]
        """;

    public const string LlamaServer =
        """
        {"index":0,"content":" a c","tokens":[10,12],"stop":true,"completion_probabilities":[
          {"id":10,"token":" a","bytes":[32,97],"logprob":-0.5,"top_logprobs":[{"id":10,"token":" a","bytes":[32,97],"logprob":-0.5},{"id":11,"token":" b","bytes":[32,98],"logprob":-1.25}]},
          {"id":12,"token":" c","bytes":[32,99],"logprob":-3.125,"top_logprobs":[{"id":11,"token":" b","bytes":[32,98],"logprob":-0.75},{"id":10,"token":" a","bytes":[32,97],"logprob":-1.5}]}]}
        """;

    public const string LlamaServerSampled =
        """
        {"content":" a c","completion_probabilities":[
          {"id":10,"token":" a","bytes":[32,97],"prob":0.6065306597126334,"top_probs":[{"id":10,"token":" a","bytes":[32,97],"prob":0.6065306597126334},{"id":11,"token":" b","bytes":[32,98],"prob":0.2865047968601901}]},
          {"id":12,"token":" c","bytes":[32,99],"prob":0.04393693362340742,"top_probs":[{"id":11,"token":" b","bytes":[32,98],"prob":0.4723665527410147},{"id":10,"token":" a","bytes":[32,97],"prob":0.22313016014842982}]}]}
        """;

    public const string LlamaServerOld =
        """
        {"content":" a","completion_probabilities":[{"content":" a","probs":[{"tok_str":" a","prob":0.6065306597126334},{"tok_str":" b","prob":0.2865047968601901}]}]}
        """;

    public const string TextGenerationInference =
        """
        {"generated_text":" a c","details":{"finish_reason":"length","generated_tokens":2,"seed":null,"prefill":[{"id":1,"text":"<s>","logprob":null}],
         "tokens":[{"id":10,"text":" a","logprob":-0.5,"special":false},{"id":12,"text":" c","logprob":-3.125,"special":false}],
         "top_tokens":[[{"id":10,"text":" a","logprob":-0.5,"special":false},{"id":11,"text":" b","logprob":-1.25,"special":false}],
                       [{"id":11,"text":" b","logprob":-0.75,"special":false},{"id":10,"text":" a","logprob":-1.5,"special":false}]]}}
        """;

    public const string Ollama =
        """
        {"model":"llama3.2","response":" a c","done":true,"logprobs":[
          {"token":" a","logprob":-0.5,"bytes":[32,97],"top_logprobs":[{"token":" a","logprob":-0.5,"bytes":[32,97]},{"token":" b","logprob":-1.25,"bytes":[32,98]}]},
          {"token":" c","logprob":-3.125,"bytes":[32,99],"top_logprobs":[{"token":" b","logprob":-0.75,"bytes":[32,98]},{"token":" a","logprob":-1.5,"bytes":[32,97]}]}]}
        """;

    public const string Trl =
        """{"logprobs":[[[-0.5,-1.25],[-0.75,-1.5]]],"logprob_token_ids":[[[10,11],[11,10]]],"actual_logprobs":[[[-0.5],[-3.125]]],"completion_ids":[[10,12]]}""";

    public const string Plain = """[{"tokens":[10,11],"logprobs":[-0.5,-1.25],"chosen":10},{"top":[[11,-0.75],[10,-1.5]],"chosen":12}]""";

    public static Completion Read(string json, CompletionFormat format = CompletionFormat.Auto)
    {
        var problems = new Problems();
        using var document = JsonDocument.Parse(json);
        var completion = Completions(document.RootElement, problems, format);
        problems.ThrowIfAny();
        return completion!;
    }

    public static IReadOnlyDictionary<string, string[]> Failures(string json, CompletionFormat format = CompletionFormat.Auto)
    {
        var problems = new Problems();
        using var document = JsonDocument.Parse(json);
        Assert.Null(Completions(document.RootElement, problems, format));
        return problems.ByPointer();
    }

    private static Completion? Completions(JsonElement root, Problems problems, CompletionFormat format) => KlCore.Logprobs.Completions.Completion.TryRead(root, problems, format);
}
