using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using KlApi.Tests.Host;

namespace KlApi.Tests.Datasets;

public sealed class DatasetTests : IDisposable
{
    private readonly Service _service = new Service().With("KlService:Limits:UploadBytes", "20000").With("KlService:Limits:StorageBytes", "50000");
    private readonly HttpClient _client;

    public DatasetTests() => _client = _service.CreateClient();

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    private string[] Files() => Directory.GetFiles(Path.Combine(_service.DataDirectory, "datasets"));

    public static TheoryData<string, byte[], string, long, int, string> Formats() => new()
    {
        { "text/csv", Uploads.Bytes(Uploads.Csv), "csv", 2, 3, """[{"name":"height","type":"number","missing":0},{"name":"name","type":"text","missing":0},{"name":"weight","type":"number","missing":1}]""" },
        { "application/x-npy", Uploads.Npy, "npy", 2, 3, """[{"name":"0","type":"number","missing":0},{"name":"1","type":"number","missing":0},{"name":"2","type":"number","missing":0}]""" },
        { "application/x-ndjson", Uploads.Bytes("{\"id\":\"a\",\"x\":1}\n{\"x\":null,\"id\":\"b\"}\n"), "ndjson", 2, 2, """[{"name":"id","type":"text","missing":0},{"name":"x","type":"number","missing":1}]""" },
        { "text/plain; charset=utf-8", Uploads.Bytes("zwei\n\nZeilen ü"), "text", 3, 1, """[{"name":"text","type":"text","missing":0}]""" },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Upload_EachFormat_IsKeptAndGivenBack(string mediaType, byte[] bytes, string format, long rows, int columns, string schema)
    {
        var created = await _client.Upload(bytes, mediaType, "?name=m%C3%BCsli");
        Assert.Equal(201, created.Status);
        var id = created.Json["id"]!.GetValue<string>();
        Assert.Equal($"/v1/datasets/{id}", created.Message.Headers.Location!.OriginalString);
        Assert.Equal("müsli", created.Json["name"]!.GetValue<string>());
        Assert.Equal(format, created.Json["format"]!.GetValue<string>());
        Assert.Equal(rows, created.Json["rows"]!.GetValue<long>());
        Assert.Equal(columns, created.Json["columns"]!.GetValue<int>());
        Assert.Equal(bytes.Length, created.Json["bytes"]!.GetValue<long>());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), created.Json["sha256"]!.GetValue<string>());
        Assert.Equal(schema, created.Json["schema"]!.ToJsonString());
        Assert.InRange(created.Json["createdAt"]!.GetValue<DateTimeOffset>(), DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));

        Assert.Equal(created.Text, (await _client.Fetch($"{Uploads.Path}/{id}")).Text);
        using var content = await _client.GetAsync(new Uri($"{Uploads.Path}/{id}/content", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, content.StatusCode);
        Assert.Equal(bytes, await content.Content.ReadAsByteArrayAsync());
        Assert.Equal(mediaType.Split(';')[0], content.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", content.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", Assert.Single(content.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task Upload_AsForm_TakesTheFileItsNameAndTheNameField()
    {
        var plain = await _client.UploadForm("--b\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\n\nx\n1\n\n--b--\n");
        Assert.Equal((201, "a.csv", "csv", 1L), (plain.Status, plain.Json["name"]!.GetValue<string>(), plain.Json["format"]!.GetValue<string>(), plain.Json["rows"]!.GetValue<long>()));

        foreach (var type in (string[])["application/octet-stream", "application/x-ndjson", "text/plain"])
        {
            var named = await _client.UploadForm(
                $"--b\nContent-Disposition: form-data; name=data; filename=a.jsonl\nContent-Type: {type}\n\n{{\"x\":1}}\n--b\nContent-Disposition: form-data; name=name\n\nmine\n--b--\n");
            Assert.Equal((201, "mine", "ndjson"), (named.Status, named.Json["name"]!.GetValue<string>(), named.Json["format"]!.GetValue<string>()));
        }
    }

    [Theory]
    [InlineData("--b\nContent-Disposition: form-data; name=\"name\"\n\nx\n--b--\n")]
    [InlineData("--b--\n")]
    [InlineData("")]
    [InlineData("--b\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\n\nx\n1")]
    [InlineData("--b\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\n\nx\n1\n--b")]
    [InlineData("--b\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\n\nx\n1\n--b\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\n\nx\n1\n--b--\n")]
    [InlineData("--b\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\n\nx\n1\n--b\nContent-Disposition: form-data; name=\"other\"\n\n1\n--b--\n")]
    [InlineData("--b\nContent-Disposition: nonsense\n\nx\n1\n--b--\n")]
    [InlineData("--b\n\nx\n1\n--b--\n")]
    [InlineData("no boundary at all")]
    public async Task Upload_MalformedForm_Is400AndLeavesNothing(string body)
    {
        var answer = await _client.UploadForm(body);
        Assert.Equal((400, "invalid-input"), (answer.Status, answer.Json["code"]!.GetValue<string>()));
        Assert.NotNull(answer.ErrorAt(""));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Upload_FormWithoutOrWithLongBoundary_Is400()
    {
        Assert.Equal(400, (await _client.UploadForm("", "multipart/form-data")).Status);
        Assert.Equal(400, (await _client.UploadForm("", "multipart/form-data; boundary=" + new string('b', 100))).Status);
    }

    [Theory]
    [InlineData("text/csv", "a,b\n1,2\n3\n", "csv-ragged", "(line 3, byte 9)")]
    [InlineData("text/csv", "", "empty", "byte 0")]
    [InlineData("text/csv", "a\n\"1", "csv-quote", "(line 2, byte 2)")]
    [InlineData("application/x-npy", "a,b\n1,2\n", "npy-magic", "byte 0")]
    [InlineData("application/x-ndjson", "{\"a\":1}\n{\"a\":[]}", "json-lines", "(line 2, byte 13)")]
    [InlineData("text/plain", "", "empty", "byte 0")]
    public async Task Upload_MalformedData_Is400WithCodeAndPlaceAndLeavesNothing(string mediaType, string text, string code, string place)
    {
        var answer = await _client.Upload(text, mediaType);
        Assert.Equal((400, "application/problem+json", code), (answer.Status, answer.MediaType, answer.Json["code"]!.GetValue<string>()));
        Assert.Contains(place, answer.ErrorAt(""), StringComparison.Ordinal);
        Assert.Empty(Files());
        Assert.Empty((await _client.Fetch(Uploads.Path)).Json["data"]!.AsArray());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/octet-stream")]
    [InlineData("text/csv; charset=utf-16")]
    [InlineData("text/html")]
    public async Task Upload_OtherMediaType_Is415(string mediaType)
    {
        var answer = await _client.Upload(Uploads.Csv, mediaType);
        Assert.Equal((415, "unsupported-media-type"), (answer.Status, answer.Json["code"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Upload_WithoutMediaTypeOrCompressed_Is415()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Uploads.Path) { Content = new ByteArrayContent(Uploads.Bytes(Uploads.Csv)) };
        Assert.Equal(415, (await _client.Ask(request)).Status);
        var compressed = new HttpRequestMessage(HttpMethod.Post, Uploads.Path) { Content = Uploads.Content(Uploads.Bytes(Uploads.Csv), "text/csv") };
        compressed.Content.Headers.ContentEncoding.Add("gzip");
        Assert.Equal(415, (await _client.Ask(compressed)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Upload_LargerThanAllowed_Is413(bool announced)
    {
        var content = Uploads.Content(Uploads.Bytes(new string('x', 20001)), "text/plain");
        var request = new HttpRequestMessage(HttpMethod.Post, Uploads.Path) { Content = content };
        request.Headers.TransferEncodingChunked = !announced;
        var answer = await _client.Ask(request);
        Assert.Equal((413, "too-large"), (answer.Status, answer.Json["code"]!.GetValue<string>()));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Upload_AboveTheQuota_Is507UntilOneIsDeleted()
    {
        var text = new string('x', 20000);
        var first = await _client.UploadId(text, "text/plain");
        await _client.UploadId(text, "text/plain");
        for (var i = 0; i < 3; i++)
        {
            // Refused uploads must not eat of the quota either.
            var refused = await _client.Upload(text, "text/plain");
            Assert.Equal((507, "quota-exceeded"), (refused.Status, refused.Json["code"]!.GetValue<string>()));
            Assert.Equal(400, (await _client.Upload(new byte[9000], "application/x-npy")).Status);
        }
        Assert.Equal(204, (await _client.Remove(first)).Status);
        await _client.UploadId(text, "text/plain");
        Assert.Equal(2, Files().Length);
    }

    [Fact]
    public async Task Delete_ADataset_TakesItAwayOnce()
    {
        var id = await _client.UploadId(Uploads.Csv);
        Assert.Equal(204, (await _client.Remove(id)).Status);
        foreach (var answer in (Answer[])[await _client.Remove(id), await _client.Fetch($"{Uploads.Path}/{id}"), await _client.Fetch($"{Uploads.Path}/{id}/content")])
            Assert.Equal((404, "not-found"), (answer.Status, answer.Json["code"]!.GetValue<string>()));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task List_ManyDatasets_PagesFromTheNewest()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Insert(0, await _client.UploadId($"x\n{i}\n"));
        var seen = new List<string>();
        var more = true;
        for (var after = ""; more; after = $"&after={seen[^1]}")
        {
            var page = (await _client.Fetch($"{Uploads.Path}?limit=2{after}")).Json;
            Assert.All(page["data"]!.AsArray(), entry => Assert.Null(entry!["schema"]));
            seen.AddRange(page["data"]!.AsArray().Select(entry => entry!["id"]!.GetValue<string>()));
            more = page["hasMore"]!.GetValue<bool>();
        }
        Assert.Equal(ids, seen);
    }

    [Theory]
    [InlineData("?limit=0", "/limit")]
    [InlineData("?limit=101", "/limit")]
    [InlineData("?limit=x", "/limit")]
    [InlineData("?limit=1.5", "/limit")]
    [InlineData("?after=../../etc/passwd", "/after")]
    public async Task List_BadPage_Is400(string query, string pointer)
    {
        var answer = await _client.Fetch(Uploads.Path + query);
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.ErrorAt(pointer));
    }

    [Fact]
    public async Task Upload_SameContentManyTimesAtOnce_MakesAsManyDatasets()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _client.Upload(Uploads.Csv)));
        Assert.All(answers, answer => Assert.Equal(201, answer.Status));
        Assert.Equal(16, answers.Select(answer => answer.Json["id"]!.GetValue<string>()).Distinct().Count());
        Assert.Single(answers.Select(answer => answer.Json["sha256"]!.GetValue<string>()).Distinct());
        Assert.Equal(16, Files().Length);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("..\\..\\windows\\win.ini")]
    [InlineData("/etc/passwd")]
    [InlineData("a\"; DROP TABLE datasets; --")]
    [InlineData("<script>alert(1)</script>")]
    public async Task Upload_NameLikeAPath_IsOnlyText(string name)
    {
        var answer = await _client.Upload(Uploads.Csv, query: $"?name={Uri.EscapeDataString(name)}");
        Assert.Equal((201, name), (answer.Status, answer.Json["name"]!.GetValue<string>()));
        Assert.Equal(answer.Json["id"]!.GetValue<string>(), Path.GetFileName(Assert.Single(Files())));
        using var content = await _client.GetAsync(new Uri($"{Uploads.Path}/{answer.Json["id"]}/content", UriKind.Relative));
        var disposition = content.Content.Headers.ContentDisposition!.ToString();
        Assert.DoesNotContain('/', disposition.Replace("UTF-8''", "", StringComparison.Ordinal));
        Assert.DoesNotContain("%2F", disposition, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a%00b")]
    [InlineData("a%0d%0ab")]
    [InlineData("long")]
    public async Task Upload_NameThatCannotBeShown_Is400(string name)
    {
        var answer = await _client.Upload(Uploads.Csv, query: $"?name={(name == "long" ? new string('n', 201) : name)}");
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.ErrorAt("/name"));
    }

    [Fact]
    public async Task Upload_CsvWithHeaderSaid_IsReadAsSaid()
    {
        Assert.Equal(1, (await _client.Upload("1,2\n3,4\n", query: "?header=true")).Json["rows"]!.GetValue<int>());
        Assert.Equal(2, (await _client.Upload("a,b\n3,4\n", query: "?header=false")).Json["rows"]!.GetValue<int>());
        Assert.Equal(400, (await _client.Upload("a,b\n3,4\n", query: "?header=maybe")).Status);
    }

    [Fact]
    public async Task Content_RangeAndKnownTag_AnswerOnlyWhatIsNeeded()
    {
        var id = await _client.UploadId(Uploads.Csv);
        var range = new HttpRequestMessage(HttpMethod.Get, $"{Uploads.Path}/{id}/content");
        range.Headers.Range = new RangeHeaderValue(7, 10);
        var part = await _client.Ask(range);
        Assert.Equal((206, "name"), (part.Status, part.Text));
        var again = new HttpRequestMessage(HttpMethod.Get, $"{Uploads.Path}/{id}/content");
        again.Headers.IfNoneMatch.Add(part.Message.Headers.ETag!);
        Assert.Equal(304, (await _client.Ask(again)).Status);
    }
}
