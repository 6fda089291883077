using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using KlApi.Tests.Host;

namespace KlApi.Tests.Datasets;

/// <summary>What uploads promise when processes are killed, clients leave and files are large; on a real process.</summary>
public class UploadProcessTests
{
    private static readonly string[] Up = ["..", "%2e%2e", "%2E%2E", "..%00", "%252e%252e", "..;", ".%2e", "%c0%ae%c0%ae", "....", "..\\"];
    private static readonly string[] Separators = ["/", "%2f", "%5c", "\\", "%252f", "//"];

    private static string Folder(ServiceProcess service) => Path.Combine(service.DataDirectory, "datasets");

    private static string[] Files(ServiceProcess service) => [.. Directory.GetFiles(Folder(service)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static async Task<bool> Within(TimeSpan time, Func<bool> holds)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time; await Task.Delay(10))
            if (holds()) return true;
        return holds();
    }

    private static async Task<List<(string Id, string Sha256)>> List(ServiceProcess service)
    {
        var all = new List<(string, string)>();
        for (var (more, after) = (true, ""); more;)
        {
            var page = (await service.Client.Fetch($"{Uploads.Path}?limit=100{after}")).Json;
            foreach (var entry in page["data"]!.AsArray()) all.Add((entry!["id"]!.GetValue<string>(), entry["sha256"]!.GetValue<string>()));
            more = page["hasMore"]!.GetValue<bool>();
            if (more) after = $"&after={all[^1].Item1}";
        }
        return all;
    }

    [Fact]
    public async Task Kill_DuringFiftyUploads_LeavesWholeDatasetsOnly()
    {
        await using var service = new ServiceProcess();
        var random = new Random(5);
        var acknowledged = new List<string>();
        var sent = new HashSet<string>();
        for (var round = 0; round < 3; round++)
        {
            await service.Start();
            var uploads = new List<Task<string?>>();
            for (var i = 0; i < 50; i++)
            {
                var pieces = Enumerable.Range(0, random.Next(1, 40)).Select(piece => Encoding.ASCII.GetBytes($"{round},{i},{piece}\n{new string('7', 4000)},0,0\n")).ToList();
                sent.Add(Convert.ToHexStringLower(SHA256.HashData([.. pieces.SelectMany(piece => piece)])));
                uploads.Add(Send(service.Client, new SlowContent(pieces, TimeSpan.FromMilliseconds(random.Next(20)), "text/csv")));
            }
            // By count and not by time: a slow machine, too, has some uploads complete and others in the middle.
            var enough = random.Next(3, 30);
            Assert.True(await Within(TimeSpan.FromSeconds(60), () => uploads.Count(upload => upload.IsCompleted) >= enough));
            await service.Kill();
            acknowledged.AddRange((await Task.WhenAll(uploads)).OfType<string>());
        }

        await service.Start();
        var listed = await List(service);
        Assert.True(acknowledged.Count is >= 9 and < 150, "no upload was cut off: the kills came too late to show anything");
        Assert.Empty(acknowledged.Except(listed.Select(dataset => dataset.Id)));
        foreach (var (id, sha256) in listed)
        {
            Assert.Contains(sha256, sent);
            Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(await service.Client.GetByteArrayAsync(new Uri($"{Uploads.Path}/{id}/content", UriKind.Relative)))));
        }
        var ids = listed.Select(dataset => dataset.Id).Order(StringComparer.Ordinal).ToArray();
        Assert.True(await Within(TimeSpan.FromSeconds(5), () => Files(service).SequenceEqual(ids)), $"{Files(service).Length} files, {ids.Length} datasets");
    }

    [Fact]
    public async Task Start_AfterAKill_KnowsDatasetsAndQuotaAndSweepsTheRest()
    {
        await using var service = new ServiceProcess().With("KlService__Limits__StorageBytes", "50000");
        await service.Start();
        var text = new string('x', 20000);
        var ids = new[] { await service.Client.UploadId(text, "text/plain"), await service.Client.UploadId(text, "text/plain") };
        await service.Kill();
        await File.WriteAllTextAsync(Path.Combine(Folder(service), "01K00000000000000000000000"), "a file without a row");
        await File.WriteAllTextAsync(Path.Combine(Folder(service), "0123.pending"), "half an upl");

        await service.Start();
        Assert.True(await Within(TimeSpan.FromSeconds(5), () => Files(service).SequenceEqual(ids)));
        Assert.Equal(ids, (await List(service)).Select(dataset => dataset.Id).Reverse());
        Assert.Equal(text, (await service.Client.Fetch($"{Uploads.Path}/{ids[0]}/content")).Text);
        Assert.Equal(507, (await service.Client.Upload(text, "text/plain")).Status);
        Assert.Equal(204, (await service.Client.Remove(ids[0])).Status);
        Assert.Equal(201, (await service.Client.Upload(text, "text/plain")).Status);
    }

    [Fact]
    public async Task Upload_AnnouncedTooLarge_IsRefusedAtOnceWithoutABodyByte()
    {
        await using var service = new ServiceProcess().With("KlService__Limits__StorageBytes", "1000000000");
        await service.Start();
        foreach (var (length, status) in new[] { (10L << 30, 507), ((10L << 30) + 1, 413) })
        {
            var clock = Stopwatch.StartNew();
            var answer = await service.Raw(
                $"POST /v1/datasets HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n", TimeSpan.FromSeconds(2));
            Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
            Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 2);
        }
    }

    [Fact]
    public async Task Client_ThatLeaves_LeavesNothingAndFreesTheProcessor()
    {
        await using var service = new ServiceProcess();
        await service.Start();
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(IPAddress.Loopback, service.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes("POST /v1/datasets HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 100000000\r\n\r\na,b\n"));
            for (var i = 0; i < 100; i++) await socket.SendAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("1,2\n", 5000))));
            Assert.True(await Within(TimeSpan.FromSeconds(5), () => Files(service).Length == 1));
            // A reset, as a killed client leaves it.
            socket.LingerState = new LingerOption(true, 0);
        }
        Assert.True(await Within(TimeSpan.FromSeconds(2), () => Files(service).Length == 0));
        var before = service.Process.TotalProcessorTime;
        await Task.Delay(1000);
        service.Process.Refresh();
        Assert.InRange((service.Process.TotalProcessorTime - before).TotalMilliseconds, 0, 200);
        Assert.Empty(await List(service));
        Assert.Equal(201, (await service.Client.Upload(Uploads.Csv)).Status);
    }

    [Fact]
    public async Task Stop_DuringASlowUpload_EndsItWith503AndLeavesNothing()
    {
        await using var service = new ServiceProcess();
        await service.Start();
        // The rest of the body never comes; the minimum rate alone would end this after the time that a stop may take.
        var upload = service.Raw("POST /v1/datasets HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 5000\r\n\r\n" + new string('1', 3000), TimeSpan.FromSeconds(20));
        Assert.True(await Within(TimeSpan.FromSeconds(10), () => Files(service).Length == 1));
        var clock = Stopwatch.StartNew();
        using var kill = Process.Start("kill", ["-TERM", service.Process.Id.ToString()]);
        await service.Process.WaitForExitAsync();
        Assert.Equal(0, service.Process.ExitCode);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
        Assert.Empty(Files(service));
        var answer = await upload;
        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        Assert.Contains("Retry-After: ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"not-ready\"", answer, StringComparison.Ordinal);
    }

    /// <summary>200 MB, or as many as KL_UPLOAD_MEGABYTES says: for ten thousand, set the limits of the machine accordingly.</summary>
    [Fact]
    public async Task Upload_OfHundredsOfMegabytes_TakesNoMemoryForThem()
    {
        var megabytes = int.Parse(Environment.GetEnvironmentVariable("KL_UPLOAD_MEGABYTES") ?? "200");
        await using var service = new ServiceProcess().With("KlService__Limits__UploadBytes", $"{1L << 40}").With("KlService__Limits__StorageBytes", $"{1L << 40}");
        await service.Start();
        Assert.Equal(201, (await service.Client.Upload(Uploads.Csv)).Status);
        var start = Resident(service);
        var peak = 0L;
        var piece = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 1 << 17).Select(i => $"{i % 10},0.{i % 1000:000},text {i % 10}\n")))[..(1 << 20)];
        // Whole rows only: what is left of the last one in the piece is cut.
        piece = piece[..(Array.LastIndexOf(piece, (byte)'\n') + 1)];
        var rows = 0L;
        IEnumerable<byte[]> Pieces()
        {
            yield return "a,b,c\n"u8.ToArray();
            for (var i = 0; i < megabytes; i++)
            {
                yield return piece;
                rows += piece.AsSpan().Count((byte)'\n');
                peak = Math.Max(peak, Resident(service));
            }
        }
        var answer = await service.Client.Ask(new HttpRequestMessage(HttpMethod.Post, Uploads.Path) { Content = new SlowContent(Pieces(), TimeSpan.Zero, "text/csv") });
        Assert.Equal(201, answer.Status);
        Assert.Equal(rows, answer.Json["rows"]!.GetValue<long>());
        Assert.Equal("""["number","number","text"]""", new System.Text.Json.Nodes.JsonArray([.. answer.Json["schema"]!.AsArray().Select(column => column!["type"]!.DeepClone())]).ToJsonString());
        Assert.InRange(peak - start, long.MinValue, 100L << 20);
    }

    [Fact]
    public async Task Paths_InSixtyFormsOfTraversal_ReadAndRemoveNothing()
    {
        await using var service = new ServiceProcess();
        await service.Start();
        var id = await service.Client.UploadId(Uploads.Csv);
        var tried = 0;
        foreach (var up in Up)
            foreach (var separator in Separators)
            {
                var path = string.Concat(Enumerable.Repeat(up + separator, 8)) + "etc" + separator + "passwd";
                var own = up + separator + "datasets" + separator + id;
                foreach (var target in (string[])[path, $"{path}/content", $"{own}/content"])
                    foreach (var method in (string[])["GET", "DELETE"])
                    {
                        var answer = await service.Raw($"{method} /v1/datasets/{target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", TimeSpan.FromSeconds(5));
                        // Dots and slashes that stand bare in a path are resolved before routing, so some of these name the dataset itself, as they may.
                        if (target.StartsWith(own, StringComparison.Ordinal) && method == "GET" && answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)) continue;
                        Assert.Matches("^HTTP/1.1 4[0-9][0-9] ", answer);
                        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
                    }
                tried++;
            }
        Assert.Equal(60, tried);
        Assert.Equal(200, (await service.Client.Fetch($"{Uploads.Path}/{id}")).Status);
        Assert.Single(Files(service));
    }

    private static long Resident(ServiceProcess service)
    {
        service.Process.Refresh();
        return service.Process.WorkingSet64;
    }

    private static async Task<string?> Send(HttpClient client, HttpContent content)
    {
        try
        {
            var answer = await client.Ask(new HttpRequestMessage(HttpMethod.Post, Uploads.Path) { Content = content });
            Assert.Equal(201, answer.Status);
            return answer.Json["id"]!.GetValue<string>();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
