using KlApi.Tests.Host;

namespace KlApi.Tests.Recommendations;

public sealed class CalibrateRecommendationsTests(Service service) : IClassFixture<Service>
{
    private const string Path = "/v1/recommendations/calibrate";

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Calibrate_AListOfOneGenre_MixesIt()
    {
        var answer = await _client.PostJson(Path, """
            { "history": [ { "item": "x", "weight": 3 }, { "item": "y" } ], "items": { "x": { "a": 1 }, "y": { "b": 2 }, "z": { "a": 1, "b": 1 } },
              "candidates": [ { "item": "x", "score": 1 }, { "item": "y", "score": 0.1 }, { "item": "z", "score": 0.5 } ], "lambda": 1, "alpha": 0, "listLength": 2, "exact": true }
            """);
        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"a":0.75,"b":0.25}""", answer.Json["liked"]!.ToJsonString());
        Assert.Equal(("nats", "forward"), ((string?)answer.Json["unit"], (string?)answer.Json["direction"]));
        Assert.Equal("""[{"item":"x","score":1},{"item":"z","score":0.5}]""", answer.Json["before"]!["items"]!.ToJsonString());
        Assert.Equal((0.0, 0.0), ((double)answer.Json["before"]!["divergence"]!, (double)answer.Json["best"]!["divergence"]!));
        Assert.Equal("""{"a":0.75,"b":0.25}""", answer.Json["best"]!["genres"]!.ToJsonString());
    }

    [Fact]
    public async Task Calibrate_WithoutAlphaAndAGenre_IsInfinityInWords()
    {
        var answer = await _client.PostJson(Path, """
            { "history": [ { "item": "x" }, { "item": "y" } ], "items": { "x": { "a": 1 }, "y": { "b": 1 } }, "candidates": [ { "item": "x", "score": 1 } ], "alpha": 0 }
            """);
        Assert.Equal("Infinity", (string?)answer.Json["after"]!["divergence"]);
        Assert.Equal("-Infinity", (string?)answer.Json["after"]!["objective"]);
    }

    [Theory]
    [InlineData("\"history\": []", "/history")]
    [InlineData("\"history\": [ { \"item\": \"w\" } ]", "/history/0/item")]
    [InlineData("\"history\": [ { \"item\": \"x\", \"weight\": -1 } ]", "/history/0/weight")]
    [InlineData("\"history\": [ { \"item\": \"x\", \"weight\": 0 } ]", "/history")]
    [InlineData("\"history\": [ { \"weight\": 1 } ]", "/history/0/item")]
    [InlineData("\"history\": [ null ]", "/history/0")]
    [InlineData("\"candidates\": []", "/candidates")]
    [InlineData("\"candidates\": [ { \"item\": \"x\" } ]", "/candidates/0/score")]
    [InlineData("\"candidates\": [ { \"item\": \"x\", \"score\": \"NaN\" } ]", "/candidates/0/score")]
    [InlineData("\"candidates\": [ { \"item\": \"x\", \"score\": \"Infinity\" } ]", "/candidates/0/score")]
    [InlineData("\"candidates\": [ { \"item\": \"x\", \"score\": 1 }, { \"item\": \"x\", \"score\": 2 } ]", "/candidates/1/item")]
    [InlineData("\"items\": { \"x\": { } }", "/items/x")]
    [InlineData("\"items\": { \"x\": { \"a\": -1 } }", "/items/x/a")]
    [InlineData("\"items\": { \"x\": { \"a\": null } }", "/items/x/a")]
    [InlineData("\"items\": { \"x\": { \"a\": 1, \"a\": 2 } }", "/items/x/a")]
    [InlineData("\"items\": [ ]", "/items")]
    [InlineData("\"lambda\": 1.1", "/lambda")]
    [InlineData("\"alpha\": 1", "/alpha")]
    [InlineData("\"listLength\": 0", "/listLength")]
    [InlineData("\"placeWeights\": [1]", "/placeWeights")]
    [InlineData("\"lamda\": 0.5", "/lamda")]
    public async Task Calibrate_WhatIsNotValid_Is400AtItsPlace(string member, string pointer)
    {
        string[] members = ["\"history\": [ { \"item\": \"x\" } ]", "\"items\": { \"x\": { \"a\": 1 } }", "\"candidates\": [ { \"item\": \"x\", \"score\": 1 } ]"];
        var name = member.Split(':')[0];
        var answer = await _client.PostJson(Path, $"{{ {string.Join(", ", members.Where(other => other.Split(':')[0] != name).Append(member))} }}");
        Assert.Equal((400, "invalid-input"), (answer.Status, (string?)answer.Json["code"]));
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Fact]
    public async Task Calibrate_TooManySets_Is413()
    {
        var items = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"{i}\": {{ \"a\": 1 }}"));
        var candidates = string.Join(',', Enumerable.Range(0, 60).Select(i => $"{{ \"item\": \"{i}\", \"score\": {i} }}"));
        Assert.Equal(413, (await _client.PostJson(Path, $$"""{ "history": [ { "item": "1" } ], "items": { {{items}} }, "candidates": [ {{candidates}} ], "exact": true, "listLength": 20 }""")).Status);
    }

    [Fact]
    public async Task Calibrate_OtherMediaType_Is415() => Assert.Equal(415, (await _client.PostJson(Path, "{}", "text/plain")).Status);
}
