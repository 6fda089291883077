using System.Text.Json.Nodes;
using KlApi.Tests.Baselines;
using KlApi.Tests.Datasets;
using KlApi.Tests.Host;

namespace KlApi.Tests.Comparisons;

/// <summary>What comparisons leave in the store, also when several are made at once or one fails.</summary>
public sealed class StoredComparisonTests : IDisposable
{
    private readonly Service _service = new();
    private readonly HttpClient _client;

    public StoredComparisonTests() => _client = _service.CreateClient();

    private string[] Files => [.. Directory.GetFiles(Path.Combine(_service.DataDirectory, "comparisons"))];

    private Task<Answer> Compare(byte[] candidate, string query = "", string baseline = "base") => _client.Ask(
        new HttpRequestMessage(HttpMethod.Post, $"{BaselineRequests.Path}/{baseline}/compare{query}") { Content = Uploads.Content(candidate, "application/octet-stream") });

    private async Task Put(byte[] bytes, string name = "base") => Assert.Equal(201, (await _client.PutBaseline(name, bytes)).Status);

    [Fact]
    public async Task Comparisons_AreListedAndDeleted()
    {
        await Put(LogitFiles.Npy(LogitFiles.Rows(3, 5, 1)));
        await Put(LogitFiles.Npy(LogitFiles.Rows(3, 5, 2)), "second");
        var ids = new List<string>();
        foreach (var name in new[] { "base", "second", "base" }) ids.Add((await Compare(LogitFiles.Npy(LogitFiles.Rows(3, 5, 3)), baseline: name)).Json["id"]!.GetValue<string>());
        string[] Ids(JsonNode page) => [.. page["data"]!.AsArray().Select(entry => entry!["id"]!.GetValue<string>())];
        Assert.Equal([ids[2], ids[1], ids[0]], Ids((await _client.Fetch("/v1/comparisons")).Json));
        Assert.Equal([ids[2], ids[0]], Ids((await _client.Fetch("/v1/comparisons?baseline=base")).Json));
        Assert.Equal([ids[0]], Ids((await _client.Fetch($"/v1/comparisons?after={ids[1]}&limit=1")).Json));
        Assert.Equal(400, (await _client.Fetch("/v1/comparisons?after=x")).Status);
        Assert.Equal(204, (await _client.Ask(new HttpRequestMessage(HttpMethod.Delete, $"/v1/comparisons/{ids[1]}"))).Status);
        Assert.Equal(404, (await _client.Ask(new HttpRequestMessage(HttpMethod.Delete, $"/v1/comparisons/{ids[1]}"))).Status);
        foreach (var path in new[] { "", "/positions", "/summary" }) Assert.Equal(404, (await _client.Fetch($"/v1/comparisons/{ids[1]}{path}")).Status);
        Assert.Equal(2, Files.Length);
        // A report outlives its baseline.
        Assert.Equal(204, (await _client.DeleteBaseline("base")).Status);
        Assert.Equal(200, (await _client.Fetch($"/v1/comparisons/{ids[0]}")).Status);
    }

    [Fact]
    public async Task Compares_AtOnce_GiveTheSameReport()
    {
        var p = LogitFiles.Rows(200, 400, 1);
        var q = LogitFiles.Npy(LogitFiles.Near(p, 2));
        await Put(LogitFiles.Npy(p));
        var reports = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Compare(q, "?clusterSize=10")));
        var texts = reports.Select(report =>
        {
            Assert.Equal(200, report.Status);
            var json = report.Json.AsObject();
            json.Remove("id");
            json.Remove("createdAt");
            return json.ToJsonString();
        }).Distinct().ToList();
        Assert.Single(texts);
    }

    [Fact]
    public async Task Compare_OfACandidateCutOff_LeavesNothing()
    {
        await Put(LogitFiles.Npy(LogitFiles.Rows(30, 50, 1)));
        var candidate = LogitFiles.Npy(LogitFiles.Rows(30, 50, 2));
        foreach (var length in new[] { 0, 3, 60, 128, 1000, candidate.Length - 1 }) Assert.Equal(400, (await Compare(candidate[..length])).Status);
        Assert.Equal(400, (await Compare([.. candidate, 1])).Status);
        Assert.Empty(Files);
        Assert.Empty((await _client.Fetch("/v1/comparisons")).Json["data"]!.AsArray());
    }

    [Fact]
    public async Task Positions_BeyondTheQuota_Are507AndLeaveNothing()
    {
        using var small = new Service().With("KlService:Limits:StorageBytes", "20000");
        using var client = small.CreateClient();
        var bytes = LogitFiles.Npy(LogitFiles.Rows(100, 20, 1));
        Assert.Equal(201, (await client.PutBaseline("base", bytes)).Status);
        var answer = await client.Ask(new HttpRequestMessage(HttpMethod.Post, $"{BaselineRequests.Path}/base/compare") { Content = Uploads.Content(bytes, "application/x-npy") });
        Assert.Equal((507, "quota-exceeded"), (answer.Status, answer.Code()));
        Assert.Empty(Directory.GetFiles(Path.Combine(small.DataDirectory, "comparisons")));
        Assert.Equal(201, (await client.PutBaseline("more", LogitFiles.Npy(LogitFiles.Rows(100, 20, 2)))).Status);
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }
}
