using System.Text;
using KlApi.Tests.Host;

namespace KlApi.Tests.Texts;

public sealed class CompareNGramsTests(Service service) : IClassFixture<Service>
{
    private const string Path = "/v1/text/ngram-divergence";

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Compare_TwoTexts_AnswersEverything()
    {
        var answer = await Post("""{ "p": "a a a b", "q": ["A b b b"], "lowercase": true, "unit": "bits", "smoothing": { "method": "none" }, "top": 1 }""");
        Assert.Equal(200, answer.Status);
        var json = answer.Json;
        Assert.Equal(("bits", 1, "word", 2, 0), ((string?)json["unit"], (int?)json["order"], (string?)json["tokens"], (int?)json["vocabulary"], (int?)json["outOfVocabulary"]));
        Assert.Equal("""{"texts":1,"tokens":4,"ngrams":4,"distinct":2,"massOutsideOther":0}""", json["p"]!.ToJsonString());
        // (3/4 - 1/4) log2 3.
        Assert.Equal(Math.Log2(3) / 2, (double)json["forward"]!["value"]!, 1e-15);
        Assert.Equal(("forward", "estimate", "exact"), ((string?)json["forward"]!["direction"], (string?)json["forward"]!["method"], (string?)json["results"]![0]!["method"]));
        Assert.Equal(6, json["results"]!.AsArray().Count);
        Assert.Equal(0.125 / Math.Log(2), (double)json["forward"]!["bias"]!["p"]!, 1e-15);
        var first = json["contributors"]!["forward"]!.AsArray().Single()!;
        Assert.Equal(("a", 3, 1, 0.75, 0.25), ((string?)first["ngram"], (int?)first["countP"], (int?)first["countQ"], (double)first["p"]!, (double)first["q"]!));
        Assert.Equal(0.75 * Math.Log2(3), (double)first["contribution"]!, 1e-15);
        Assert.Equal(0.25 * Math.Log2(3) - 0.75 * Math.Log2(3) + 0.5 * Math.Log2(3), (double)json["entropy"]!["p"]! - (double)json["entropy"]!["q"]!, 1e-12);
    }

    [Fact]
    public async Task Compare_Datasets_IsAsTheTextsThemselves()
    {
        var lines = await Upload("one two\nthree\n", "text/plain");
        var rows = await Upload("""
            { "id": 1, "body": "one two" }
            { "id": 2, "body": "three" }
            """, "application/x-ndjson");
        // The lines of a text run on, rows do not.
        Assert.Equal(2, (int?)(await Post($$"""{ "p": { "dataset": "{{lines}}" }, "q": "one two", "order": 2 }""")).Json["p"]!["ngrams"]);
        Assert.Equal(1, (int?)(await Post($$"""{ "p": { "dataset": "{{rows}}", "column": "body" }, "q": "one two", "order": 2 }""")).Json["p"]!["ngrams"]);
        Assert.NotNull((await Post($$"""{ "p": { "dataset": "{{rows}}", "column": "none" }, "q": "one two" }""")).ErrorAt("/p/column"));
        Assert.NotNull((await Post("""{ "p": "one", "q": { "dataset": "01K00000000000000000000000" } }""")).ErrorAt("/q/dataset"));
    }

    [Fact]
    public async Task Compare_WithoutSmoothing_AnswersInfinityInWords()
    {
        var answer = await Post("""{ "p": "a b", "q": "a", "smoothing": { "method": "none" } }""");
        Assert.Equal(("Infinity", "Infinity"), ((string?)answer.Json["results"]![0]!["value"], (string?)answer.Json["forward"]!["value"]));
        Assert.Null(answer.Json["forward"]!["standardError"]);
        Assert.Equal("Infinity", (string?)answer.Json["contributors"]!["forward"]![0]!["contribution"]);
    }

    [Theory]
    [InlineData("""{ "p": "a" }""", "/q")]
    [InlineData("""{ "p": "", "q": "a" }""", "/p")]
    [InlineData("""{ "p": " \n\t", "q": "a" }""", "/p")]
    [InlineData("""{ "p": [], "q": "a" }""", "/p")]
    [InlineData("""{ "p": ["a", null], "q": "a" }""", "/p/1")]
    [InlineData("""{ "p": ["a", 3], "q": "a" }""", "/p/1")]
    [InlineData("""{ "p": 3, "q": "a" }""", "/p")]
    [InlineData("""{ "p": ["a b", "c"], "q": "a b c", "order": 3 }""", "/p")]
    [InlineData("""{ "p": "\ud800", "q": "a" }""", "/p")]
    [InlineData("""{ "p": ["a", "x\udc00y"], "q": "a" }""", "/p/1")]
    [InlineData("""{ "p": { "dataset": "" }, "q": "a" }""", "/p/dataset")]
    [InlineData("""{ "p": { "column": "text" }, "q": "a" }""", "/p")]
    [InlineData("""{ "p": "a", "q": "b", "order": 0 }""", "/order")]
    [InlineData("""{ "p": "a", "q": "b", "order": 6 }""", "/order")]
    [InlineData("""{ "p": "a", "q": "b", "order": 1.5 }""", "/order")]
    [InlineData("""{ "p": "a", "q": "b", "tokens": "words" }""", "/tokens")]
    [InlineData("""{ "p": "a", "q": "b", "minimumCount": 0 }""", "/minimumCount")]
    [InlineData("""{ "p": "a", "q": "b", "top": 1001 }""", "/top")]
    [InlineData("""{ "p": "a", "q": "b", "smoothing": { "method": "additive", "alpha": 0 } }""", "/smoothing/alpha")]
    [InlineData("""{ "p": "a", "q": "b", "smoothing": { "method": "dirichlet", "background": [0.5, 0.5] } }""", "/smoothing/background")]
    [InlineData("""{ "p": "a", "q": "b", "background": "pooled" }""", "/background")]
    [InlineData("""{ "p": "a", "q": "b", "measures": [ { "name": "wasserstein", "order": 1 } ] }""", "/measures/0")]
    [InlineData("""{ "p": "a", "q": "b", "measures": [ { "name": "renyi", "order": -1 } ] }""", "/measures/0/order")]
    [InlineData("""{ "p": "a", "q": "b", "unit": "bit" }""", "/unit")]
    [InlineData("""{ "p": "a", "q": "b", "n": 2 }""", "/n")]
    public async Task Compare_WhatIsNotValid_Is400AtItsPlace(string body, string pointer)
    {
        var answer = await Post(body);
        Assert.Equal((400, "invalid-input"), (answer.Status, (string?)answer.Json["code"]));
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Fact]
    public async Task Compare_BytesThatAreNoUtf8_Is400()
    {
        var body = new ByteArrayContent([.. "{ \"p\": \"a"u8, 0xC3, 0x28, .. "\", \"q\": \"a\" }"u8]);
        body.Headers.ContentType = new("application/json");
        Assert.Equal(400, (await _client.Ask(new HttpRequestMessage(HttpMethod.Post, Path) { Content = body })).Status);
    }

    [Fact]
    public async Task Compare_GoodTuringWithoutSingletons_Is422() =>
        Assert.Equal((422, "no-singletons"), await Refused("""{ "p": "a a b b", "q": "a b b a", "smoothing": { "method": "good-turing" } }"""));

    [Fact]
    public async Task Compare_OtherMediaType_Is415() => Assert.Equal(415, (await _client.PostJson(Path, "a", "text/plain")).Status);

    [Fact]
    public async Task Compare_TextsThatAreTooLong_Is413()
    {
        using var small = new Service().With("KlService:Limits:TextCharacters", "10");
        Assert.Equal(413, (await small.CreateClient().PostJson(Path, """{ "p": "aaaaaa", "q": "bbbbbb" }""")).Status);
        Assert.Equal(200, (await small.CreateClient().PostJson(Path, """{ "p": "aaaaa", "q": "bbbbb" }""")).Status);
    }

    [Fact]
    public async Task Compare_AMillionTokens_IsAnsweredInSeconds()
    {
        var text = new StringBuilder(1_200_000);
        for (var i = 0u; text.Length < 1_000_000; i++) text.Append((char)('a' + (i * 2654435761u >> 16) % 26));
        var answer = await Post($$"""{ "p": "{{text}}", "q": "{{text}}", "tokens": "character", "order": 5, "top": 1 }""");
        Assert.Equal((200, 999_996), (answer.Status, (int?)answer.Json["p"]!["ngrams"]));
        Assert.Equal(0, (double)answer.Json["forward"]!["value"]!);
    }

    private Task<Answer> Post(string body) => _client.PostJson(Path, body);

    private async Task<(int, string?)> Refused(string body)
    {
        var answer = await Post(body);
        return (answer.Status, (string?)answer.Json["code"]);
    }

    private async Task<string> Upload(string content, string mediaType)
    {
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        body.Headers.ContentType = new(mediaType);
        return (string)(await _client.Ask(new HttpRequestMessage(HttpMethod.Post, "/v1/datasets") { Content = body })).Json["id"]!;
    }
}
