using System.Security.Cryptography;
using KlApi.Tests.Datasets;
using KlApi.Tests.Host;

namespace KlApi.Tests.Baselines;

public sealed class BaselineTests : IDisposable
{
    private static readonly int[] Tokens = [8, 7, 6, 5, 4, 3];

    private readonly Service _service = new();
    private readonly HttpClient _client;

    public BaselineTests() => _client = _service.CreateClient();

    private string[] Files => [.. Directory.GetFiles(Path.Combine(_service.DataDirectory, "baselines"))];

    [Fact]
    public async Task Put_OfAnArray_SaysWhatItHolds()
    {
        var bytes = LogitFiles.Npy(LogitFiles.Rows(3, 7, 1));
        var answer = await _client.PutBaseline("llama-3.1_8B.base", bytes);
        Assert.Equal(201, answer.Status);
        Assert.Equal("/v1/baselines/llama-3.1_8B.base", answer.Message.Headers.Location?.ToString());
        Assert.Equal("llama-3.1_8B.base", answer.Json["name"]!.GetValue<string>());
        Assert.Equal(3, answer.Json["rows"]!.GetValue<int>());
        Assert.Equal(7, answer.Json["vocabulary"]!.GetValue<int>());
        Assert.Equal("f32", answer.Json["dataType"]!.GetValue<string>());
        Assert.Equal("npy", answer.Json["format"]!.GetValue<string>());
        Assert.Equal(bytes.Length, answer.Json["bytes"]!.GetValue<int>());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), answer.Json["sha256"]!.GetValue<string>());
        Assert.False(answer.Json["targets"]!.GetValue<bool>());
        Assert.Equal(answer.Text, (await _client.Fetch($"{BaselineRequests.Path}/llama-3.1_8B.base")).Text);
        Assert.Equal(bytes, await _client.GetByteArrayAsync(new Uri($"{BaselineRequests.Path}/llama-3.1_8B.base/content", UriKind.Relative)));
    }

    [Fact]
    public async Task Put_OfTheSameAgain_IsTheSameRecordAndOfOtherContentAConflict()
    {
        var bytes = LogitFiles.Npy(LogitFiles.Rows(3, 7, 1));
        var first = await _client.PutBaseline("base", bytes);
        var again = await _client.PutBaseline("base", bytes);
        Assert.Equal((201, 200), (first.Status, again.Status));
        Assert.Equal(first.Text, again.Text);
        // Of the same length, of another, and no logits at all.
        foreach (var other in new[] { LogitFiles.Npy(LogitFiles.Rows(3, 7, 2)), LogitFiles.Npy(LogitFiles.Rows(4, 7, 1)), Uploads.Bytes("nothing") })
        {
            var conflict = await _client.PutBaseline("base", other);
            Assert.Equal((409, "baseline-exists"), (conflict.Status, conflict.Code()));
        }

        Assert.Equal(first.Text, (await _client.Fetch($"{BaselineRequests.Path}/base")).Text);
        Assert.Single(Files);
    }

    [Fact]
    public async Task Puts_AtOnceOfOneName_HaveOneWinner()
    {
        var (one, other) = (LogitFiles.Npy(LogitFiles.Rows(50, 300, 1)), LogitFiles.Npy(LogitFiles.Rows(50, 300, 2)));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _client.PutBaseline("base", i % 2 == 0 ? one : other)));
        Assert.Single(answers, answer => answer.Status == 201);
        var winner = Array.FindIndex(answers, answer => answer.Status == 201) % 2;
        for (var i = 0; i < answers.Length; i++)
            if (answers[i].Status != 201) Assert.Equal(i % 2 == winner ? 200 : 409, answers[i].Status);
        Assert.Single(Files);
    }

    [Fact]
    public async Task Put_OfATensor_TakesTheNamedOne()
    {
        var bytes = LogitFiles.Safetensors(("logits", LogitFiles.Rows(2, 5, 1)), ("other", LogitFiles.Rows(4, 3, 2)));
        Assert.Equal(400, (await _client.PutBaseline("base", bytes)).Status);
        Assert.Equal(400, (await _client.PutBaseline("base", bytes, "?tensor=none")).Status);
        var answer = await _client.PutBaseline("base", bytes, "?tensor=other");
        Assert.Equal(201, answer.Status);
        Assert.Equal((4, 3, "other", "safetensors"), (answer.Json["rows"]!.GetValue<int>(), answer.Json["vocabulary"]!.GetValue<int>(), answer.Json["tensor"]!.GetValue<string>(), answer.Json["format"]!.GetValue<string>()));
        Assert.Equal(409, (await _client.PutBaseline("base", bytes, "?tensor=logits")).Status);
    }

    [Theory]
    [InlineData(".hidden")]
    [InlineData("a%2Fb")]
    [InlineData("a%20b")]
    [InlineData("%C3%A4")]
    [InlineData("..%5Cx")]
    public async Task Put_UnderANameThatIsNone_Is400(string name)
    {
        var answer = await _client.PutBaseline(name, LogitFiles.Npy(LogitFiles.Rows(1, 2, 1)));
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.ErrorAt("/name"));
        Assert.Equal(400, (await _client.PutBaseline(new string('a', 101), LogitFiles.Npy(LogitFiles.Rows(1, 2, 1)))).Status);
        Assert.Equal(201, (await _client.PutBaseline(new string('a', 100), LogitFiles.Npy(LogitFiles.Rows(1, 2, 1)))).Status);
        Assert.Equal(404, (await _client.Fetch($"{BaselineRequests.Path}/{name}")).Status);
    }

    [Fact]
    public async Task Put_CutOffAnywhere_LeavesNothing()
    {
        var bytes = LogitFiles.Npy(LogitFiles.Rows(3, 7, 1));
        foreach (var length in new[] { 0, 1, 5, 6, 9, 100, 127, 128, 129, 130, 156, bytes.Length - 1 })
        {
            var answer = await _client.PutBaseline("base", bytes[..length]);
            Assert.Equal(400, answer.Status);
            Assert.NotEmpty(answer.Code());
        }

        Assert.Equal(400, (await _client.PutBaseline("base", [.. bytes, 0])).Status);
        Assert.Equal(404, (await _client.Fetch($"{BaselineRequests.Path}/base")).Status);
        Assert.Empty(Files);
        Assert.Equal(201, (await _client.PutBaseline("base", bytes)).Status);
    }

    [Fact]
    public async Task Put_OfWhatIsNoLogits_IsRefusedBySizeTypeAndQuota()
    {
        using var small = new Service().With("KlService:Limits:UploadBytes", "2000").With("KlService:Limits:StorageBytes", "3000");
        using var client = small.CreateClient();
        var bytes = LogitFiles.Npy(LogitFiles.Rows(10, 40, 1));
        Assert.Equal(1728, bytes.Length);
        Assert.Equal(413, (await client.PutBaseline("large", LogitFiles.Npy(LogitFiles.Rows(10, 60, 1)))).Status);
        Assert.Equal(415, (await client.PutBaseline("html", bytes, mediaType: "text/html")).Status);
        Assert.Equal(201, (await client.PutBaseline("base", bytes)).Status);
        Assert.Equal(507, (await client.PutBaseline("more", bytes)).Status);
        // The same again takes no room.
        Assert.Equal(200, (await client.PutBaseline("base", bytes)).Status);
        Assert.Equal(204, (await client.DeleteBaseline("base")).Status);
        Assert.Equal(201, (await client.PutBaseline("more", bytes)).Status);
    }

    [Fact]
    public async Task Delete_FreesTheNameAndTheSpace()
    {
        Assert.Equal(404, (await _client.DeleteBaseline("base")).Status);
        Assert.Equal(201, (await _client.PutBaseline("base", LogitFiles.Npy(LogitFiles.Rows(3, 7, 1)))).Status);
        Assert.Equal(204, (await _client.DeleteBaseline("base")).Status);
        Assert.Equal(404, (await _client.Fetch($"{BaselineRequests.Path}/base")).Status);
        Assert.Equal(404, (await _client.Fetch($"{BaselineRequests.Path}/base/content")).Status);
        Assert.Empty(Files);
        Assert.Equal(201, (await _client.PutBaseline("base", LogitFiles.Npy(LogitFiles.Rows(3, 7, 2)))).Status);
    }

    [Fact]
    public async Task List_IsPagedByName()
    {
        foreach (var name in new[] { "c", "a", "b" }) Assert.Equal(201, (await _client.PutBaseline(name, LogitFiles.Npy(LogitFiles.Rows(1, 2, 1)))).Status);
        var first = (await _client.Fetch($"{BaselineRequests.Path}?limit=2")).Json;
        Assert.Equal(["a", "b"], first["data"]!.AsArray().Select(entry => entry!["name"]!.GetValue<string>()));
        Assert.True(first["hasMore"]!.GetValue<bool>());
        var second = (await _client.Fetch($"{BaselineRequests.Path}?limit=2&after=b")).Json;
        Assert.Equal(["c"], second["data"]!.AsArray().Select(entry => entry!["name"]!.GetValue<string>()));
        Assert.False(second["hasMore"]!.GetValue<bool>());
        Assert.Equal(400, (await _client.Fetch($"{BaselineRequests.Path}?after=%20")).Status);
        Assert.Equal(400, (await _client.Fetch($"{BaselineRequests.Path}?limit=0")).Status);
    }

    [Fact]
    public async Task Targets_ArePutOnce()
    {
        Assert.Equal(404, (await _client.PutTargets("base", LogitFiles.NpyInts(1, 2, 3))).Status);
        Assert.Equal(201, (await _client.PutBaseline("base", LogitFiles.Npy(LogitFiles.Rows(3, 7, 1)))).Status);
        Assert.Equal(404, (await _client.Fetch($"{BaselineRequests.Path}/base/targets")).Status);
        var count = await _client.PutTargets("base", LogitFiles.NpyInts(1, 2));
        Assert.Equal((422, "row-count-mismatch"), (count.Status, count.Code()));
        Assert.Equal(422, (await _client.PutTargets("base", LogitFiles.NpyInts(1, 2, 3, 4))).Status);
        var range = await _client.PutTargets("base", LogitFiles.NpyInts(1, 2, 7));
        Assert.Equal((422, "token-out-of-range"), (range.Status, range.Code()));
        Assert.Contains("index 2", range.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(400, (await _client.PutTargets("base", LogitFiles.Npy([[1f, 2f, 3f]]))).Status);
        Assert.Equal(400, (await _client.PutTargets("base", [])).Status);
        Assert.Single(Files);

        var first = await _client.PutTargets("base", LogitFiles.NpyInts(1, 6, 3));
        Assert.Equal(200, first.Status);
        Assert.True(first.Json["targets"]!.GetValue<bool>());
        Assert.Equal(200, (await _client.PutTargets("base", Uploads.Bytes("[1, 6, 3]"))).Status);
        var other = await _client.PutTargets("base", LogitFiles.NpyInts(1, 6, 4));
        Assert.Equal((409, "targets-exist"), (other.Status, other.Code()));
        byte[] expected = [.. LogitFiles.NpyHeader("<i4", "(3,)"), 1, 0, 0, 0, 6, 0, 0, 0, 3, 0, 0, 0];
        Assert.Equal(expected, await _client.GetByteArrayAsync(new Uri($"{BaselineRequests.Path}/base/targets", UriKind.Relative)));
        Assert.Equal(2, Files.Length);
        Assert.Equal(204, (await _client.DeleteBaseline("base")).Status);
        Assert.Empty(Files);
    }

    [Fact]
    public async Task Put_OfAKldFile_HasTargetsAndChunks()
    {
        var bytes = LogitFiles.Kld(LogitFiles.Rows(6, 9, 1), 3, [8, 7, 6, 5, 4, 3]);
        var answer = await _client.PutBaseline("base", bytes);
        Assert.Equal(201, answer.Status);
        Assert.Equal(("kld", "u16", 6, 3, true), (answer.Json["format"]!.GetValue<string>(), answer.Json["dataType"]!.GetValue<string>(), answer.Json["rows"]!.GetValue<int>(), answer.Json["chunkRows"]!.GetValue<int>(), answer.Json["targets"]!.GetValue<bool>()));
        byte[] expected = [.. LogitFiles.NpyHeader("<i4", "(6,)"), .. Tokens.SelectMany(BitConverter.GetBytes)];
        Assert.Equal(expected, await _client.GetByteArrayAsync(new Uri($"{BaselineRequests.Path}/base/targets", UriKind.Relative)));
        Assert.Equal(200, (await _client.PutTargets("base", LogitFiles.NpyInts(8, 7, 6, 5, 4, 3))).Status);
        Assert.Equal(409, (await _client.PutTargets("base", LogitFiles.NpyInts(8, 7, 6, 5, 4, 2))).Status);
        Assert.Equal(200, (await _client.PutBaseline("base", bytes)).Status);
        var outOfRange = await _client.PutBaseline("other", LogitFiles.Kld(LogitFiles.Rows(6, 9, 1), 3, [8, 7, 6, 5, 9, 3]));
        Assert.Equal((400, "kld-token"), (outOfRange.Status, outOfRange.Code()));
        Assert.Equal(2, Files.Length);
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }
}
