using System.Text;
using System.Text.Json.Nodes;

namespace KlApi.Tests.Host;

/// <summary>A typing error in the query never passes silently.</summary>
public sealed class KnownParametersTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Parameters_ThatNoOperationHas_AreRefusedByAll()
    {
        var paths = (await _client.Fetch("/swagger/v1/swagger.json")).Json["paths"]!.AsObject();
        Assert.NotEmpty(paths);
        foreach (var (path, operations) in paths)
            foreach (var (method, operation) in operations!.AsObject())
            {
                var place = path.Replace("{id}", "01K00000000000000000000000", StringComparison.Ordinal).Replace("{name}", "nothing", StringComparison.Ordinal);
                var answer = await _client.Ask(new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), $"{place}?nonsense=1&tensr=x") { Content = Body(operation!) });
                Assert.True(answer.Status == 400, $"{method} {path}: {answer.Status} {answer.Text}");
                Assert.Equal("invalid-input", answer.Json["code"]!.GetValue<string>());
                foreach (var pointer in (string[])["/nonsense", "/tensr"])
                    Assert.True(answer.ErrorAt(pointer)?.StartsWith("is not a known ", StringComparison.Ordinal) == true, $"{method} {path}: {pointer} is not named in {answer.Text}");
            }
    }

    [Fact]
    public async Task Parameters_ThatAreNotKnown_AreAnsweredWithThoseThatAre()
    {
        Assert.Equal("is not a known parameter; known are after, baseline, limit", (await _client.Fetch("/v1/comparisons?baselin=nope")).ErrorAt("/baselin"));
        Assert.Equal("is not a known parameter; this operation has none in its query", (await _client.Fetch("/v1/limits?a%2Fb")).ErrorAt("/a~1b"));
        Assert.Equal(400, (await _client.Ask(new HttpRequestMessage(HttpMethod.Head, "/v1/limits?x"))).Status);
    }

    [Fact]
    public async Task Parameters_GivenTwice_AreRefused() =>
        Assert.Equal("must be given once, but occurs more than once", (await _client.Fetch("/v1/comparisons?baseline=a&baseline=b")).ErrorAt("/baseline"));

    [Theory]
    [InlineData("/v1/comparisons?limit=3&baseline=a")]
    [InlineData("/v1/comparisons?Limit=3")]
    [InlineData("/v1/jobs?status=running&kind=density-fit")]
    [InlineData("/health/live?nonsense=1")]
    [InlineData("/health/ready?nonsense=1")]
    [InlineData("/metrics?nonsense=1")]
    [InlineData("/swagger/v1/swagger.json?nonsense=1")]
    [InlineData("/app.css?nonsense=1")]
    [InlineData("/?nonsense=1")]
    public async Task Parameters_ThatAreKnownOrNotOfTheApi_AreTaken(string path) => Assert.Equal(200, (await _client.Fetch(path)).Status);

    [Fact]
    public async Task Options_WithAWrongValue_AreNotCalledMissingToo()
    {
        var answer = await _client.Ask(new HttpRequestMessage(HttpMethod.Post, "/v1/baselines/base/convert?to=gguf&typ=f16"));
        Assert.Equal(400, answer.Status);
        var errors = answer.Json["errors"]!.AsObject();
        Assert.Equal(["/to", "/typ"], errors.Select(error => error.Key).Order(StringComparer.Ordinal));
        Assert.Single(errors["/to"]!.AsArray());
        Assert.Equal("is required", (await _client.Ask(new HttpRequestMessage(HttpMethod.Post, "/v1/baselines/base/convert"))).ErrorAt("/to"));
    }

    /// <summary>A body that the operation would take.</summary>
    private static HttpContent? Body(JsonNode operation)
    {
        if (operation["requestBody"]?["content"]?.AsObject() is not { } content) return null;
        if (content.ContainsKey("application/json") && content.ContainsKey("multipart/form-data"))
            return new MultipartFormDataContent { { new ByteArrayContent("[1, 2]"u8.ToArray()), "p", "p.jsonl" }, { new ByteArrayContent("[1, 2]"u8.ToArray()), "q", "q.jsonl" } };
        if (content["application/json"]?["examples"]?.AsObject().First().Value is { } example)
            return new StringContent(example["value"]!.ToJsonString(), Encoding.UTF8, "application/json");
        var body = new ByteArrayContent("[1, 2]"u8.ToArray());
        body.Headers.ContentType = new(content.First().Key);
        return body;
    }
}
