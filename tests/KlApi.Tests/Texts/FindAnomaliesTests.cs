using KlApi.Tests.Host;

namespace KlApi.Tests.Texts;

public sealed class FindAnomaliesTests(Service service) : IClassFixture<Service>
{
    private const string Path = "/v1/text/anomalies";

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Find_ABurst_NamesItsWindowAndCategory()
    {
        var answer = await _client.PostJson(Path, """
            { "baseline": { "a": 900, "b": 100 }, "stream": ["a", "a", "a", "a", "b", "c", "c", "c", "c", "c"], "window": 5, "minimumExpected": 0.1, "top": 1, "unit": "bits" }
            """);
        Assert.Equal(200, answer.Status);
        Assert.Equal((1, 3, "bits", "forward"), ((int)answer.Json["anomalies"]!, (int)answer.Json["categories"]!, (string?)answer.Json["unit"], (string?)answer.Json["direction"]));
        var (quiet, loud) = (answer.Json["windows"]![0]!, answer.Json["windows"]![1]!);
        Assert.Equal((0, false, null), ((int)quiet["start"]!, (bool)quiet["isAnomaly"]!, quiet["contributors"]));
        Assert.Equal((5, true, "c", 5), ((int)loud["start"]!, (bool)loud["isAnomaly"]!, (string?)loud["contributors"]![0]!["category"], (int)loud["contributors"]![0]!["count"]!));
        Assert.Equal(Math.Log2(1001.5 / 0.5), (double)loud["divergence"]!, 1e-12);
    }

    [Theory]
    [InlineData("""{ "stream": ["a", "a"], "window": 2 }""", "/baseline")]
    [InlineData("""{ "baseline": { "a": 1 }, "stream": ["a"], "window": 2 }""", "/stream")]
    [InlineData("""{ "baseline": { "a": 1 }, "stream": ["a", null], "window": 2 }""", "/stream/1")]
    [InlineData("""{ "baseline": { "a": -1 }, "stream": ["a", "a"], "window": 2 }""", "/baseline/a")]
    [InlineData("""{ "baseline": { "a": 1.5 }, "stream": ["a", "a"], "window": 2 }""", "/baseline/a")]
    [InlineData("""{ "baseline": { "a": "NaN" }, "stream": ["a", "a"], "window": 2 }""", "/baseline/a")]
    [InlineData("""{ "baseline": { "a": 0 }, "stream": ["a", "a"], "window": 2 }""", "/baseline")]
    [InlineData("""{ "baseline": { "a": 1 }, "stream": ["a", "a"], "window": 1 }""", "/window")]
    [InlineData("""{ "baseline": { "a": 1 }, "stream": ["a", "a"], "window": 2, "level": 1 }""", "/level")]
    [InlineData("""{ "baseline": { "a": 1 }, "stream": ["a", "\ud800"], "window": 2 }""", "/stream/1")]
    [InlineData("""{ "baseline": { "a": 1 }, "stream": ["a", "a"], "window": 2, "windows": 2 }""", "/windows")]
    public async Task Find_WhatIsNotValid_Is400AtItsPlace(string body, string pointer)
    {
        var answer = await _client.PostJson(Path, body);
        Assert.Equal((400, "invalid-input"), (answer.Status, (string?)answer.Json["code"]));
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Fact]
    public async Task Find_TooManyWindowsOrAnotherMediaType_Is413And415()
    {
        var stream = string.Join(',', Enumerable.Repeat("\"a\"", 10_100));
        Assert.Equal(413, (await _client.PostJson(Path, $$"""{ "baseline": { "a": 1 }, "stream": [{{stream}}], "window": 2, "step": 1 }""")).Status);
        Assert.Equal(415, (await _client.PostJson(Path, "{}", "text/plain")).Status);
    }
}
