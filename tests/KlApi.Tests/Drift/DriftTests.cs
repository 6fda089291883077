using KlApi.Tests.Datasets;
using KlApi.Tests.Host;

namespace KlApi.Tests.Drift;

public sealed class DriftTests(Service service) : IClassFixture<Service>
{
    private const string Path = "/v1/drift";
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Columns_Inline_AreComparedAndSayWhy()
    {
        var answer = await _client.PostJson(Path, """
            { "reference": { "columns": { "age": [31, 45, 52, 28, 39, 61, 33, 47], "plan": ["a", "b", "a", "a", "b", "a", "a", "b"] } },
              "current": { "columns": { "age": [25, 29, 31, 22, 35, 27, 30, 24], "plan": ["b", "c", "b", "b", null, "b", "c", "b"] } } }
            """);
        Assert.Equal(200, answer.Status);
        var (age, plan) = (answer.Json["columns"]![0]!, answer.Json["columns"]![1]!);
        Assert.Equal(("numeric", "kolmogorov-smirnov", 0.625), ((string?)age["type"], (string?)age["method"], (double?)age["score"]));
        // SciPy: ks_2samp(..., method="exact").
        Assert.Equal(0.08702408702408701, age["pValue"]!.GetValue<double>(), 1e-14);
        Assert.Equal(("categorical", "chi-squared"), ((string?)plan["type"], (string?)plan["method"]));
        Assert.Equal(2, (double?)plan["newCategories"]!["c"]);
        Assert.Equal(5, (double?)plan["vanishedCategories"]!["a"]);
        Assert.Equal((0, 0.125), ((double)plan["missing"]!["reference"]!, (double)plan["missing"]!["current"]!));
        Assert.Equal("drift", (string?)answer.Json["verdict"]);
        Assert.Contains("fewer than 1000", (string?)age["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Datasets_AndRows_AreTheSameTable()
    {
        var csv = "x,y,t\n" + string.Join('\n', Enumerable.Range(0, 40).Select(i => $"{i % 9 + 0.5},{(i % 4 == 0 ? "" : $"{i % 6}")},w{i % 3}")) + "\n";
        var id = await _client.UploadId(csv, "text/csv");
        var rows = string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""{ "x": {{i % 9 + 0.5}}, "y": {{(i % 4 == 0 ? "null" : $"{i % 6}")}}, "t": "w{{i % 3}}" }"""));
        var answer = await _client.PostJson(Path, $$"""{ "reference": { "dataset": "{{id}}" }, "current": { "rows": [{{rows}}] } }""");
        Assert.Equal(200, answer.Status);
        Assert.Equal(["x", "y", "t"], answer.Json["columns"]!.AsArray().Select(column => (string?)column!["name"]));
        Assert.All(answer.Json["columns"]!.AsArray(), column => Assert.Equal((0, "none"), ((double)column!["score"]!, (string?)column["verdict"])));
        Assert.Equal("none", (string?)answer.Json["verdict"]);
        Assert.Equal(10, (int)answer.Json["columns"]![1]!["reference"]!["missing"]!);
    }

    [Fact]
    public async Task Chart_OfAColumn_IsSvg()
    {
        const string body = """{ "reference": { "columns": { "a": [1, 2, 3, 4, 5, 6, 7], "b": ["u", "v", "u", "w", "u", "u", "u"] } }, "current": { "columns": { "a": [2, 3, 4, 5, 6, 7, 8], "b": ["v", "v", "v", "x", "u", "u", "u"] } } }""";
        foreach (var (query, word) in new[] { ("", "Histograms of a"), ("?column=b", "categories of b") })
        {
            var answer = await _client.PostJson($"{Path}/chart.svg{query}", body);
            Assert.Equal((200, "image/svg+xml"), (answer.Status, answer.MediaType));
            Assert.Contains(word, answer.Text, StringComparison.Ordinal);
        }

        Assert.Equal(400, (await _client.PostJson($"{Path}/chart.svg?column=c", body)).Status);
    }

    [Fact]
    public async Task Tables_WithoutAColumnInCommon_Are422()
    {
        var answer = await _client.PostJson("/v1/drift", """{ "reference": { "columns": { "a": [1, 2] } }, "current": { "columns": { "A": [1, 2] } } }""");
        Assert.Equal((422, "no-common-columns"), (answer.Status, (string?)answer.Json["code"]));
    }

    [Theory]
    [InlineData("""{ "reference": { "columns": { "a": [1] } } }""", "/current", "is required")]
    [InlineData("""{ "reference": { "columns": {} }, "current": { "columns": { "a": [1] } } }""", "/reference/columns", "must have at least one column")]
    [InlineData("""{ "reference": { "columns": { "a": [1], "b": [] } }, "current": { "columns": { "a": [1] } } }""", "/reference/columns/b", "must have 1 cells like the first column, had 0")]
    [InlineData("""{ "reference": { "columns": { "a": [[1]] } }, "current": { "columns": { "a": [1] } } }""", "/reference/columns/a", "must be a number, a text, true, false or null")]
    [InlineData("""{ "reference": { "columns": { "a": [1], "a": [2] } }, "current": { "columns": { "a": [1] } } }""", "/reference/columns/a", "must be given once")]
    [InlineData("""{ "reference": { "columns": { "a": [1e400] } }, "current": { "columns": { "a": [1] } } }""", "/reference/columns/a", "must be within the range of a double")]
    [InlineData("""{ "reference": { "rows": [ 1 ] }, "current": { "columns": { "a": [1] } } }""", "/reference/rows/0", "must be an object of cells")]
    [InlineData("""{ "reference": { "rows": [] }, "current": { "columns": { "a": [1] } } }""", "/reference/rows", "must have at least one row")]
    [InlineData("""{ "reference": { "table": "x" }, "current": { "columns": { "a": [1] } } }""", "/reference", "must have one of the fields dataset, columns, rows")]
    [InlineData("""{ "reference": { "dataset": "01K00000000000000000000000" }, "current": { "dataset": "../../etc" } }""", "/current/dataset", "must be the id of a dataset")]
    [InlineData("""{ "reference": { "columns": { "a": [1] } }, "current": { "columns": { "a": [1] } }, "columns": [ { "name": "b" } ] }""", "/columns/0/name", "must be a column of the reference")]
    [InlineData("""{ "reference": { "columns": { "a": [1] } }, "current": { "columns": { "a": [1] } }, "columns": [ { "name": "a" }, { "name": "a" } ] }""", "/columns/1/name", "must differ")]
    [InlineData("""{ "reference": { "columns": { "a": ["x"] } }, "current": { "columns": { "a": ["x"] } }, "columns": [ { "name": "a", "method": "wasserstein" } ] }""", "/columns/0/method", "needs numbers")]
    [InlineData("""{ "reference": { "columns": { "a": [1] } }, "current": { "columns": { "a": [1] } }, "columns": [ { "name": "a", "type": "categorical", "method": "wasserstein" } ] }""", "/columns/0/method", "needs an order")]
    [InlineData("""{ "reference": { "columns": { "a": [1] } }, "current": { "columns": { "a": [1] } }, "alpha": 1 }""", "/alpha", "less than 1")]
    [InlineData("""{ "reference": { "columns": { "a": [1] } }, "current": { "columns": { "a": [1] } }, "columns": [ { "name": "a", "bins": 1 } ] }""", "/columns/0/bins", "at least 2")]
    public async Task Request_ThatIsWrong_IsNamed(string json, string pointer, string message)
    {
        var answer = await _client.PostJson(Path, json);
        Assert.Equal(400, answer.Status);
        Assert.Contains(message, answer.ErrorAt(pointer), StringComparison.Ordinal);
    }
}
