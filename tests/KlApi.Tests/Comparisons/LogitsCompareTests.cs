using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using KlApi.Tests.Baselines;
using KlApi.Tests.Host;

namespace KlApi.Tests.Comparisons;

/// <summary>Both sides in one request, and what is done with several reports.</summary>
public sealed class LogitsCompareTests : IDisposable
{
    private const string Path = "/v1/logits/compare";

    private static readonly float[][] P = LogitFiles.Rows(24, 11, 1);
    private static readonly float[][] Q = LogitFiles.Near(P, 2);

    private readonly Service _service = new();
    private readonly HttpClient _client;

    public LogitsCompareTests() => _client = _service.CreateClient();

    private string[] Files => [.. Directory.GetFiles(System.IO.Path.Combine(_service.DataDirectory, "comparisons"))];

    private static string Json(float[][] rows) => JsonSerializer.Serialize(rows.Select(row => row.Select(value => (double)value)));

    private static ByteArrayContent Part(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };

    private Task<Answer> Send(params (string Name, byte[] File)[] files) => Send([], files);

    private Task<Answer> Send((string Name, string Value)[] fields, params (string Name, byte[] File)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        foreach (var (name, file) in files) form.Add(Part(file), name, $"{name}.bin");
        return _client.Ask(new HttpRequestMessage(HttpMethod.Post, Path) { Content = form });
    }

    private async Task<string> CompareRows(float[][] p, float[][] q, string options = "")
    {
        var answer = await _client.PostJson(Path, $"{{\"p\":{Json(p)},\"q\":{Json(q)}{options}}}");
        Assert.Equal(200, answer.Status);
        return answer.Json["id"]!.GetValue<string>();
    }

    [Fact]
    public async Task Form_WithAFileThatIsMalformed_NamesTheFile()
    {
        var (p, q, junk) = (LogitFiles.Npy(P), LogitFiles.Npy(Q), "junk that is long enough to tell"u8.ToArray());
        Assert.NotNull((await Send(("p", junk), ("q", q))).ErrorAt("/p"));
        Assert.NotNull((await Send(("p", p), ("q", junk))).ErrorAt("/q"));
        Assert.NotNull((await Send(("p", p), ("q", q[..^3]))).ErrorAt("/q"));
        var targets = await Send(("p", p), ("q", q), ("targets", junk));
        Assert.NotNull(targets.ErrorAt("/targets"));
        Assert.Contains("The file targets", targets.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(Files);
    }

    [Fact]
    public async Task Json_OptionsInTheQuery_AreThoseOfTheBody()
    {
        var rows = $"\"p\":{Json(P)},\"q\":{Json(Q)}";
        var fields = await _client.PostJson(Path, $$"""{{{rows}},"temperature":2,"unit":"bits","percentiles":[50,99],"gate":{"forwardMean":0.5} }""");
        var query = await _client.PostJson($"{Path}?temperature=2&unit=bits&percentiles=50,99&gate.forwardMean=0.5", $"{{{rows}}}");
        Assert.Equal((200, 200), (fields.Status, query.Status));
        foreach (var part in (string[])["temperature", "unit", "forward", "gate"]) Assert.Equal(fields.Json[part]!.ToJsonString(), query.Json[part]!.ToJsonString());
        Assert.NotNull((await _client.PostJson($"{Path}?foo=1", $"{{{rows}}}")).ErrorAt("/foo"));
        Assert.NotNull((await _client.PostJson($"{Path}?temperature=0", $"{{{rows}}}")).ErrorAt("/temperature"));
        Assert.Equal(400, (await _client.PostJson($"{Path}?temperature=2", $"{{{rows},\"temperature\":2}}")).Status);
        Assert.Equal(400, (await _client.PostJson($"{Path}?temperature=2", "{ }")).Status);
    }

    [Fact]
    public async Task Compare_OfNumbers_IsTheDivergence()
    {
        var answer = await _client.PostJson(Path, $"{{\"p\":{Json(P)},\"q\":{Json(Q)},\"temperature\":1,\"topK\":[2],\"gate\":{{\"forwardMean\":10}}}}");
        Assert.Equal(200, answer.Status);
        Assert.Equal(Oracle.MeanForward(P, Q), answer.Json["forward"]!["mean"]!.GetValue<double>(), 1e-9);
        Assert.Equal("pass", answer.Json["gate"]!["verdict"]!.GetValue<string>());
        Assert.Equal("f64", answer.Json["provenance"]!["p"]!["dataType"]!.GetValue<string>());
        Assert.Equal(answer.Text, (await _client.Fetch($"/v1/comparisons/{answer.Json["id"]!.GetValue<string>()}")).Text);
    }

    [Fact]
    public async Task Compare_OfMaskedTokens_MayBeInfinite()
    {
        var answer = await _client.PostJson(Path, """{ "p": [[1, 2, "-Infinity"], [0, 0, 0]], "q": [[1, "-Infinity", 0], [0, 0, 0]] }""");
        Assert.Equal(200, answer.Status);
        Assert.Equal("Infinity", answer.Json["forward"]!["mean"]!.GetValue<string>());
        Assert.Equal(1, answer.Json["infinite"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("""{ "q": [[1]] }""", "/p")]
    [InlineData("""{ "p": [], "q": [[1]] }""", "/p")]
    [InlineData("""{ "p": [[1, 2], [1]], "q": [[1, 2], [1, 2]] }""", "/p/1")]
    [InlineData("""{ "p": [[1, 2]], "q": [[]] }""", "/q/0")]
    [InlineData("""{ "p": [[1, "NaN"]], "q": [[1, 2]] }""", "/p/0/1")]
    [InlineData("""{ "p": [[1, "Infinity"]], "q": [[1, 2]] }""", "/p/0/1")]
    [InlineData("""{ "p": [[1, null]], "q": [[1, 2]] }""", "/p/0/1")]
    [InlineData("""{ "p": [[1, 2]], "q": [[1, 2]], "targets": [1.5] }""", "/targets/0")]
    [InlineData("""{ "p": [[1, 2]], "q": [[1, 2]], "temperature": 0 }""", "/temperature")]
    [InlineData("""{ "p": [[1, 2]], "q": [[1, 2]], "loveliness": 0 }""", "/loveliness")]
    [InlineData("""{ "p": [[1, 2]], "q": [[1, 2]], "gate": { "loveliness": 0 } }""", "/gate/loveliness")]
    public async Task Compare_OfWhatIsNoLogits_NamesIt(string body, string pointer)
    {
        var answer = await _client.PostJson(Path, body);
        Assert.Equal(400, answer.Status);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Theory]
    [InlineData("""{ "p": [[1, 2]], "q": [[1, 2, 3]] }""", "vocabulary-mismatch")]
    [InlineData("""{ "p": [[1, 2]], "q": [[1, 2], [1, 2]] }""", "row-count-mismatch")]
    [InlineData("""{ "p": [[1, 2]], "q": [[1, 2]], "targets": [1, 1] }""", "row-count-mismatch")]
    [InlineData("""{ "p": [[1, 2]], "q": [[1, 2]], "targets": [2] }""", "token-out-of-range")]
    [InlineData("""{ "p": [["-Infinity", "-Infinity"]], "q": [[1, 2]] }""", "non-finite")]
    public async Task Compare_OfWhatCannotBeCompared_Is422(string body, string code)
    {
        var answer = await _client.PostJson(Path, body);
        Assert.Equal((422, code), (answer.Status, answer.Code()));
        Assert.Empty(Files);
    }

    [Fact]
    public async Task Compare_OfFiles_IsThatOfNumbers()
    {
        var answer = await Send([("unit", "bits"), ("percentiles", "50"), ("percentiles", "99")], ("q", LogitFiles.Npy(Q)), ("targets", LogitFiles.NpyInts([.. Enumerable.Repeat(3L, 24)])), ("p", LogitFiles.Safetensors(("x", P))));
        Assert.Equal(200, answer.Status);
        Assert.Equal(Oracle.MeanForward(P, Q) / Math.Log(2), answer.Json["forward"]!["mean"]!.GetValue<double>(), 1e-9);
        Assert.Equal(["50", "99"], answer.Json["forward"]!["percentiles"]!.AsObject().Select(entry => entry.Key));
        Assert.NotNull(answer.Json["perplexity"]);
        // What was spooled is gone; only the positions are kept.
        Assert.Single(Files);

        Assert.NotNull((await Send(("p", LogitFiles.Npy(P)))).ErrorAt("/q"));
        Assert.NotNull((await Send(("p", LogitFiles.Npy(P)), ("q", LogitFiles.Npy(Q)), ("r", [1]))).ErrorAt("/r"));
        Assert.NotNull((await Send(("p", LogitFiles.Npy(P)), ("p", LogitFiles.Npy(Q)), ("q", [1]))).ErrorAt("/p"));
        Assert.NotNull((await Send([("temperature", "hot")], ("p", LogitFiles.Npy(P)), ("q", LogitFiles.Npy(Q)))).ErrorAt("/temperature"));
        // A field is not cut: what is left of this list would be legal.
        Assert.NotNull((await Send([("percentiles", $"50{new string(' ', 9000)},99")], ("p", LogitFiles.Npy(P)), ("q", LogitFiles.Npy(Q)))).ErrorAt("/percentiles"));
        Assert.Equal(422, (await Send(("p", LogitFiles.Npy(P)), ("q", LogitFiles.Npy(Q)), ("targets", LogitFiles.NpyInts(1)))).Status);
        foreach (var count in new[] { 23, 25 })
            Assert.Equal(422, (await Send(("p", LogitFiles.JsonLines(P)), ("q", LogitFiles.JsonLines(Q)), ("targets", LogitFiles.NpyInts([.. Enumerable.Repeat(3L, count)])))).Status);
        Assert.Equal(400, (await Send(("p", LogitFiles.Npy(P)[..300]), ("q", LogitFiles.Npy(Q)))).Status);
        Assert.Equal(415, (await _client.PostJson(Path, "x", "text/plain")).Status);
        Assert.Single(Files);
    }

    [Fact]
    public async Task Rank_OfCandidates_OrdersThemAndTellsThemApart()
    {
        var p = LogitFiles.Rows(300, 11, 1);
        float[][] Far(double scale, int seed) => [.. LogitFiles.Near(p, seed).Zip(p, (near, row) => near.Zip(row, (x, y) => (float)(y + scale * (x - y))).ToArray())];
        var ids = new[] { await CompareRows(p, Far(3, 1), ",\"clusterSize\":10"), await CompareRows(p, Far(1, 2), ",\"clusterSize\":10"), await CompareRows(p, Far(1, 3), ",\"clusterSize\":10") };
        var answer = await _client.PostJson("/v1/comparisons/rank", $"{{\"reports\":[{string.Join(',', ids.Select(id => $"\"{id}\""))}],\"metric\":\"forward\"}}");
        Assert.Equal(200, answer.Status);
        Assert.Equal(ids[0], answer.Json["candidates"]![2]!["name"]!.GetValue<string>());
        Assert.Equal(2, answer.Json["groups"]!.AsArray().Count);
        Assert.Equal(30, answer.Json["clusters"]!.GetValue<int>());

        Assert.NotNull((await _client.PostJson("/v1/comparisons/rank", $"{{\"reports\":[\"{ids[0]}\"]}}")).ErrorAt("/reports"));
        Assert.NotNull((await _client.PostJson("/v1/comparisons/rank", $"{{\"reports\":[\"{ids[0]}\",\"{ids[0]}\"]}}")).ErrorAt("/reports/1"));
        Assert.Equal(404, (await _client.PostJson("/v1/comparisons/rank", $"{{\"reports\":[\"{ids[0]}\",\"x\"]}}")).Status);
        var other = await CompareRows(LogitFiles.Rows(300, 11, 9), p);
        var different = await _client.PostJson("/v1/comparisons/rank", $"{{\"reports\":[\"{ids[0]}\",\"{other}\"]}}");
        Assert.Equal((422, "different-references"), (different.Status, different.Code()));
    }

    [Fact]
    public async Task Merge_OfParts_IsTheReportOfTheWhole()
    {
        var whole = await _client.PostJson(Path, $"{{\"p\":{Json(P)},\"q\":{Json(Q)},\"clusterSize\":4}}");
        var first = await CompareRows(P[..8], Q[..8], ",\"clusterSize\":4");
        var second = await CompareRows(P[8..], Q[8..], ",\"clusterSize\":4,\"firstRow\":8");
        var summary = (await _client.Fetch($"/v1/comparisons/{first}/summary")).Text;
        var merged = await _client.PostJson("/v1/comparisons/merge", $"{{\"reports\":[\"{second}\",{summary}],\"gate\":{{\"forwardMean\":10}}}}");
        Assert.Equal(200, merged.Status);
        foreach (var field in new[] { "mean", "standardError", "clusterStandardError", "minimum", "maximum" })
            Assert.Equal(whole.Json["forward"]![field]!.ToJsonString(), merged.Json["forward"]![field]!.ToJsonString());
        Assert.Equal("pass", merged.Json["gate"]!["verdict"]!.GetValue<string>());
        var id = merged.Json["id"]!.GetValue<string>();
        Assert.Equal(merged.Text, (await _client.Fetch($"/v1/comparisons/{id}")).Text);
        Assert.Equal(409, (await _client.Fetch($"/v1/comparisons/{id}/positions")).Status);
        Assert.Equal(400, (await _client.PostJson("/v1/comparisons/merge", $"{{\"reports\":[\"{first}\",\"{first}\"]}}")).Status);
        Assert.Equal(400, (await _client.PostJson("/v1/comparisons/merge", """{ "reports": [1] }""")).Status);
        Assert.Equal(404, (await _client.PostJson("/v1/comparisons/merge", """{ "reports": ["x"] }""")).Status);
        // Said before anything is looked for.
        Assert.NotNull((await _client.PostJson("/v1/comparisons/merge", """{ "reports": ["x", "y", "x"] }""")).ErrorAt("/reports/2"));
        Assert.Equal(422, (await _client.PostJson("/v1/comparisons/rank", $"{{\"reports\":[\"{first}\",\"{id}\"]}}")).Status);
    }

    [Fact]
    public async Task Histogram_OfAComparison_IsAPicture()
    {
        var id = await CompareRows(P, Q);
        var picture = await _client.Fetch($"/v1/comparisons/{id}/chart.svg");
        Assert.Equal((200, "image/svg+xml"), (picture.Status, picture.MediaType));
        Assert.StartsWith("<svg", picture.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await _client.Fetch("/v1/comparisons/x/chart.svg")).Status);
    }

    [Fact]
    public async Task Table_OfLlamaCpp_IsTextWhereItsNumbersWereAskedFor()
    {
        var (p, tokens) = (LogitFiles.Rows(128, 11, 1), Enumerable.Range(0, 128).Select(i => i % 11).ToArray());
        Assert.Equal(201, (await _client.PutBaseline("base", LogitFiles.Kld(p, 16, tokens))).Status);
        Task<Answer> Compare(string query)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, $"{BaselineRequests.Path}/base/compare{query}") { Content = Part(LogitFiles.Npy(LogitFiles.Near(p, 2))) };
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/plain"));
            return _client.Ask(request);
        }

        var table = await Compare("?compatibility=llama-cpp");
        Assert.Equal((200, "text/plain"), (table.Status, table.MediaType));
        Assert.Contains("====== KL divergence statistics ======", table.Text, StringComparison.Ordinal);
        var mean = table.Text.Split('\n').Single(line => line.StartsWith("Mean    KLD:", StringComparison.Ordinal)).Split([' ', '±'], StringSplitOptions.RemoveEmptyEntries)[2];
        Assert.InRange(double.Parse(mean, CultureInfo.InvariantCulture), 1e-4, 0.1);
        Assert.Equal("application/json", (await Compare("")).MediaType);
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }
}
