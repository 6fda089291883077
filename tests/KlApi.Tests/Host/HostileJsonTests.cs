using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace KlApi.Tests.Host;

/// <summary>Bodies that nobody sends by accident: each is refused in words, none is a fault of the service.</summary>
public sealed class HostileJsonTests(Service service) : IClassFixture<Service>
{
    private const string Path = "/v1/divergences";

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task MalformedJson_AloneOrInPlace_IsRefused()
    {
        var values = MalformedJson.Values().ToList();
        Assert.True(values.Count > 150);
        foreach (var value in values)
        {
            await AssertRefused(value, Show(value));
            await AssertRefused([.. "{\"p\":[0.5,0.5],\"q\":"u8, .. value, .. "}"u8], Show(value) + " in place");
            await AssertRefused([.. "{\"p\":[0.5,0.5],\"q\":[0.5,"u8, .. value, .. "]}"u8], Show(value) + " in an array");
        }
    }

    /// <summary>The public suite (github.com/nst/JSONTestSuite, folder test_parsing; its licence is in the archive), alone and in place.</summary>
    [Fact]
    public async Task JsonTestSuite_IsRefusedOrTakenAsItSays()
    {
        using var suite = await ZipFile.OpenReadAsync(Repository.PathOf("tests", "KlApi.Tests", "Host", "json-test-suite.zip"));
        var files = suite.Entries.Where(entry => entry.Name.EndsWith(".json", StringComparison.Ordinal)).ToList();
        Assert.Equal(318, files.Count);
        foreach (var file in files)
        {
            var name = file.Name;
            using var content = new MemoryStream();
            await using (var stream = await file.OpenAsync()) await stream.CopyToAsync(content);
            var value = content.ToArray();
            byte[] inPlace = [.. "{\"p\":[1],\"q\":"u8, .. value, .. "}"u8];
            if (name.StartsWith("n_", StringComparison.Ordinal))
            {
                await AssertRefused(value, name);
                await AssertRefused(inPlace, name + " in place");
            }
            else
            {
                Assert.True((await Post(value)).Status < 500, name);
                Assert.True((await Post(inPlace)).Status < 500, name + " in place");
            }
        }
    }

    [Theory]
    [InlineData("""{ "p": [1e400], "q": [1] }""", "/p/0")]
    [InlineData("""{ "p": [-1e400, 1], "q": [1, 0] }""", "/p/0")]
    [InlineData("""{ "p": ["NaN"], "q": [1] }""", "/p/0")]
    [InlineData("""{ "p": ["1"], "q": [1] }""", "/p/0")]
    [InlineData("""{ "p": [1], "p": [1], "q": [1] }""", "/p")]
    [InlineData("""{ "p": [1], "q": [1], "Q": [1] }""", "/Q")]
    [InlineData("""{ "p": [1], "q": [1], "\u0071": [1] }""", "/q")]
    [InlineData("""{ "p": [1] }""", "/q")]
    [InlineData("""{ "p": null, "q": [1] }""", "/p")]
    [InlineData("""{ "p": { "0": 1 }, "q": [1] }""", "/p")]
    [InlineData("""{ "p": [[1]], "q": [1] }""", "/p/0")]
    [InlineData("""{ "p": [1], "q": [1], "__proto__": { "x": 1 } }""", "/__proto__")]
    [InlineData("""{ "p": [1], "q": [1], "measures": [{ "$type": "System.IO.FileInfo" }] }""", "/measures/0/name")]
    [InlineData("""{ "p": [1], "q": [1], "tolerance": "Infinity" }""", "/tolerance")]
    [InlineData("""{ "p": [0.5, 0.6], "q": [0.5, 0.5] }""", "/p")]
    [InlineData("""{ "p": [], "q": [] }""", "/p")]
    [InlineData("""{ "p": [1.2, -0.2], "q": [0.5, 0.5] }""", "/p/1")]
    public async Task Value_ThatMakesNoSense_IsNamedByPointer(string json, string pointer)
    {
        var answer = await _client.PostJson(Path, json);
        Assert.Equal(400, answer.Status);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Fact]
    public async Task Document_NestedAHundredThousandDeep_IsRefusedAtOnce()
    {
        foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}"), ("{\"p\":[", "]}") })
        {
            var bomb = string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + string.Concat(Enumerable.Repeat(close, 100_000));
            var clock = Stopwatch.StartNew();
            Assert.Equal(400, (await _client.PostJson(Path, bomb)).Status);
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"{clock.Elapsed}");
        }
    }

    [Fact]
    public async Task Object_WithTwentyThousandUnknownKeys_IsRefusedInTime()
    {
        var json = $$"""{ {{string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"\"k{i}\": {i}"))}} }""";
        var clock = Stopwatch.StartNew();
        var answer = await _client.PostJson(Path, json);
        Assert.Equal(400, answer.Status);
        Assert.InRange(answer.Json["errors"]!.AsObject().Count, 1, 100);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"{clock.Elapsed}");
    }

    [Fact]
    public async Task Array_OfTenMillion_IsAnsweredOrRefusedClearly()
    {
        var zeros = string.Join(',', Enumerable.Repeat("0", 10_000_000));
        var answer = await _client.PostJson(Path, $$"""{ "p": [{{zeros}}], "q": [1] }""");
        Assert.True(answer.Status is 400 or 413, answer.Text);
        AssertProblem(answer, "ten million");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=nonsense")]
    [InlineData("application/json; charset=\"\"")]
    [InlineData("application/octet-stream")]
    [InlineData("application/jsonp")]
    public async Task MediaType_ThatIsNotJsonInUtf8_IsAnsweredWith415(string mediaType)
    {
        var content = new ByteArrayContent("""{ "p": [1], "q": [1] }"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        var answer = await _client.Ask(new HttpRequestMessage(HttpMethod.Post, Path) { Content = content });
        Assert.Equal(415, answer.Status);
        AssertProblem(answer, mediaType);
    }

    [Fact]
    public async Task MediaType_Missing_IsAnsweredWith415()
    {
        var answer = await _client.Ask(new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent("{}"u8.ToArray()) });
        Assert.Equal(415, answer.Status);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    public async Task CompressedBody_IsAnsweredWith415(string encoding)
    {
        var content = new StringContent("""{ "p": [1], "q": [1] }""", Encoding.UTF8, "application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        Assert.Equal(415, (await _client.Ask(new HttpRequestMessage(HttpMethod.Post, Path) { Content = content })).Status);
    }

    [Fact]
    public async Task Body_LargerThanTheLimit_IsAnsweredWith413()
    {
        using var small = new Service().With("KlService:Limits:JsonBytes", "2048");
        var answer = await small.CreateClient().PostJson(Path, $$"""{ "p": [{{new string(' ', 3000)}}1], "q": [1] }""");
        Assert.Equal(413, answer.Status);
        AssertProblem(answer, "too large");
    }

    [Fact]
    public async Task Body_Empty_IsRefusedInWords()
    {
        var answer = await _client.PostJson(Path, "");
        Assert.Equal(400, answer.Status);
        AssertProblem(answer, "empty");
    }

    private async Task AssertRefused(byte[] body, string name)
    {
        var answer = await Post(body);
        Assert.True(answer.Status == 400, $"{name}: {answer.Status} {answer.Text}");
        AssertProblem(answer, name);
    }

    private Task<Answer> Post(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return _client.Ask(new HttpRequestMessage(HttpMethod.Post, Path) { Content = content });
    }

    private static void AssertProblem(Answer answer, string name)
    {
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.False(string.IsNullOrWhiteSpace((string?)answer.Json["detail"]), name);
        Assert.True(Leaks.FindIn(answer.Text) is null, $"{name}: {answer.Text}");
    }

    private static string Show(byte[] value) => Encoding.Latin1.GetString(value);
}
