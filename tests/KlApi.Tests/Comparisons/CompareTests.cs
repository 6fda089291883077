using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using KlApi.Tests.Baselines;
using KlApi.Tests.Datasets;
using KlApi.Tests.Host;

namespace KlApi.Tests.Comparisons;

public sealed class CompareTests : IDisposable
{
    private static readonly int[] Tokens = [8, 7, 6, 5, 4, 3];

    private readonly Service _service = new();
    private readonly HttpClient _client;

    public CompareTests() => _client = _service.CreateClient();

    private string[] Files => [.. Directory.GetFiles(Path.Combine(_service.DataDirectory, "comparisons"))];

    private Task<Answer> Compare(byte[] candidate, string query = "", string? accept = null, string baseline = "base", string mediaType = "application/octet-stream")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{BaselineRequests.Path}/{baseline}/compare{query}") { Content = Uploads.Content(candidate, mediaType) };
        if (accept is not null) request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        return _client.Ask(request);
    }

    private async Task Put(byte[] bytes, string name = "base") => Assert.Equal(201, (await _client.PutBaseline(name, bytes)).Status);

    [Fact]
    public async Task Compare_OfArrays_IsTheDivergenceOfTheirDistributions()
    {
        var p = LogitFiles.Rows(40, 33, 1);
        var q = LogitFiles.Near(p, 2);
        await Put(LogitFiles.Npy(p));
        var answer = await Compare(LogitFiles.Npy(q));
        Assert.Equal(200, answer.Status);
        Assert.Equal(40, answer.Json["rows"]!.GetValue<int>());
        Assert.Equal(33, answer.Json["vocabulary"]!.GetValue<int>());
        Assert.Equal(Oracle.MeanForward(p, q), answer.Json["forward"]!["mean"]!.GetValue<double>(), 1e-9);
        Assert.Equal(Oracle.MeanForward(q, p), answer.Json["reverse"]!["mean"]!.GetValue<double>(), 1e-9);
        Assert.Equal("base", answer.Json["baseline"]!.GetValue<string>());
        var kept = await _client.Fetch($"/v1/comparisons/{answer.Json["id"]!.GetValue<string>()}");
        Assert.Equal(answer.Text, kept.Text);
    }

    [Theory]
    [InlineData("npy")]
    [InlineData("half")]
    [InlineData("safetensors")]
    [InlineData("json")]
    [InlineData("kld")]
    public async Task Compare_OfAnyFormatWithItself_IsZero(string format)
    {
        var rows = LogitFiles.Rows(12, 9, 1);
        var bytes = format switch
        {
            "npy" => LogitFiles.Npy(rows),
            "half" => LogitFiles.NpyHalf(rows),
            "safetensors" => LogitFiles.Safetensors(("logits", rows)),
            "json" => LogitFiles.JsonLines(rows),
            _ => LogitFiles.Kld(rows, 4, [.. Enumerable.Range(0, 12).Select(i => i % 9)]),
        };
        await Put(bytes);
        var answer = await Compare(bytes);
        Assert.Equal(200, answer.Status);
        Assert.Equal(12, answer.Json["rows"]!.GetValue<int>());
        Assert.Equal(0, answer.Json["forward"]!["mean"]!.GetValue<double>());
        Assert.Equal(0, answer.Json["hellinger"]!["maximum"]!.GetValue<double>());
        Assert.Equal(format == "kld", answer.Json["perplexity"] is not null);
    }

    [Fact]
    public async Task Compare_OfWhatDoesNotMatch_IsRefusedWithBothSizes()
    {
        await Put(LogitFiles.Npy(LogitFiles.Rows(6, 9, 1)));
        var vocabulary = await Compare(LogitFiles.Npy(LogitFiles.Rows(6, 8, 1)));
        Assert.Equal((422, "vocabulary-mismatch"), (vocabulary.Status, vocabulary.Code()));
        Assert.Contains("9", vocabulary.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("8", vocabulary.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(200, (await Compare(LogitFiles.Npy(LogitFiles.Rows(6, 8, 1)), "?vocabularyPolicy=truncate")).Status);
        foreach (var rows in new[] { 5, 7 })
        {
            var count = await Compare(LogitFiles.Npy(LogitFiles.Rows(rows, 9, 1)));
            Assert.Equal((422, "row-count-mismatch"), (count.Status, count.Code()));
            Assert.Contains("6", count.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Contains($"{rows}", count.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
            var lines = await Compare(LogitFiles.JsonLines(LogitFiles.Rows(rows, 9, 1)));
            Assert.Equal((422, "row-count-mismatch"), (lines.Status, lines.Code()));
        }

        var missing = await Compare(LogitFiles.Npy(LogitFiles.Rows(6, 9, 1)), baseline: "other");
        Assert.Equal(404, missing.Status);
        Assert.Equal(415, (await Compare(LogitFiles.Npy(LogitFiles.Rows(6, 9, 1)), mediaType: "text/html")).Status);
    }

    [Fact]
    public async Task Targets_OfBothSides_MustAgree()
    {
        var rows = LogitFiles.Rows(6, 9, 1);
        await Put(LogitFiles.Kld(rows, 3, [8, 7, 6, 5, 4, 3]));
        var mismatch = await Compare(LogitFiles.Kld(rows, 3, [8, 7, 6, 5, 1, 3]));
        Assert.Equal((409, "token-mismatch"), (mismatch.Status, mismatch.Code()));
        Assert.Contains("index 4", mismatch.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        // The candidate's own tokens do where the baseline has none.
        await Put(LogitFiles.Npy(rows), "bare");
        var own = await Compare(LogitFiles.Kld(rows, 3, [8, 7, 6, 5, 4, 3]), baseline: "bare");
        Assert.Equal(200, own.Status);
        var outside = await Compare(LogitFiles.Kld(rows, 3, [8, 7, 6, 9, 4, 3]), baseline: "bare");
        Assert.Equal((400, "kld-token"), (outside.Status, outside.Code()));
        Assert.Equal(200, (await _client.PutTargets("bare", LogitFiles.NpyInts(8, 7, 6, 5, 4, 3))).Status);
        var given = await Compare(LogitFiles.Npy(rows), "?clusterSize=3", baseline: "bare");
        Assert.Equal(200, given.Status);
        var losses = rows.Select((row, i) => -Math.Log(Oracle.Softmax(row)[Tokens[i]]));
        Assert.Equal(Math.Exp(losses.Average()), given.Json["perplexity"]!["p"]!.GetValue<double>(), 1e-5);
    }

    [Fact]
    public async Task Targets_KnownOnOneSideOnly_AreTaken()
    {
        var rows = LogitFiles.Rows(6, 9, 1);
        await Put(LogitFiles.Npy(rows));
        Assert.Equal(200, (await _client.PutTargets("base", LogitFiles.NpyInts(8, -1, 6, 5, -1, -1))).Status);
        string[] known = ["", ",\"target\":7", ",\"target\":6", "", ",\"target\":4", ""];
        string Lines(string[] targets) => string.Concat(rows.Select((row, i) => $"{{\"logits\":[{string.Join(',', row.Select(logit => logit.ToString("R", CultureInfo.InvariantCulture)))}]{targets[i]}}}\n"));
        var answer = await Compare(System.Text.Encoding.UTF8.GetBytes(Lines(known)));
        Assert.True(answer.Status == 200, answer.Text);
        var losses = rows.Take(5).Select((row, i) => -Math.Log(Oracle.Softmax(row)[Tokens[i]]));
        Assert.Equal(Math.Exp(losses.Average()), answer.Json["perplexity"]!["p"]!.GetValue<double>(), 1e-5);
        known[3] = ",\"target\":4";
        var mismatch = await Compare(System.Text.Encoding.UTF8.GetBytes(Lines(known)));
        Assert.Equal((409, "token-mismatch"), (mismatch.Status, mismatch.Code()));
        Assert.Contains("index 3", mismatch.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_WithARowThatIsNoDistribution_NamesItOrLeavesItOut()
    {
        var p = LogitFiles.Rows(6, 9, 1);
        await Put(LogitFiles.Npy(p));
        var q = LogitFiles.Near(p, 2);
        q[4][3] = float.NaN;
        var refused = await Compare(LogitFiles.Npy(q));
        Assert.Equal((422, "non-finite"), (refused.Status, refused.Code()));
        Assert.Contains("Row 4 of q", refused.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        var excluded = await Compare(LogitFiles.Npy(q), "?nonFinite=exclude");
        Assert.Equal(200, excluded.Status);
        Assert.Equal(1, excluded.Json["excluded"]!.GetValue<int>());
        var kept = Enumerable.Range(0, 6).Where(i => i != 4).ToArray();
        Assert.Equal(Oracle.MeanForward([.. kept.Select(i => p[i])], [.. kept.Select(i => q[i])]), excluded.Json["forward"]!["mean"]!.GetValue<double>(), 1e-9);
        // Only the comparison that was answered is there.
        Assert.Single(Files);
    }

    [Fact]
    public async Task Options_ThatAreIllegal_AreNamedAllAtOnce()
    {
        var answer = await Compare(
            [], "?temperature=0&percentiles=50,101,x&topK=0&topK=2000&clusterSize=abc&skip=-1&vocabularyPolicy=Truncate&nonFinite=maybe&worst=1001&perPosition=xml&compatibility=vllm&unit=nat&gate.forwardMean=small&gate.loveliness=1&topp=5&tensor=");
        Assert.Equal(400, answer.Status);
        foreach (var pointer in new[] { "/percentiles/2", "/clusterSize", "/vocabularyPolicy", "/nonFinite", "/perPosition", "/compatibility", "/unit", "/gate.forwardMean", "/topp", "/temperature", "/skip", "/worst", "/gate.loveliness", "/tensor" })
            Assert.True(answer.ErrorAt(pointer) is not null, $"{pointer} is not named in {answer.Text}");
        // What can be read is checked by its bounds.
        answer = await Compare([], "?temperature=0&percentiles=50,101&topK=0&topK=2000&skip=-1&worst=1001&gate.loveliness=1&gate.forwardMean=0.1&clusterSize=0");
        Assert.Equal(400, answer.Status);
        foreach (var pointer in new[] { "/temperature", "/percentiles/1", "/topK/0", "/topK/1", "/skip", "/worst", "/gate.loveliness", "/clusterSize" })
            Assert.True(answer.ErrorAt(pointer) is not null, $"{pointer} is not named in {answer.Text}");
        Assert.Null(answer.ErrorAt("/gate.forwardMean"));
        Assert.NotNull((await Compare([], "?temperature=1&temperature=2")).ErrorAt("/temperature"));
        answer = await Compare([], "?a/b.c=1&a.b/c=2");
        Assert.Equal(400, answer.Status);
        foreach (var pointer in new[] { "/a~1b.c", "/a.b~1c" }) Assert.True(answer.ErrorAt(pointer) is not null, $"{pointer} is not named in {answer.Text}");
    }

    [Fact]
    public async Task Options_Each_ShowInTheReport()
    {
        var p = LogitFiles.Rows(40, 33, 1);
        var q = LogitFiles.Near(p, 2);
        await Put(LogitFiles.Npy(p));
        var answer = await Compare(LogitFiles.Npy(q), "?temperature=2&percentiles=50,90&percentiles=99&topK=3&clusterSize=8&skip=2&worst=4&unit=bits&gate.forwardMean=100&gate.top1=0.999999");
        Assert.Equal(200, answer.Status);
        Assert.Equal(2, answer.Json["temperature"]!.GetValue<double>());
        Assert.Equal(["50", "90", "99"], answer.Json["forward"]!["percentiles"]!.AsObject().Select(entry => entry.Key));
        Assert.Equal(8, answer.Json["chunkRows"]!.GetValue<int>());
        Assert.Equal(10, answer.Json["skipped"]!.GetValue<int>());
        Assert.Equal(4, answer.Json["worst"]!.AsArray().Count);
        Assert.Equal("bits", answer.Json["unit"]!.GetValue<string>());
        Assert.Equal("fail", answer.Json["gate"]!["verdict"]!.GetValue<string>());
        var kept = Enumerable.Range(0, 40).Where(i => i % 8 >= 2).ToArray();
        float[][] Cooled(float[][] rows) => [.. kept.Select(i => rows[i].Select(logit => logit / 2).ToArray())];
        Assert.Equal(Oracle.MeanForward(Cooled(p), Cooled(q)) / Math.Log(2), answer.Json["forward"]!["mean"]!.GetValue<double>(), 1e-9);
    }

    [Fact]
    public async Task Positions_InEachForm_AreThoseOfTheReport()
    {
        var p = LogitFiles.Rows(10, 7, 1);
        var q = LogitFiles.Near(p, 2);
        await Put(LogitFiles.Npy(p));
        var expected = p.Zip(q, (first, second) => Oracle.Forward(first, second)).ToArray();
        var report = await Compare(LogitFiles.Npy(q));
        var path = $"/v1/comparisons/{report.Json["id"]!.GetValue<string>()}/positions";

        var lines = (await _client.Fetch(path)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(expected.Length, lines.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(i, lines[i]["row"]!.GetValue<int>());
            Assert.Equal(expected[i], lines[i]["forward"]!.GetValue<double>(), 1e-9);
            Assert.Equal(Array.IndexOf(p[i], p[i].Max()), lines[i]["topP"]!.GetValue<int>());
        }

        var csv = await Compare(LogitFiles.Npy(q), accept: "text/csv");
        Assert.Equal("text/csv", csv.MediaType);
        Assert.EndsWith("\r\n", csv.Text, StringComparison.Ordinal);
        var cells = csv.Text.Split("\r\n")[..^1].Select(line => line.Split(',')).ToArray();
        var column = Array.IndexOf(cells[0], "forward");
        Assert.Equal(expected.Length, cells.Length - 1);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(lines[i]["forward"]!.GetValue<double>(), double.Parse(cells[i + 1][column], CultureInfo.InvariantCulture));

        var npy = await Compare(LogitFiles.Npy(q), "?perPosition=npy");
        Assert.Equal("application/x-npy", npy.MediaType);
        var bytes = await npy.Message.Content.ReadAsByteArrayAsync();
        var header = System.Text.Encoding.ASCII.GetString(bytes[10..(10 + bytes[8] + 256 * bytes[9])]);
        Assert.StartsWith("{'descr': [('row', '<i8'), ('forward', '<f8'), ", header, StringComparison.Ordinal);
        Assert.Contains("'shape': (10,)", header, StringComparison.Ordinal);
        Assert.Equal(0, (10 + header.Length) % 64);
        var fields = cells[0].Length;
        Assert.Equal(10 + header.Length + 8 * fields * 10, bytes.Length);
        for (var i = 0; i < 10; i++) Assert.Equal(lines[i]["forward"]!.GetValue<double>(), BitConverter.ToDouble(bytes, 10 + header.Length + 8 * (fields * i + 1)));
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }
}
