using KlApi.Tests.Baselines;
using KlApi.Tests.Datasets;
using KlApi.Tests.Host;
using Microsoft.AspNetCore.Mvc.Testing;

namespace KlApi.Tests.Comparisons;

/// <summary>What comparisons may take of the machine: places, memory, space and time.</summary>
public sealed class ComparisonLimitsTests
{
    private const string Small = """{ "p": [[1, 2], [3, 4]], "q": [[2, 1], [3, 4]] }""";

    private static MultipartFormDataContent Form(byte[] p, byte[] q, byte[] targets) => new()
    {
        { new ByteArrayContent(targets), "targets", "targets.txt" },
        { new ByteArrayContent(p), "p", "p.npy" },
        { new ByteArrayContent(q), "q", "q.npy" },
    };

    [Fact]
    public async Task Comparisons_BeyondThePlaces_Are429AndComeBack()
    {
        using var service = new Service().With("KlService:Limits:ComparisonsAtOnce", "1");
        // A client that follows redirects would hold the slow body back until it has all of it.
        using var client = service.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        Assert.Equal(1, (await client.Fetch("/v1/limits")).Json["comparisonsAtOnce"]!.GetValue<int>());
        var rows = LogitFiles.Rows(2000, 5, 1);
        var bytes = LogitFiles.Npy(rows);
        Assert.Equal(201, (await client.PutBaseline("base", bytes)).Status);
        var ids = new[] { (await client.PostJson("/v1/logits/compare", Small)).Json["id"]!.GetValue<string>(), (await client.PostJson("/v1/logits/compare", Small)).Json["id"]!.GetValue<string>() };
        // A client that takes its time holds the only place.
        var slow = client.Ask(new HttpRequestMessage(HttpMethod.Post, $"{BaselineRequests.Path}/base/compare")
        {
            Content = new SlowContent([bytes[..30_000], bytes[30_000..]], TimeSpan.FromSeconds(5), "application/octet-stream"),
        });
        // It has its place once its file is begun.
        var folder = Path.Combine(service.DataDirectory, "comparisons");
        while (Directory.GetFiles(folder).Length == ids.Length && !slow.IsCompleted) await Task.Delay(20);
        var answers = await Task.WhenAll(
            client.PostJson("/v1/logits/compare", Small),
            client.PostJson("/v1/comparisons/rank", $"{{\"reports\":[\"{ids[0]}\",\"{ids[1]}\"]}}"),
            client.PostJson("/v1/comparisons/merge", $"{{\"reports\":[\"{ids[0]}\"]}}"));
        foreach (var answer in answers)
        {
            Assert.Equal((429, "overloaded"), (answer.Status, answer.Code()));
            Assert.NotNull(answer.Message.Headers.RetryAfter);
        }

        Assert.Equal(200, (await slow).Status);
        Assert.Equal(200, (await client.PostJson("/v1/logits/compare", Small)).Status);
    }

    [Fact]
    public async Task ReportsAndSummaries_CountInTheQuota()
    {
        using var service = new Service().With("KlService:Limits:StorageBytes", "60000");
        using var client = service.CreateClient();
        var first = (await client.PostJson("/v1/logits/compare", Small)).Json["id"]!.GetValue<string>();
        var kept = 0;
        Answer answer;
        while ((answer = await client.PostJson("/v1/comparisons/merge", $"{{\"reports\":[\"{first}\"]}}")).Status == 200) Assert.InRange(++kept, 1, 30);
        Assert.Equal((507, "quota-exceeded"), (answer.Status, answer.Code()));
        var entries = (await client.Fetch("/v1/comparisons?limit=100")).Json["data"]!.AsArray();
        Assert.Equal(kept + 1, entries.Count);
        var bytes = entries.Sum(entry => entry!["bytes"]!.GetValue<long>());
        Assert.InRange(bytes, 40_000, 60_000);
        var id = entries[0]!["id"]!.GetValue<string>();
        Assert.Equal(
            (await client.Fetch($"/v1/comparisons/{id}")).Text.Length + (await client.Fetch($"/v1/comparisons/{id}/summary")).Text.Length, entries[0]!["bytes"]!.GetValue<int>());
        // What is deleted gives all of it back.
        Assert.Equal(204, (await client.Ask(new HttpRequestMessage(HttpMethod.Delete, $"/v1/comparisons/{id}"))).Status);
        Assert.Equal(200, (await client.PostJson("/v1/comparisons/merge", $"{{\"reports\":[\"{first}\"]}}")).Status);
        Assert.Equal(507, (await client.PostJson("/v1/comparisons/merge", $"{{\"reports\":[\"{first}\"]}}")).Status);
    }

    [Fact]
    public async Task TargetsOfAForm_BeyondTheirLimit_Are413()
    {
        using var service = new Service().With("KlService:Limits:DatasetNumbers", "1000");
        using var client = service.CreateClient();
        var (p, many) = (LogitFiles.JsonLines(LogitFiles.Rows(2, 3, 1)), System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("1 ", 100_000))));
        Task<Answer> Compare(byte[] file) => client.Ask(new HttpRequestMessage(HttpMethod.Post, "/v1/logits/compare") { Content = Form(file, file, many) });
        Assert.Equal(413, (await Compare(p)).Status);
        // Where the rows are known, they are the limit.
        var answer = await Compare(LogitFiles.Npy(LogitFiles.Rows(2, 3, 1)));
        Assert.Equal((422, "row-count-mismatch"), (answer.Status, answer.Code()));
    }
}
