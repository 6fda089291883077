using System.Globalization;
using System.Xml.Linq;
using KlApi.Tests.Datasets;
using KlApi.Tests.Host;

namespace KlApi.Tests.Monitors;

public sealed class MonitorTests(Service service) : IClassFixture<Service>
{
    private const string Path = MonitorRequests.Path;
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Monitor_OfColumns_IsKeptAndListed()
    {
        var id = await _client.Create(""", "alpha": 0.01, "columns": [ { "name": "size", "method": "wasserstein" }, { "name": "plan" } ]""");
        var answer = await _client.Fetch($"{Path}/{id}");
        Assert.Equal(200, answer.Status);
        Assert.Equal((100, 2, 0, 0.01), ((int)answer.Json["rows"]!, (int)answer.Json["columns"]!, (int)answer.Json["batches"]!, (double)answer.Json["options"]!["alpha"]!));
        Assert.Equal(("size", "numeric"), ((string?)answer.Json["schema"]![0]!["name"], (string?)answer.Json["schema"]![0]!["type"]));
        var listed = (await _client.Fetch($"{Path}?limit=100")).Json["data"]!.AsArray().Single(monitor => (string?)monitor!["id"] == id)!;
        Assert.Equal("tests", (string?)listed["name"]);
        Assert.Null(listed["schema"]);
    }

    [Fact]
    public async Task Batches_InEveryForm_AreComparedAndNumbered()
    {
        var id = await _client.Create();
        var same = await _client.Batch(id, $$"""{ "columns": { {{MonitorRequests.Columns(0, 100)}} }, "label": "same", "time": "2026-03-02T01:00:00+01:00" }""");
        Assert.Equal(201, same.Status);
        Assert.Equal($"{Path}/{id}/batches/1", same.Message.Headers.Location!.ToString());
        Assert.Equal((1, "same", "2026-03-02T00:00:00Z", 100), ((int)same.Json["number"]!, (string?)same.Json["label"], (string?)same.Json["time"], (int)same.Json["rows"]!));
        Assert.Equal(("none", 0, 0), ((string?)same.Json["drift"]!["verdict"], (double)same.Json["drift"]!["columns"]![0]!["score"]!, (double)same.Json["drift"]!["columns"]![1]!["score"]!));

        var csv = "size,plan\n" + string.Concat(Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture, $"{Math.Sin(i) + 1},a\n")));
        var shifted = await _client.Batch(id, csv, mediaType: "text/csv", query: "?label=shifted&at=2026-03-03T00:00:00Z");
        Assert.Equal((201, 2, "drift"), (shifted.Status, (int)shifted.Json["number"]!, (string?)shifted.Json["drift"]!["verdict"]));

        var dataset = await _client.UploadId(csv, "text/csv");
        var stored = await _client.Batch(id, $$"""{ "dataset": "{{dataset}}" }""");
        Assert.Equal((201, 3), (stored.Status, (int)stored.Json["number"]!));
        Assert.Equal(shifted.Json["drift"]!.ToJsonString(), stored.Json["drift"]!.ToJsonString());
        var rows = await _client.Batch(id, """{ "rows": [ { "size": 0.5, "plan": "c" }, { "size": null } ] }""");
        Assert.Equal((201, 2), (rows.Status, (int)rows.Json["rows"]!));
        Assert.Equal(1, (double)rows.Json["drift"]!["columns"]![1]!["newCategories"]!["c"]!);

        var again = await _client.Fetch($"{Path}/{id}/batches/2");
        Assert.Equal((200, shifted.Text), (again.Status, again.Text));
        await TimelineOfFour(id);
    }

    private async Task TimelineOfFour(string id)
    {
        var page = (await _client.Fetch($"{Path}/{id}/timeline?limit=3")).Json;
        Assert.Equal([1, 2, 3], page["data"]!.AsArray().Select(entry => (int)entry!["number"]!));
        Assert.True((bool)page["hasMore"]!);
        var rest = (await _client.Fetch($"{Path}/{id}/timeline?limit=3&after=3")).Json;
        Assert.Equal([4], rest["data"]!.AsArray().Select(entry => (int)entry!["number"]!));
        Assert.False((bool)rest["hasMore"]!);
        var csv = await _client.Fetch($"{Path}/{id}/timeline?format=csv");
        Assert.Equal("text/csv", csv.MediaType);
        var lines = csv.Text.Split("\r\n");
        Assert.Equal("number,label,time,rows,column,method,score,threshold,pValue,adjustedPValue,verdict", lines[0]);
        Assert.StartsWith("1,same,2026-03-02T00:00:00.000Z,100,size,kolmogorov-smirnov,0,,1,", lines[1], StringComparison.Ordinal);
        Assert.Equal(1 + 4 * 2 + 1, lines.Length);
        var chart = await _client.Fetch($"{Path}/{id}/charts/size.svg");
        Assert.Equal((200, "image/svg+xml"), (chart.Status, chart.MediaType));
        Assert.Contains("over 4 batches", XDocument.Parse(chart.Text).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_OfATimelineOfManyBatches_HasEachOnce()
    {
        var id = await _client.Create();
        for (var i = 0; i < 103; i++) Assert.Equal(201, (await _client.Batch(id, "plan\na\n", mediaType: "text/csv")).Status);
        foreach (var (query, first, last) in new[] { ("", 1, 103), ("&limit=60", 1, 60), ("&after=40&limit=55", 41, 95), ("&after=103", 104, 103) })
        {
            var csv = await _client.Fetch($"{Path}/{id}/timeline?format=csv{query}");
            Assert.Equal(Enumerable.Range(first, last - first + 1).Select(number => $"{number}"), csv.Text.Split("\r\n")[1..^1].Select(line => line.Split(',')[0]));
        }
    }

    [Fact]
    public async Task Key_SentAgain_MakesNoSecondBatch()
    {
        var id = await _client.Create();
        const string body = """{ "rows": [ { "size": 1, "plan": "a" } ] }""";
        var first = await _client.Batch(id, body, "key-1");
        var retry = await _client.Batch(id, body, "key-1");
        Assert.Equal((201, first.Text), (retry.Status, retry.Text));
        var other = await _client.Batch(id, """{ "rows": [ { "size": 2, "plan": "a" } ] }""", "key-1");
        Assert.Equal((422, "idempotency-key-reused"), (other.Status, (string?)other.Json["code"]));
        Assert.Equal(400, (await _client.Batch(id, body, new string('k', 256))).Status);
        // The key belongs to its monitor.
        Assert.Equal(1, (int)(await _client.Batch(await _client.Create(), body, "key-1")).Json["number"]!);
        Assert.Equal(1, (int)(await _client.Fetch($"{Path}/{id}")).Json["batches"]!);
    }

    [Fact]
    public async Task Batches_AtOnce_AreAllKeptInOneOrder()
    {
        var id = await _client.Create();
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => _client.Batch(id, $$"""{ "rows": [ { "size": {{i}}, "plan": "a" } ], "label": "b{{i}}" }""", $"key-{i / 2 * 2}-{i % 2}")));
        Assert.All(answers, answer => Assert.Equal(201, answer.Status));
        Assert.Equal(Enumerable.Range(1, 24), answers.Select(answer => (int)answer.Json["number"]!).Order());
        var listed = (await _client.Fetch($"{Path}/{id}/timeline?limit=100")).Json["data"]!.AsArray();
        Assert.Equal(answers.OrderBy(answer => (int)answer.Json["number"]!).Select(answer => (string?)answer.Json["label"]), listed.Select(entry => (string?)entry!["label"]));

        // One batch sent many times at once is one.
        var same = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _client.Batch(id, """{ "rows": [ { "size": 1, "plan": "a" } ] }""", "one")));
        Assert.Single(same.Select(answer => answer.Text).Distinct());
        Assert.Equal(25, (int)(await _client.Fetch($"{Path}/{id}")).Json["batches"]!);
    }

    [Fact]
    public async Task Monitor_Deleted_IsGoneWithItsBatches()
    {
        var id = await _client.Create();
        Assert.Equal(201, (await _client.Batch(id, """{ "rows": [ { "size": 1 } ] }""")).Status);
        Assert.Equal(204, (await _client.Ask(new HttpRequestMessage(HttpMethod.Delete, $"{Path}/{id}"))).Status);
        foreach (var path in (string[])["", "/timeline", "/batches/1", "/charts/size.svg"]) Assert.Equal(404, (await _client.Fetch($"{Path}/{id}{path}")).Status);
        Assert.Equal(404, (await _client.Batch(id, """{ "rows": [ { "size": 1 } ] }""")).Status);
        Assert.Equal(404, (await _client.Ask(new HttpRequestMessage(HttpMethod.Delete, $"{Path}/{id}"))).Status);
    }

    [Theory]
    [InlineData("""{ "label": "x" }""", "", "must have one of the fields dataset, columns, rows")]
    [InlineData("""{ "rows": [ { "size": 1 } ], "dataset": "x" }""", "", "must have one of the fields")]
    [InlineData("""{ "rows": [] }""", "/rows", "must have at least one row")]
    [InlineData("""{ "rows": [ { "size": {} } ] }""", "/rows/0/size", "must be a number, a text")]
    [InlineData("""{ "dataset": "01K00000000000000000000000" }""", "/dataset", "must be the id of a dataset")]
    [InlineData("""{ "rows": [ { "size": 1 } ], "label": "" }""", "/label", "must have 1 to 200 characters")]
    [InlineData("""{ "rows": [ { "size": 1 } ], "time": "noon" }""", "/time", "must be")]
    public async Task Batch_ThatIsWrong_IsNamed(string json, string pointer, string message)
    {
        var answer = await _client.Batch(await _client.Create(), json);
        Assert.Equal(400, answer.Status);
        Assert.Contains(message, answer.ErrorAt(pointer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_Requests_AreRefused()
    {
        var id = await _client.Create();
        Assert.Equal("csv-quote", (string?)(await _client.Batch(id, "size,plan\n1,\"a\n", mediaType: "text/csv")).Json["code"]);
        Assert.Equal(400, (await _client.Batch(id, "", mediaType: "text/csv")).Status);
        Assert.Equal(400, (await _client.Batch(id, "size\n1\n", mediaType: "text/csv", query: "?at=noon")).Status);
        Assert.Equal(415, (await _client.Batch(id, "size\n1\n", mediaType: "text/csv; charset=utf-16")).Status);
        Assert.Equal(415, (await _client.Batch(id, "x", mediaType: "application/octet-stream")).Status);
        // A table without a header, or another table.
        Assert.Equal((422, "no-common-columns"), await _client.Batch(id, "1,a\n2,b\n", mediaType: "text/csv") is var other ? (other.Status, (string?)other.Json["code"]) : default);
        Assert.Empty((await _client.Fetch($"{Path}/{id}/timeline")).Json["data"]!.AsArray());
        Assert.Equal(404, (await _client.Batch("nobody", """{ "rows": [ { "size": 1 } ] }""")).Status);
        Assert.Equal(400, (await _client.Fetch($"{Path}/{id}/timeline?after=x")).Status);
        Assert.Equal(400, (await _client.Fetch($"{Path}/{id}/timeline?format=xml")).Status);
        Assert.Equal(404, (await _client.Fetch($"{Path}/{id}/charts/nobody.svg")).Status);
        Assert.Equal(404, (await _client.Fetch($"{Path}/{id}/batches/0")).Status);
        Assert.Equal(404, (await _client.Fetch($"{Path}/{id}/batches/-1")).Status);
        var answer = await _client.PostJson(Path, """{ "name": "", "reference": { "columns": { "a": [1] } }, "columns": [ { "name": "b" } ] }""");
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.ErrorAt("/name"));
    }

    [Fact]
    public async Task Quota_UsedUp_RefusesMonitorsAndBatches()
    {
        await using var small = new Service().With("KlService:Limits:StorageBytes", "6000");
        var client = small.CreateClient();
        var id = await client.Create();
        Answer last;
        do last = await client.Batch(id, """{ "rows": [ { "size": 1, "plan": "a" } ] }""");
        while (last.Status == 201);
        Assert.Equal((507, "quota-exceeded"), (last.Status, (string?)last.Json["code"]));
        Assert.Equal(204, (await client.Ask(new HttpRequestMessage(HttpMethod.Delete, $"{Path}/{id}"))).Status);
        await client.Create();
    }
}
