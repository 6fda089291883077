using KlApi.Tests.Host;

namespace KlApi.Tests.Losses;

public sealed class ProfileLossesTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Profile_OfAPair_EndsInAdviceWithItsEvidence()
    {
        var answer = await Post("""{ "teacher": [[5.0, 1.0, 0.0, -1.0], [0.0, 4.0, 3.5, -2.0]], "student": [[2.0, 1.0, 0.5, 0.0], [0.5, 2.0, 2.0, 0.0]], "labels": [0, 2] }""");
        Assert.Equal(200, answer.Status);
        var losses = answer.Json["losses"]!.AsArray();
        var names = losses.Select(loss => (string)loss!["loss"]!["name"]!).ToList();
        Assert.Contains("forward-kl", names);
        Assert.Contains("decoupled", names);
        Assert.Equal(names, answer.Json["cosines"]!["names"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(names.Count, answer.Json["cosines"]!["matrix"]!.AsArray().Count);
        Assert.All(losses, loss => Assert.True((double)loss!["gradientNorm"]! > 0));
        Assert.Contains((string?)answer.Json["advice"]!["direction"], new HashSet<string?> { "forward", "reverse", "between", "either" });
        Assert.NotEmpty(answer.Json["advice"]!["because"]!.AsArray());
        Assert.NotNull(answer.Json["advice"]!["loss"]!["name"]);
        Assert.True((double)answer.Json["gap"]!["entropyStudent"]! > (double)answer.Json["gap"]!["entropyTeacher"]!);
    }

    [Fact]
    public async Task Profile_OfGivenLosses_HoldsThoseInTheirOrder()
    {
        var answer = await Post("""{ "teacher": [[0, 1]], "student": [[1, "-Infinity"]], "losses": [ { "name": "total-variation" }, { "name": "forward-kl" } ] }""");
        Assert.Equal(["total-variation", "forward-kl"], answer.Json["cosines"]!["names"]!.AsArray().Select(name => (string)name!));
        Assert.Equal("Infinity", (string?)answer.Json["losses"]![1]!["value"]);
        Assert.Equal("reverse", (string?)answer.Json["advice"]!["direction"]);
    }

    [Theory]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "losses": [] }""", "/losses")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "losses": [ { "name": "forward-kl" }, { "name": "adaptive", "mu": -1 } ] }""", "/losses/1/mu")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "losses": [ { "name": "skew-forward" }, { "name": "jeffreys" }, { "name": "skew-forward", "lambda": 0.1 } ] }""", "/losses/2")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "losses": [ { "name": "cross-entropy" } ] }""", "/labels")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0, 0]] }""", "/teacher/0")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "temperature": -1 }""", "/temperature")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "forward-kl" } }""", "/loss")]
    public async Task Profile_InputThatIsNotValid_IsRefusedAtItsPointer(string body, string pointer)
    {
        var answer = await Post(body);
        Assert.Equal(400, answer.Status);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Fact]
    public async Task Profile_MoreThanFiftyLosses_IsRefused()
    {
        var losses = string.Join(',', Enumerable.Repeat("""{ "name": "jeffreys" }""", 51));
        Assert.NotNull((await Post($$"""{ "teacher": [[0, 1]], "student": [[1, 0]], "losses": [{{losses}}] }""")).ErrorAt("/losses"));
    }

    [Fact]
    public async Task Profile_NothingToCount_Is422()
    {
        var answer = await Post("""{ "teacher": [[0, 1]], "student": [[1, 0]], "labels": [-100] }""");
        Assert.Equal((422, "no-positions"), (answer.Status, (string?)answer.Json["code"]));
    }

    [Fact]
    public async Task Profile_VocabularyOverTheLimit_Is413()
    {
        using var small = new Service().With("KlService:Limits:Categories", "3");
        Assert.Equal(413, (await small.CreateClient().PostJson("/v1/losses/profile", """{ "teacher": [[1,0,0,0]], "student": [[1,0,0,0]] }""")).Status);
    }

    [Fact]
    public async Task Profile_MoreGradientsThanMemoryIsFor_Is413WithTheLimit()
    {
        var row = "[" + string.Join(',', Enumerable.Repeat('0', 400_000)) + "]";
        var losses = string.Join(',', Enumerable.Range(1, 50).Select(i => $$"""{ "name": "jensen-shannon", "beta": 0.{{i:000}} }"""));
        var answer = await Post($$"""{ "teacher": [{{row}}], "student": [{{row}}], "losses": [{{losses}}] }""");
        Assert.Equal(413, answer.Status);
        Assert.Contains("16777216", (string)answer.Json["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_JsonAsText_Is415() => Assert.Equal(415, (await _client.PostJson("/v1/losses/profile", "{}", "text/plain")).Status);

    private Task<Answer> Post(string json) => _client.PostJson("/v1/losses/profile", json);
}
