using System.Globalization;
using System.Text;
using KlApi.Tests.Host;

namespace KlApi.Tests.Samples;

/// <summary>Samples as files of a form.</summary>
public sealed class SampleFormTests(Service service) : IClassFixture<Service>
{
    private const string Path = "/v1/samples/divergences";

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Files_OfEitherFormat_AreAnsweredAsTheirNumbersInJson()
    {
        double[][] x = [[0, 1], [0.5, 2], [3, 1.5], [2, 2.5]], y = [[1, 1], [0.25, 3], [2, 0.5]];
        const string rest = """ "estimators": [{ "name": "nearest-neighbour", "k": 1 }], "confidence": { "resamples": 0 } """;
        var inline = await _client.PostJson(Path, $$"""{ "x": {{Json(x)}}, "y": {{Json(y)}}, {{rest}} }""");
        Assert.Equal(200, inline.Status);
        var arrays = await Post(Form(("x", "x.npy", Npy(x)), ("y", "y.npy", Npy(y)), ("request", null, Encoding.UTF8.GetBytes($"{{{rest}}}"))));
        Assert.Equal(inline.Text, arrays.Text);
        // The other way round, as text with a header and a column that is none of numbers; the request first and as a file.
        var tables = await Post(Form(("request", "request.json", Encoding.UTF8.GetBytes($"{{{rest}, \"columns\": [\"a\", \"b\"]}}")), ("y", "y.csv", Csv(y)), ("x", "x.csv", Csv(x))));
        Assert.Equal(inline.Text, tables.Text);
        Assert.Empty(Directory.GetFiles(System.IO.Path.Combine(service.DataDirectory, "samples")));
    }

    [Fact]
    public async Task Files_OfOneSampleOrOfPairs_AreTakenByTheOtherEstimates()
    {
        double[][] x = [[0], [0.5], [3], [2], [7]];
        var entropy = await Post(Form(("x", "x.npy", Npy(x))), "/v1/samples/entropy");
        Assert.Equal((200, 4), (entropy.Status, (int)entropy.Json["results"]![0]!["estimator"]!["k"]!));
        var information = await Post(Form(("x", "x.npy", Npy(x)), ("y", "y.csv", Encoding.UTF8.GetBytes("1\n2\n3\n5\n4\n"))), "/v1/samples/mutual-information");
        Assert.Equal((200, 2), (information.Status, (int)information.Json["dimension"]!));
        var density = await Post(Form(("x", "x.npy", Npy(x)), ("request", null, """{ "q": { "family": "normal", "mean": 1, "standardDeviation": 2 } }"""u8.ToArray())));
        Assert.Equal(200, density.Status);
    }

    [Fact]
    public async Task Files_ThatAreCutOrMalformed_Are400AndNamed()
    {
        double[][] x = [[0, 1], [0.5, 2], [3, 1.5]];
        var whole = Npy(x);
        foreach (var length in new[] { 0, 5, 40, whole.Length - 1 })
        {
            var cut = await Post(Form(("x", "x.npy", whole), ("y", "y.npy", whole[..length])));
            Assert.Equal(400, cut.Status);
            Assert.Contains("y", cut.Text, StringComparison.Ordinal);
        }

        foreach (var text in new[] { "", "a,b\n1,2,3\n", "a,b\n1,\"2\n", "a\nx\n" })
            Assert.Equal(400, (await Post(Form(("x", "x.npy", whole), ("y", "y.csv", Encoding.UTF8.GetBytes(text))))).Status);
        var missing = await Post(Form(("x", "x.csv", "1,2\n3,4\n5,\n"u8.ToArray()), ("y", "y.npy", whole)));
        Assert.NotNull(missing.ErrorAt("/x/2/1"));
        Assert.Equal(200, (await Post(Form(("x", "x.npy", whole), ("y", "y.npy", whole), ("request", null, """{ "estimators": [{ "name": "energy-distance" }] }"""u8.ToArray())))).Status);
        Assert.Empty(Directory.GetFiles(System.IO.Path.Combine(service.DataDirectory, "samples")));
    }

    /// <summary>W1 of points in the plane, of which y are those of x with the columns in another order: 0 by name, not by place.</summary>
    [Fact]
    public async Task Columns_OfTheSameNames_BelongTogetherInAnyOrder()
    {
        var request = """{ "estimators": [{ "name": "wasserstein" }], "confidence": { "resamples": 0, "permutations": 0 } }"""u8.ToArray();
        async Task<double> Distance(string y) => (double)(await Post(Form(("x", "x.csv", "a,b\n1,10\n2,30\n"u8.ToArray()), ("y", "y.csv", Encoding.UTF8.GetBytes(y)), ("request", null, request)))).Json["results"]![0]!["value"]!;
        Assert.Equal(0, await Distance("b,note,a\n10,x,1\n30,y,2\n"));
        Assert.NotEqual(0, await Distance("c,a\n10,1\n30,2\n"));
        Assert.Equal(0, await Distance("1,10\n2,30\n"));
    }

    [Fact]
    public async Task Forms_ThatSayTooLittleOrTooMuch_Are400AtTheirPlace()
    {
        var file = Npy([[0], [1], [2], [4], [5], [7], [8]]);
        Assert.NotNull((await Post(Form(("y", "y.npy", file)))).ErrorAt("/x"));
        Assert.NotNull((await Post(Form(("x", "x.npy", file)))).ErrorAt("/y"));
        Assert.NotNull((await Post(Form(("x", "x.npy", file), ("x", "x.npy", file)))).ErrorAt("/x"));
        Assert.NotNull((await Post(Form(("x", "x.npy", file), ("z", "z.npy", file)))).ErrorAt("/z"));
        Assert.NotNull((await Post(Form(("x", "x.npy", file), ("y", null, file)))).ErrorAt("/y"));
        Assert.NotNull((await Post(Form(("x", "x.npy", file), ("y", "y.npy", file), ("request", null, """{ "seeds": 1 }"""u8.ToArray())))).ErrorAt("/seeds"));
        Assert.NotNull((await Post(Form(("x", "x.npy", file), ("y", "y.npy", file), ("request", null, """{ "columns": ["a"] }"""u8.ToArray())))).ErrorAt("/columns/0"));
        Assert.NotNull((await Post(Form(("x", "x.npy", file), ("y", "y.npy", file), ("request", null, """{ "columns": [] }"""u8.ToArray())))).ErrorAt("/columns"));
        Assert.NotNull((await Post(Form(("x", "x.npy", file), ("y", "y.npy", file), ("request", null, """{ "columns": ["0", "0"] }"""u8.ToArray())))).ErrorAt("/columns"));
        Assert.Equal(415, (await Post(Form(("x", "x.bin", file), ("y", "y.npy", file)))).Status);
    }

    [Fact]
    public async Task Files_LargerThanAnUploadMayBe_Are413()
    {
        using var small = new Service().With("KlService:Limits:UploadBytes", "1024");
        using var client = small.CreateClient();
        var file = Npy([.. Enumerable.Range(0, 500).Select(i => new double[] { i })]);
        Assert.Equal(413, (await client.Ask(new HttpRequestMessage(HttpMethod.Post, Path) { Content = Form(("x", "x.npy", file), ("y", "y.npy", file)) })).Status);
    }

    [Fact]
    public async Task Lists_OfEstimators_SayWhatCanBeSet()
    {
        foreach (var path in new[] { Path, "/v1/samples/entropy", "/v1/samples/mutual-information" })
        {
            var list = await _client.Fetch(path);
            Assert.Equal(200, list.Status);
            Assert.All(list.Json["data"]!.AsArray(), entry => Assert.NotEqual("", (string?)entry!["formula"]));
            var neighbour = list.Json["data"]!.AsArray().Single(entry => (string?)entry!["name"] == "nearest-neighbour")!;
            Assert.Equal("at least 1 and at most 100", (string?)neighbour["parameters"]![0]!["bounds"]);
        }
    }

    private Task<Answer> Post(MultipartFormDataContent form, string path = Path) => _client.Ask(new HttpRequestMessage(HttpMethod.Post, path) { Content = form });

    private static MultipartFormDataContent Form(params (string Name, string? File, byte[] Bytes)[] parts)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, file, bytes) in parts)
        {
            if (file is null) form.Add(new ByteArrayContent(bytes), name);
            else form.Add(new ByteArrayContent(bytes), name, file);
        }

        return form;
    }

    private static string Json(double[][] rows) => $"[{string.Join(',', rows.Select(row => $"[{string.Join(',', row.Select(value => value.ToString(CultureInfo.InvariantCulture)))}]"))}]";

    private static byte[] Csv(double[][] rows) =>
        Encoding.UTF8.GetBytes("name,a,b\n" + string.Concat(rows.Select((row, i) => string.Create(CultureInfo.InvariantCulture, $"row {i},{row[0]},{row[1]}\n"))));

    private static byte[] Npy(double[][] rows)
    {
        var header = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows.Length}, {rows[0].Length}), }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. rows.SelectMany(row => row.SelectMany(BitConverter.GetBytes))];
    }
}
