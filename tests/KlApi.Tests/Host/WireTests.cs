using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace KlApi.Tests.Host;

/// <summary>What only a real server on a real socket can show: truncated bodies, slow clients, requests whose framing lies.</summary>
public sealed class WireTests : IDisposable
{
    private const string Valid = """{"p":[0.1,0.9],"q":[0.9,0.1]}""";

    private readonly Service _service = new();
    private readonly Uri _address;

    public WireTests()
    {
        _service.UseKestrel(0);
        _service.StartServer();
        _address = _service.ClientOptions.BaseAddress;
    }

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Request_ThatIsFine_IsAnswered() =>
        Assert.StartsWith("HTTP/1.1 200", await Send(Post($"Content-Length: {Valid.Length}", Valid)), StringComparison.Ordinal);

    [Fact]
    public async Task Body_ThatEndsBeforeItsLength_IsNeverAnsweredAsIfComplete()
    {
        var answer = await Send(Post("Content-Length: 5000", Valid), thenClose: true);
        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal), answer);
        await AssertServesOthers();
    }

    [Fact]
    public async Task Body_ThatIsAnnouncedTooLarge_IsRefusedBeforeItIsRead()
    {
        var clock = Stopwatch.StartNew();
        var answer = await Send(Post("Content-Length: 10000000000", ""));
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
    }

    /// <summary>Either the request is refused, or it means one thing only; a second, smuggled request is never answered.</summary>
    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 6", "hello")]
    [InlineData("Content-Length: 29\r\nTransfer-Encoding: chunked", "0\r\n\r\nGET /v1/limits HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("Content-Length: -1", Valid)]
    [InlineData("Content-Length: 0x1d", Valid)]
    [InlineData("Content-Length: 29, 29", Valid)]
    [InlineData("Content-Length : 29", Valid)]
    [InlineData("Transfer-Encoding: chunked, identity", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: xchunked", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "zz\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "-1\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "1;a=\n\r\nx\r\n0\r\n\r\nGET /v1/limits HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "5\r\nhelloX\r\n0\r\n\r\n")]
    [InlineData("X: a\r\n b: folded\r\nContent-Length: 0", "")]
    [InlineData("X\u0000Y: a\r\nContent-Length: 0", "")]
    public async Task Framing_ThatLies_IsRefused(string header, string body)
    {
        var answer = await Send(Post(header, body));
        Assert.Matches("^HTTP/1.1 (400|413|415|501)", answer);
        Assert.DoesNotContain("jsonBytes", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /v1/limits HTTP/1.1\r\n\r\n")]
    [InlineData("GET /v1/limits HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /v1/limits HTTP/9.9\r\nHost: x\r\n\r\n")]
    [InlineData("GET  /v1/limits HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00FC\u0003\u0003")]
    [InlineData("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/\u0000 HTTP/1.1\r\nHost: x\r\n\r\n")]
    public async Task RequestLine_ThatIsNone_IsRefused(string request) =>
        Assert.Matches("^(HTTP/1.1 (400|404|414|505)|$)", await Send(request, thenClose: true));

    /// <summary>Half a header a second holds nothing but its own socket, and that for ten seconds.</summary>
    [Fact]
    public async Task Headers_ThatComeSlowly_StarveNobodyAndAreEnded()
    {
        var slow = new List<TcpClient>();
        for (var i = 0; i < 50; i++)
        {
            var client = await Connect();
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /v1/divergences HTTP/1.1\r\nHost: x\r\nX-Slow: "));
            slow.Add(client);
        }

        await AssertServesOthers();
        var clock = Stopwatch.StartNew();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(25));
        var rest = await new StreamReader(slow[0].GetStream()).ReadToEndAsync(patience.Token);
        Assert.Matches("^(HTTP/1.1 408|$)", rest);
        Assert.InRange(clock.Elapsed.TotalSeconds, 5, 20);
        foreach (var client in slow) client.Dispose();
    }

    /// <summary>Ids go from a path straight into look-ups: none of these finds anything, and none is repeated or explained.</summary>
    [Theory]
    [InlineData("..%2f..%2fetc%2fpasswd")]
    [InlineData("..%5c..%5cwindows")]
    [InlineData("%2e%2e%2f%2e%2e%2fkl.db")]
    [InlineData("....//....//etc")]
    [InlineData("%00")]
    [InlineData("a%00b")]
    [InlineData("%0d%0aSet-Cookie:x")]
    [InlineData("'%20OR%201=1--")]
    [InlineData("%C0%AE%C0%AE")]
    [InlineData("CON")]
    [InlineData("%25252e")]
    [InlineData("~root")]
    [InlineData("*")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("LONG")]
    public async Task Id_ThatIsAPathOrWorse_FindsNothing(string id)
    {
        if (id == "LONG") id = new string('a', 4000);
        using var client = new HttpClient { BaseAddress = _address };
        var document = (await client.Fetch("/swagger/v1/swagger.json")).Json;
        var operations = (from path in document["paths"]!.AsObject()
                          where path.Key.Contains('{', StringComparison.Ordinal)
                          from operation in path.Value!.AsObject()
                          where operation.Key is "get" or "delete" or "post"
                          select (Method: operation.Key, Path: path.Key)).ToList();
        Assert.NotEmpty(operations);
        foreach (var (method, path) in operations)
        {
            var filled = _address.GetLeftPart(UriPartial.Authority) + Regex.Replace(path, @"\{[^}]+\}", id);
            var raw = new Uri(filled, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), raw);
            if (method == "post") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
            var answer = await client.Ask(request);
            Assert.True(answer.Status is 400 or 404 or 405 or 415, $"{method} {path}: {answer.Status} {answer.Text}");
            // The server itself refuses a path that cannot be decoded, before anything here could add words.
            if (id.Contains("%00", StringComparison.Ordinal) && answer.Text.Length == 0) continue;
            Assert.Equal("application/problem+json", answer.MediaType);
            Assert.True(Leaks.FindIn(answer.Text) is null, answer.Text);
        }
    }

    private async Task AssertServesOthers()
    {
        var clock = Stopwatch.StartNew();
        Assert.StartsWith("HTTP/1.1 200", await Send(Post($"Content-Length: {Valid.Length}", Valid)), StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"{clock.Elapsed}");
    }

    [Fact]
    public async Task Request_ThatOutlastsItsTime_IsStoppedWith504()
    {
        using var hasty = new Service().With("KlService:Limits:RequestSeconds", "1");
        hasty.UseKestrel(0);
        hasty.StartServer();
        var answer = await Send(Post("Content-Length: 100", "{"), to: hasty.ClientOptions.BaseAddress);
        Assert.StartsWith("HTTP/1.1 504", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"timed-out\"", answer, StringComparison.Ordinal);
    }

    private static string Post(string headers, string body) =>
        $"POST /v1/divergences HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n{headers}\r\n\r\n{body}";

    /// <summary>Everything that the server says until it closes, or for five seconds.</summary>
    private async Task<string> Send(string request, bool thenClose = false, Uri? to = null)
    {
        using var client = await Connect(to);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        if (thenClose) client.Client.Shutdown(SocketShutdown.Send);
        var (said, buffer) = (new StringBuilder(), new byte[4096]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            while (await stream.ReadAsync(buffer, patience.Token) is var count and > 0) said.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            // Reset or kept open: what was said until then is what counts.
        }

        return said.ToString();
    }

    private async Task<TcpClient> Connect(Uri? to = null)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, (to ?? _address).Port);
        return client;
    }
}
