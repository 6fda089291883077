using KlApi.Tests.Baselines;
using KlApi.Tests.Datasets;
using KlApi.Tests.Host;

namespace KlApi.Tests.Comparisons;

/// <summary>Only what was compared alike is ranked.</summary>
public sealed class RankTests : IDisposable
{
    private static readonly float[][] P = LogitFiles.Rows(60, 11, 1);
    private static readonly byte[] Near = LogitFiles.Npy(LogitFiles.Near(P, 2));

    private readonly Service _service = new();
    private readonly HttpClient _client;

    public RankTests() => _client = _service.CreateClient();

    private async Task Put(string name, byte[] file, string query = "") => Assert.Equal(201, (await _client.PutBaseline(name, file, query)).Status);

    private async Task<string> Compare(string baseline, byte[] candidate, string query = "")
    {
        var answer = await _client.Ask(new HttpRequestMessage(HttpMethod.Post, $"{BaselineRequests.Path}/{baseline}/compare{query}") { Content = Uploads.Content(candidate, "application/octet-stream") });
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json["id"]!.GetValue<string>();
    }

    private Task<Answer> Rank(params string[] ids) => _client.PostJson("/v1/comparisons/rank", $"{{\"reports\":[{string.Join(',', ids.Select(id => $"\"{id}\""))}]}}");

    [Fact]
    public async Task Rank_WithReferencesOfOneFile_TellsItsTensorsApart()
    {
        var file = LogitFiles.Safetensors(("a", P), ("b", LogitFiles.Rows(60, 11, 9)));
        await Put("a", file, "?tensor=a");
        await Put("again", file, "?tensor=a");
        await Put("b", file, "?tensor=b");
        var ids = new[] { await Compare("a", Near), await Compare("b", Near), await Compare("again", LogitFiles.Npy(LogitFiles.Near(P, 3))) };
        var different = await Rank(ids[0], ids[1]);
        Assert.Equal((422, "different-references"), (different.Status, different.Code()));
        Assert.Equal(200, (await Rank(ids[0], ids[2])).Status);
    }

    [Theory]
    [InlineData("?temperature=2", "?", "different-options")]
    [InlineData("?skip=2&clusterSize=10", "?clusterSize=10", "different-options")]
    [InlineData("?skip=2&clusterSize=10", "?skip=2&clusterSize=20", "different-options")]
    [InlineData("?skip=2&clusterSize=10", "?skip=2", "different-options")]
    [InlineData("?clusterSize=10", "?clusterSize=20", "different-options")]
    [InlineData("?firstRow=10", "?", "different-rows")]
    public async Task Rank_OfOtherOptions_Is422(string first, string second, string code)
    {
        await Put("base", LogitFiles.Npy(P));
        var answer = await Rank(await Compare("base", Near, first), await Compare("base", Near, second));
        Assert.True((answer.Status, answer.Code()) == (422, code), answer.Text);
    }

    [Fact]
    public async Task Rank_AcrossVocabularies_Is422()
    {
        await Put("base", LogitFiles.Npy(P));
        var cut = LogitFiles.Npy([.. P.Select(row => row[..5])]);
        var ids = new[] { await Compare("base", Near), await Compare("base", cut, "?vocabularyPolicy=truncate"), await Compare("base", LogitFiles.Npy([.. LogitFiles.Near(P, 3).Select(row => row[..5])]), "?vocabularyPolicy=truncate") };
        var answer = await Rank(ids[0], ids[1]);
        Assert.Equal((422, "different-vocabularies"), (answer.Status, answer.Code()));
        Assert.Equal(200, (await Rank(ids[1], ids[2])).Status);
    }

    [Fact]
    public async Task Rank_WhereOneKnowsChunks_UsesThem()
    {
        await Put("base", LogitFiles.Npy(P));
        var answer = await Rank(await Compare("base", Near), await Compare("base", LogitFiles.Npy(LogitFiles.Near(P, 3)), "?clusterSize=5"));
        Assert.Equal(200, answer.Status);
        Assert.Equal(12, answer.Json["clusters"]!.GetValue<int>());
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }
}
