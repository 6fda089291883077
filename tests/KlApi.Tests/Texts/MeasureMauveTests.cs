using System.Xml.Linq;
using KlApi.Tests.Host;

namespace KlApi.Tests.Texts;

public sealed class MeasureMauveTests(Service service) : IClassFixture<Service>
{
    private const string Path = "/v1/text/mauve";

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Measure_Histograms_AnswersEverything()
    {
        var answer = await _client.PostJson(Path, """{ "p": [30, 25, 20, 15, 10], "q": [10, 25, 20, 15, 30] }""");
        Assert.Equal(200, answer.Status);
        // By an independent script; see the reference values of the core's tests.
        Assert.Equal(0.8763211180984629, (double)answer.Json["mauve"]!, 1e-12);
        Assert.Equal(0.8863136598714094, (double)answer.Json["mauveStar"]!, 1e-12);
        Assert.Equal(0.0704163133995671, (double)answer.Json["frontierIntegral"]!, 1e-12);
        Assert.Equal(("exact", 5, "[100,100]"), ((string?)answer.Json["method"], (int?)answer.Json["cells"], answer.Json["counts"]!.ToJsonString()));
        Assert.InRange((double)answer.Json["standardError"]!, 0.03, 0.2);
        var curve = answer.Json["curve"]!.AsArray();
        Assert.Equal(27, curve.Count);
        Assert.Equal("""{"weight":0,"klQ":0,"klP":"Infinity","x":1,"y":0}""", curve[0]!.ToJsonString());
    }

    [Fact]
    public async Task Measure_FeaturesOfADataset_IsAsTheRowsThemselves()
    {
        var upload = new ByteArrayContent("a,b\n1,0\n0.9,0.1\n0,1\n0.1,0.9\n"u8.ToArray());
        upload.Headers.ContentType = new("text/csv");
        var id = (string?)(await _client.Ask(new HttpRequestMessage(HttpMethod.Post, "/v1/datasets") { Content = upload })).Json["id"];
        const string Rows = "[[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]]", Q = "[[1, 0.1], [1, 0], [0.9, 0], [0, 1]]";
        var one = await _client.PostJson(Path, $$"""{ "p": { "dataset": "{{id}}" }, "q": {{Q}}, "seed": 3 }""");
        var other = await _client.PostJson(Path, $$"""{ "p": {{Rows}}, "q": {{Q}}, "seed": 3 }""");
        Assert.Equal((200, one.Text), (one.Status, other.Text));
        Assert.Equal(("estimate", 2), ((string?)one.Json["method"], (int?)one.Json["cells"]));
        Assert.NotNull((await _client.PostJson(Path, $$"""{ "p": { "dataset": "{{id}}", "columns": ["a", "c"] }, "q": {{Q}} }""")).ErrorAt("/p/columns/1"));
    }

    [Fact]
    public async Task Draw_AFrontier_IsASvgDocumentThatSaysWhatItShows()
    {
        var answer = await _client.PostJson(Path + "/chart.svg", """{ "p": [30, 25, 20, 15, 10], "q": [10, 25, 20, 15, 30] }""");
        Assert.Equal((200, "image/svg+xml"), (answer.Status, answer.MediaType));
        Assert.Contains("0.8763", XDocument.Parse(answer.Text).Root!.Elements().First(element => element.Name.LocalName == "desc").Value, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "p": [1, 2] }""", "/q")]
    [InlineData("""{ "p": [], "q": [] }""", "/p")]
    [InlineData("""{ "p": [1, 2], "q": [1, 2, 3] }""", "/q")]
    [InlineData("""{ "p": [1, -2], "q": [1, 2] }""", "/p/1")]
    [InlineData("""{ "p": [0, 0], "q": [1, 2] }""", "/p")]
    [InlineData("""{ "p": [1, "NaN"], "q": [1, 2] }""", "/p/1")]
    [InlineData("""{ "p": [1, "Infinity"], "q": [1, 2] }""", "/p/1")]
    [InlineData("""{ "p": [1, 2], "q": [[1], [2]] }""", "/q")]
    [InlineData("""{ "p": [[1, 2], [3]], "q": [[1, 2], [2, 3]] }""", "/p/1")]
    [InlineData("""{ "p": [[1], [2]], "q": [[1, 2], [2, 3]] }""", "/q")]
    [InlineData("""{ "p": [[1]], "q": [[1], [2]] }""", "/p")]
    [InlineData("""{ "p": [[], []], "q": [[], []] }""", "/p/0")]
    [InlineData("""{ "p": [[1], [2]], "q": [[1], [2]], "clusters": 1 }""", "/clusters")]
    [InlineData("""{ "p": [[1], [2]], "q": [[1], [2]], "clusters": 5 }""", "/clusters")]
    [InlineData("""{ "p": [1, 2], "q": [2, 1], "clusters": 2 }""", "/clusters")]
    [InlineData("""{ "p": [1, 2], "q": [2, 1], "scale": 0 }""", "/scale")]
    [InlineData("""{ "p": [1, 2], "q": [2, 1], "points": 1 }""", "/points")]
    [InlineData("""{ "p": [1, 2], "q": [2, 1], "variance": 0 }""", "/variance")]
    [InlineData("""{ "p": [1, 2], "q": [2, 1], "seeds": 0 }""", "/seeds")]
    [InlineData("""{ "p": [1, 2], "q": [2, 1], "resamples": -1 }""", "/resamples")]
    [InlineData("""{ "p": [1, 2], "q": { "dataset": "01K00000000000000000000000" } }""", "/q")]
    [InlineData("""{ "p": [[1], [2]], "q": { "dataset": "01K00000000000000000000000" } }""", "/q/dataset")]
    [InlineData("""{ "p": [1, 2], "q": [2, 1], "kmeans": 1 }""", "/kmeans")]
    public async Task Measure_WhatIsNotValid_Is400AtItsPlace(string body, string pointer)
    {
        foreach (var path in new[] { Path, Path + "/chart.svg" })
        {
            var answer = await _client.PostJson(path, body);
            Assert.Equal((400, "invalid-input"), (answer.Status, (string?)answer.Json["code"]));
            Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
        }
    }

    [Fact]
    public async Task Measure_TooMuch_Is413()
    {
        var ones = string.Join(',', Enumerable.Repeat("1", 2000));
        Assert.Equal(413, (await _client.PostJson(Path, $$"""{ "p": [{{ones}}], "q": [{{ones}}], "resamples": 10000 }""")).Status);
        var rows = string.Join(',', Enumerable.Range(0, 3000).Select(i => $"[{i},{i % 7},{i % 3}]"));
        Assert.Equal(413, (await _client.PostJson(Path, $$"""{ "p": [{{rows}}], "q": [{{rows}}], "clusters": 5000, "seeds": 100, "redos": 100 }""")).Status);
    }

    [Fact]
    public async Task Measure_OtherMediaType_Is415() => Assert.Equal(415, (await _client.PostJson(Path, "{}", "text/csv")).Status);
}
