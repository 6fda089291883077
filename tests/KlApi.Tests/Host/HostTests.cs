using System.Text.RegularExpressions;

namespace KlApi.Tests.Host;

public sealed class HostTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Theory]
    [InlineData("GET", "/v1/limits", 200)]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/health/ready", 200)]
    [InlineData("GET", "/nothing/here", 404)]
    [InlineData("POST", "/v1/limits", 405)]
    [InlineData("TRACE", "/v1/limits", 405)]
    [InlineData("TRACE", "/nothing/here", 405)]
    [InlineData("HEAD", "/v1/limits", 200)]
    [InlineData("HEAD", "/nothing/here", 404)]
    public async Task Answer_OfAnyStatus_CarriesTheSecurityHeaders(string method, string path, int status)
    {
        var answer = await _client.Ask(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(status, answer.Status);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Opener-Policy"));
        var policy = Header(answer, "Content-Security-Policy");
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Null(Header(answer, "Server"));
        Assert.Null(Header(answer, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("GET", "/nothing/here", 404, "not-found")]
    [InlineData("POST", "/v1/limits", 405, "method-not-allowed")]
    [InlineData("TRACE", "/v1/limits", 405, "method-not-allowed")]
    public async Task Refusal_EvenForBrowsers_IsAProblemWithWords(string method, string path, int status, string code)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Accept.ParseAdd("text/html");
        var answer = await _client.Ask(request);
        Assert.Equal(status, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal(code, (string?)answer.Json["code"]);
        Assert.Equal(status, (int)answer.Json["status"]!);
        Assert.All(["type", "title", "detail", "traceId"], field => Assert.False(string.IsNullOrWhiteSpace((string?)answer.Json[field])));
    }

    [Fact]
    public async Task Limits_AreShown()
    {
        var limits = (await _client.Fetch("/v1/limits")).Json;
        Assert.Equal(64L << 20, (long)limits["jsonBytes"]!);
        Assert.Equal(0, (int)limits["requestsPerSecond"]!);
    }

    [Fact]
    public async Task Health_WhenAllIsWell_NamesEachCheck()
    {
        Assert.Equal("ready", (string?)(await _client.Fetch("/health/live")).Json["status"]);
        var ready = await _client.Fetch("/health/ready");
        Assert.Equal(200, ready.Status);
        Assert.Equal("ready", (string?)ready.Json["checks"]!["accepting"]!["status"]);
        Assert.Equal("ready", (string?)ready.Json["checks"]!["storage"]!["status"]);
    }

    [Fact]
    public async Task Requests_BeyondTheRateOfOneClient_AreAnsweredWith429AndRetryAfter()
    {
        using var limited = new Service().With("KlService:Limits:RequestsPerSecond", "3");
        var client = limited.CreateClient();
        var answers = new List<Answer>();
        for (var i = 0; i < 12; i++) answers.Add(await client.Fetch("/v1/limits"));
        Assert.Equal(200, answers[0].Status);
        var refused = answers.Find(answer => answer.Status == 429);
        Assert.NotNull(refused);
        Assert.Equal("overloaded", (string?)refused.Json["code"]);
        Assert.Equal("1", Header(refused, "Retry-After"));
        for (var i = 0; i < 12; i++) Assert.Equal(200, (await client.Fetch("/health/ready")).Status);
    }

    [Fact]
    public async Task Swagger_TurnedOff_IsNotThere()
    {
        using var plain = new Service().With("KlService:Swagger", "false");
        Assert.Equal(404, (await plain.CreateClient().Fetch("/swagger/v1/swagger.json")).Status);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/app.js")]
    [InlineData("/app.css")]
    [InlineData("/swagger/index.html")]
    [InlineData("/swagger/swagger-ui-bundle.js")]
    public async Task StaticFile_ForAClientThatAcceptsGzip_HasItsContent(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.ParseAdd("gzip, deflate, br");
        var answer = await _client.Ask(request);
        Assert.Equal(200, answer.Status);
        Assert.True((await answer.Message.Content.ReadAsByteArrayAsync()).Length > 300);
    }

    [Theory]
    [InlineData("/appsettings.json")]
    [InlineData("/../appsettings.json")]
    [InlineData("/%2e%2e/%2e%2e/KlApi.csproj")]
    [InlineData("/.git/config")]
    [InlineData("/KlApi.dll")]
    public async Task FilesBesideThePage_AreNotServed(string path) => Assert.Equal(404, (await _client.Fetch(path)).Status);

    [Fact]
    public async Task Metrics_AfterRequests_CountThemByRouteAndStatus()
    {
        using var counted = new Service();
        var client = counted.CreateClient();
        for (var i = 0; i < 3; i++) await client.Fetch("/v1/limits");
        await client.Fetch("/nothing/here");
        // A request is counted when it has ended, which its client may notice first.
        const string found = """http_server_request_duration_seconds_count\{[^}]*http_response_status_code="200"[^}]*http_route="/v1/limits"[^}]*\} 3\n""";
        const string missed = """http_server_request_duration_seconds_count\{[^}]*http_response_status_code="404"[^}]*\} 1\n""";
        var text = "";
        for (var attempt = 0; attempt < 200 && !(Regex.IsMatch(text, found) && Regex.IsMatch(text, missed)); attempt++)
        {
            await Task.Delay(10);
            text = (await client.Fetch("/metrics")).Text;
        }

        Assert.Matches(found, text);
        Assert.Matches("""http_server_request_duration_seconds_bucket\{[^}]*http_route="/v1/limits"[^}]*le="\+Inf"\} 3\n""", text);
        Assert.Matches(missed, text);
        Assert.Contains("klservice_build_info{version=", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_memory_working_set_bytes ", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="([^"\\]|\\.)*"(,[a-z_]+="([^"\\]|\\.)*")*\})? (NaN|[+-]?Inf|[-+0-9.eE]+))$""", line));
    }

    private static string? Header(Answer answer, string name) =>
        answer.Message.Headers.TryGetValues(name, out var values) || answer.Message.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;
}
