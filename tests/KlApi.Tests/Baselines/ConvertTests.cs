using System.Buffers.Binary;
using System.Text.Json.Nodes;
using KlApi.Tests.Host;

namespace KlApi.Tests.Baselines;

public sealed class ConvertTests : IDisposable
{
    /// <summary>What NumPy 1.24 writes for <c>np.array([[0, 1.5, -2], [3, 0.25, -np.inf]], dtype='&lt;f2')</c>.</summary>
    private static readonly byte[] Golden = Convert.FromHexString(
        "934e554d5059010076007b276465736372273a20273c6632272c2027666f727472616e5f6f72646572273a2046616c73652c20277368617065273a2028322c2033292c207d" + string.Concat(Enumerable.Repeat("20", 58)) + "0a"
        + "0000003e00c00042003400fc");

    private const string GoldenAsText = "[0,1.5,-2]\n[3,0.25,\"-Infinity\"]\n";

    private readonly Service _service = new();
    private readonly HttpClient _client;

    public ConvertTests() => _client = _service.CreateClient();

    private string Folder => Path.Combine(_service.DataDirectory, "baselines");

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    private Task<HttpResponseMessage> Post(string name, string query, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead) =>
        _client.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"{BaselineRequests.Path}/{name}/convert{query}"), until);

    private Task<Answer> ConvertTo(string name, string query) => _client.Ask(new HttpRequestMessage(HttpMethod.Post, $"{BaselineRequests.Path}/{name}/convert{query}"));

    private async Task<byte[]> Converted(string name, string query, string mediaType, string extension)
    {
        using var answer = await Post(name, query);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal(mediaType, answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(name + extension, answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(bytes.Length, answer.Content.Headers.ContentLength);
        return bytes;
    }

    [Fact]
    public async Task Convert_TextToNpy_IsWhatNumPyWouldWrite()
    {
        await _client.PutBaseline("text", System.Text.Encoding.UTF8.GetBytes(GoldenAsText));
        Assert.Equal(Golden, await Converted("text", "?to=npy&type=f16", "application/x-npy", ".npy"));
    }

    [Fact]
    public async Task Convert_NpyToText_IsTheShortestNumbers()
    {
        await _client.PutBaseline("golden", Golden);
        Assert.Equal(GoldenAsText, System.Text.Encoding.UTF8.GetString(await Converted("golden", "?to=json-lines", "application/x-ndjson", ".jsonl")));
    }

    [Fact]
    public async Task Convert_ThereAndBack_GivesTheSameBytes()
    {
        var rows = LogitFiles.Rows(37, 300, 1);
        var npy = LogitFiles.Npy(rows);
        await _client.PutBaseline("npy", npy);
        var safetensors = await Converted("npy", "?to=safetensors", "application/x-safetensors", ".safetensors");
        await _client.PutBaseline("st", safetensors);
        var text = await Converted("st", "?to=json-lines", "application/x-ndjson", ".jsonl");
        await _client.PutBaseline("text", text);
        var back = await Converted("text", "?to=npy&type=f32", "application/x-npy", ".npy");
        Assert.Equal(npy[^(37 * 300 * 4)..], back[^(37 * 300 * 4)..]);
        var (header, data) = (BinaryPrimitives.ReadInt64LittleEndian(safetensors), npy[^(37 * 300 * 4)..]);
        Assert.Equal(data, safetensors[(int)(8 + header)..]);
        Assert.Equal(rows[36], JsonNode.Parse(System.Text.Encoding.UTF8.GetString(text).Split('\n')[36])!.AsArray().Select(logit => (float)(double)logit!));
    }

    [Fact]
    public async Task Convert_ToKld_IsWhatLlamaCppWouldWrite()
    {
        var rows = LogitFiles.Rows(6, 9, 1);
        int[] tokens = [8, 7, 6, 5, 4, 3];
        await _client.PutBaseline("base", LogitFiles.Npy(rows));
        var without = await ConvertTo("base", "?to=kld");
        Assert.Equal((422, "targets-required"), (without.Status, without.Code()));
        await _client.PutTargets("base", LogitFiles.NpyInts([.. tokens.Select(token => (long)token)]));
        Assert.Equal(LogitFiles.Kld(rows, 3, tokens), await Converted("base", "?to=kld&chunkRows=3", "application/x-kld", ".kld"));
        var uneven = await ConvertTo("base", "?to=kld&chunkRows=4");
        Assert.Equal((422, "rows-not-whole-chunks"), (uneven.Status, uneven.Code()));
    }

    [Fact]
    public async Task Convert_FromKld_KeepsTargetsWhereTheyHaveAPlace()
    {
        await _client.PutBaseline("base", LogitFiles.Kld(LogitFiles.Rows(6, 9, 1), 3, [8, 7, 6, 5, 4, 3]));
        var lines = System.Text.Encoding.UTF8.GetString(await Converted("base", "?to=json-lines", "application/x-ndjson", ".jsonl")).TrimEnd('\n').Split('\n');
        Assert.Equal([8, 7, 6, 5, 4, 3], lines.Select(line => (int)JsonNode.Parse(line)!["target"]!));
        // Log-probabilities of a row sum to one.
        Assert.All(lines, line => Assert.Equal(1, JsonNode.Parse(line)!["logits"]!.AsArray().Sum(logit => Math.Exp((double)logit!)), 1e-3));
        Assert.Equal(6 * 9 * 4, (await Converted("base", "?to=npy", "application/x-npy", ".npy")).Length - 128);
    }

    [Theory]
    [InlineData("?to=npy&type=bf16", "type-not-supported")]
    [InlineData("?to=kld&type=f32", "type-not-supported")]
    [InlineData("?to=json-lines&type=f16", "type-not-supported")]
    [InlineData("?to=npy&type=f16", "logit-out-of-range")]
    [InlineData("?to=safetensors&type=f16&store=new", "logit-out-of-range")]
    public async Task Convert_ToWhatCannotHoldIt_Is422BeforeAByte(string query, string code)
    {
        var rows = LogitFiles.Rows(500, 400, 1);
        rows[499][399] = 70_000;
        await _client.PutBaseline("base", LogitFiles.Npy(rows));
        await _client.PutTargets("base", LogitFiles.NpyInts(new long[500]));
        var answer = await ConvertTo("base", query);
        Assert.Equal((422, code), (answer.Status, answer.Code()));
        Assert.Equal(404, (await _client.Fetch($"{BaselineRequests.Path}/new")).Status);
        Assert.Equal(2, Directory.GetFiles(Folder).Length);
    }

    [Fact]
    public async Task Convert_NaNToText_IsRefusedWithItsPlace()
    {
        var rows = LogitFiles.Rows(3, 4, 1);
        rows[2][1] = float.NaN;
        var put = await _client.PutBaseline("base", LogitFiles.Npy(rows));
        Assert.Equal(201, put.Status);
        var answer = await ConvertTo("base", "?to=json-lines");
        Assert.Equal((422, "logit-not-finite"), (answer.Status, answer.Code()));
        Assert.Contains("Row 2, token 1", answer.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "/to")]
    [InlineData("?to=gguf", "/to")]
    [InlineData("?to=Npy", "/to")]
    [InlineData("?to=npy&type=u16", "/type")]
    [InlineData("?to=npy&chunkRows=2", "/chunkRows")]
    [InlineData("?to=kld&chunkRows=0", "/chunkRows")]
    [InlineData("?to=npy&store=../x", "/store")]
    [InlineData("?to=npy&form=x", "/form")]
    public async Task Convert_WithWrongOptions_Is400ByPointer(string query, string pointer)
    {
        await _client.PutBaseline("base", LogitFiles.Npy(LogitFiles.Rows(2, 3, 1)));
        var answer = await ConvertTo("base", query);
        Assert.Equal(400, answer.Status);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Fact]
    public async Task Convert_OfNothing_Is404() => Assert.Equal(404, (await ConvertTo("base", "?to=npy")).Status);

    [Fact]
    public async Task Store_KeepsANewBaselineWithTheTargetsOfTheOld()
    {
        await _client.PutBaseline("base", LogitFiles.Kld(LogitFiles.Rows(6, 9, 1), 3, [8, 7, 6, 5, 4, 3]));
        var answer = await ConvertTo("base", "?to=npy&type=f16&store=half");
        Assert.Equal(201, answer.Status);
        Assert.Equal("/v1/baselines/half", answer.Message.Headers.Location?.ToString());
        Assert.Equal(("half", "npy", "f16", 6, true), ((string)answer.Json["name"]!, (string)answer.Json["format"]!, (string)answer.Json["dataType"]!, (int)answer.Json["rows"]!, (bool)answer.Json["targets"]!));
        Assert.Equal(answer.Text, (await _client.Fetch($"{BaselineRequests.Path}/half")).Text);
        Assert.Equal(
            await _client.GetByteArrayAsync(new Uri($"{BaselineRequests.Path}/base/targets", UriKind.Relative)),
            await _client.GetByteArrayAsync(new Uri($"{BaselineRequests.Path}/half/targets", UriKind.Relative)));
        Assert.Equal(
            await Converted("base", "?to=npy&type=f16", "application/x-npy", ".npy"),
            await _client.GetByteArrayAsync(new Uri($"{BaselineRequests.Path}/half/content", UriKind.Relative)));
        var again = await ConvertTo("base", "?to=npy&type=f16&store=half");
        Assert.Equal((200, answer.Text), (again.Status, again.Text));
        var other = await ConvertTo("base", "?to=npy&type=f32&store=half");
        Assert.Equal((409, "baseline-exists"), (other.Status, other.Code()));
    }

    [Fact]
    public async Task Convert_OfAFileThatEndsTooSoon_CutsTheConnection()
    {
        await _client.PutBaseline("base", LogitFiles.Npy(LogitFiles.Rows(2000, 300, 1)));
        var file = Assert.Single(Directory.GetFiles(Folder));
        await using (var stream = new FileStream(file, FileMode.Open)) stream.SetLength(stream.Length - 100_000);
        using var answer = await Post("base", "?to=npy", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)answer.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Convert_WhoseClientLeaves_LetsGoOfTheBaseline()
    {
        await _client.PutBaseline("base", LogitFiles.Npy(LogitFiles.Rows(2000, 1000, 1)));
        var file = Assert.Single(Directory.GetFiles(Folder));
        using (var answer = await Post("base", "?to=npy", HttpCompletionOption.ResponseHeadersRead))
        {
            await (await answer.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[1000]);
            Assert.True(IsOpen(file));
        }

        for (var i = 0; IsOpen(file); i++)
        {
            Assert.True(i < 200, "The baseline is still being read.");
            await Task.Delay(50);
        }
    }

    private static bool IsOpen(string file) =>
        new DirectoryInfo("/proc/self/fd").EnumerateFiles().Any(descriptor => descriptor.LinkTarget == file);
}
