using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using KlApi.Tests.Baselines;
using KlApi.Tests.Datasets;
using KlApi.Tests.Host;

namespace KlApi.Tests.Comparisons;

/// <summary>What baselines and comparisons promise when processes are killed, clients leave and streams are long; on a real process.</summary>
public sealed class CompareProcessTests
{
    private static string[] Files(ServiceProcess service, string folder) => Directory.GetFiles(Path.Combine(service.DataDirectory, folder));

    private static async Task<bool> Within(TimeSpan time, Func<bool> holds)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time; await Task.Delay(10))
            if (holds()) return true;
        return holds();
    }

    private static IEnumerable<byte[]> Pieces(byte[] bytes, int length)
    {
        for (var start = 0; start < bytes.Length; start += length) yield return bytes[start..Math.Min(bytes.Length, start + length)];
    }

    private static async Task<Answer?> Try(HttpClient client, HttpMethod method, string path, HttpContent content)
    {
        try
        {
            return await client.Ask(new HttpRequestMessage(method, path) { Content = content });
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    [Fact]
    public async Task Kill_DuringPutsAndCompares_LeavesWholeThingsOnly()
    {
        await using var service = new ServiceProcess();
        await service.Start();
        var random = new Random(7);
        var bases = Enumerable.Range(0, 8).Select(i => LogitFiles.Npy(LogitFiles.Rows(100, 500, i))).ToArray();
        Assert.Equal(201, (await service.Client.PutBaseline("base", bases[0])).Status);
        var stored = new List<string>();
        var compared = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            var puts = Enumerable.Range(0, 12).Select(i => (Name: $"r{round}-{i}", Answer: Try(
                service.Client, HttpMethod.Put, $"{BaselineRequests.Path}/r{round}-{i}", new SlowContent(Pieces(bases[i % 8], 9000), TimeSpan.FromMilliseconds(random.Next(12)), "application/octet-stream")))).ToList();
            var compares = Enumerable.Range(0, 12).Select(i => Try(
                service.Client, HttpMethod.Post, $"{BaselineRequests.Path}/base/compare", new SlowContent(Pieces(bases[i % 8], 9000), TimeSpan.FromMilliseconds(random.Next(12)), "application/octet-stream"))).ToList();
            Assert.True(await Within(TimeSpan.FromSeconds(60), () => puts.Count(put => put.Answer.IsCompleted) >= 2 && compares.Count(compare => compare.IsCompleted) >= 2));
            await service.Kill();
            foreach (var (name, answer) in puts) if (await answer is { Status: 201 }) stored.Add(name);
            foreach (var answer in await Task.WhenAll(compares)) if (answer is { Status: 200 }) compared.Add(answer.Json["id"]!.GetValue<string>());
            await service.Start();
        }

        Assert.True(stored.Count is >= 4 and <= 24 && compared.Count is >= 4 and <= 24);
        foreach (var name in stored) Assert.Equal(200, (await service.Client.Fetch($"{BaselineRequests.Path}/{name}")).Status);
        foreach (var id in compared) Assert.Equal(101, (await service.Client.Fetch($"/v1/comparisons/{id}/positions")).Text.Split('\n').Length);
        var baselines = (await service.Client.Fetch($"{BaselineRequests.Path}?limit=100")).Json["data"]!.AsArray();
        foreach (var baseline in baselines)
        {
            var content = await service.Client.GetByteArrayAsync(new Uri($"{BaselineRequests.Path}/{baseline!["name"]!.GetValue<string>()}/content", UriKind.Relative));
            Assert.Equal(baseline["sha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(content)));
        }

        var comparisons = (await service.Client.Fetch("/v1/comparisons?limit=100")).Json["data"]!.AsArray();
        Assert.True(await Within(TimeSpan.FromSeconds(5), () => Files(service, "baselines").Length == baselines.Count && Files(service, "comparisons").Length == comparisons.Count));
    }

    [Fact]
    public async Task Client_ThatLeaves_LeavesNothingAndFreesTheProcessor()
    {
        await using var service = new ServiceProcess();
        await service.Start();
        var rows = LogitFiles.Rows(2000, 500, 1);
        var bytes = LogitFiles.Npy(rows);
        Assert.Equal(201, (await service.Client.PutBaseline("base", bytes)).Status);
        foreach (var (request, folder, kept) in new[] { ("PUT /v1/baselines/other", "baselines", 1), ("POST /v1/baselines/base/compare", "comparisons", 0) })
        {
            using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
            {
                await socket.ConnectAsync("127.0.0.1", service.Port);
                await socket.SendAsync(Encoding.ASCII.GetBytes($"{request} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {bytes.Length}\r\n\r\n"));
                await socket.SendAsync(bytes.AsMemory(0, bytes.Length / 2));
                Assert.True(await Within(TimeSpan.FromSeconds(10), () => Files(service, folder).Length == kept + 1));
                // A reset, as a killed client leaves it.
                socket.LingerState = new LingerOption(true, 0);
            }

            Assert.True(await Within(TimeSpan.FromSeconds(2), () => Files(service, folder).Length == kept));
        }

        // A young process still compiles what it has run, for a second or two.
        Assert.True(await IsIdleWithin(service.Process, seconds: 10));
        Assert.Equal(404, (await service.Client.Fetch($"{BaselineRequests.Path}/other")).Status);
        Assert.Empty((await service.Client.Fetch("/v1/comparisons")).Json["data"]!.AsArray());
    }

    /// <summary>Whether a second comes in which the process uses less than a fifth of a processor.</summary>
    private static async Task<bool> IsIdleWithin(Process process, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            process.Refresh();
            var before = process.TotalProcessorTime;
            await Task.Delay(1000);
            process.Refresh();
            if (process.TotalProcessorTime - before < TimeSpan.FromMilliseconds(200)) return true;
        }

        return false;
    }

    [Fact]
    public async Task Put_AnnouncedTooLarge_IsRefusedAtOnceWithoutABodyByte()
    {
        await using var service = new ServiceProcess().With("KlService__Limits__StorageBytes", "1000000000");
        await service.Start();
        foreach (var (length, status) in new[] { (10L << 30, 507), ((10L << 30) + 1, 413) })
        {
            var answer = await service.Raw($"PUT /v1/baselines/base HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n", TimeSpan.FromSeconds(2));
            Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        }
    }

    /// <summary>256 MB on each side, or as many as KL_COMPARE_MEGABYTES says.</summary>
    [Fact]
    public async Task Compare_OfHundredsOfMegabytes_TakesNoMemoryForThem()
    {
        const int vocabulary = 32_768;
        var megabytes = int.Parse(Environment.GetEnvironmentVariable("KL_COMPARE_MEGABYTES") ?? "256");
        var rows = megabytes * (1 << 20) / (2L * vocabulary);
        await using var service = new ServiceProcess().With("KlService__Limits__UploadBytes", $"{1L << 40}").With("KlService__Limits__StorageBytes", $"{1L << 40}");
        await service.Start();
        Assert.Equal(201, (await service.Client.PutBaseline("warm", LogitFiles.Npy(LogitFiles.Rows(4, 50, 1)))).Status);
        var (start, peak) = (Resident(service), 0L);
        var random = new Random(3);
        byte[][] Blocks(double noise) => [.. Enumerable.Range(0, 8).Select(seed =>
        {
            var values = new Random(seed);
            return Enumerable.Range(0, 16 * vocabulary).SelectMany(_ => BitConverter.GetBytes((Half)(10 * values.NextDouble() + noise * random.NextDouble()))).ToArray();
        })];
        HttpContent Content(byte[][] blocks)
        {
            IEnumerable<byte[]> Pieces()
            {
                yield return LogitFiles.NpyHeader("<f2", $"({rows}, {vocabulary})");
                for (var i = 0; i < rows / 16; i++)
                {
                    yield return blocks[i % 8];
                    peak = Math.Max(peak, Resident(service));
                }
            }

            return new SlowContent(Pieces(), TimeSpan.Zero, "application/x-npy");
        }

        Assert.Equal(201, (await service.Client.Ask(new HttpRequestMessage(HttpMethod.Put, $"{BaselineRequests.Path}/large") { Content = Content(Blocks(0)) })).Status);
        var answer = await service.Client.Ask(new HttpRequestMessage(HttpMethod.Post, $"{BaselineRequests.Path}/large/compare") { Content = Content(Blocks(0.1)) });
        Assert.Equal(200, answer.Status);
        Assert.Equal(rows, answer.Json["rows"]!.GetValue<long>());
        Assert.InRange(peak - start, long.MinValue, 150L << 20);
    }

    private static long Resident(ServiceProcess service)
    {
        service.Process.Refresh();
        return service.Process.WorkingSet64;
    }
}
