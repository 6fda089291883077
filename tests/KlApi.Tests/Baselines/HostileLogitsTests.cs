using KlApi.Tests.Datasets;
using KlApi.Tests.Host;

namespace KlApi.Tests.Baselines;

/// <summary>Files that lie, in every format, stored and compared: refused with a reason and never a failure of the service's own.</summary>
public sealed class HostileLogitsTests
{
    [Fact]
    public async Task Files_MutatedInEveryFormat_AreRefusedOrReadAndNever5xx()
    {
        using var service = new Service();
        using var client = service.CreateClient();
        var rows = LogitFiles.Rows(6, 9, 1);
        byte[][] originals =
        [
            LogitFiles.Npy(rows), LogitFiles.NpyHalf(rows), LogitFiles.Safetensors(("a", rows), ("b", rows)), LogitFiles.JsonLines(rows), LogitFiles.Kld(rows, 3, [0, 1, 2, 3, 4, 5]),
        ];
        Assert.Equal(201, (await client.PutBaseline("base", originals[0])).Status);
        var random = new Random(11);
        var (refused, taken) = (0, 0);
        for (var i = 0; i < 600; i++)
        {
            var bytes = Mutate(originals[i % originals.Length], random);
            var put = await client.PutBaseline($"m{i}", bytes);
            var compare = await client.Ask(new HttpRequestMessage(HttpMethod.Post, $"{BaselineRequests.Path}/base/compare?nonFinite=exclude") { Content = Uploads.Content(bytes, "application/octet-stream") });
            foreach (var answer in new[] { put, compare })
            {
                Assert.True(answer.Status < 500, $"{answer.Status} {answer.Text} for {Convert.ToHexString(bytes)}");
                if (answer.Status >= 400) Assert.NotEmpty(answer.Code());
            }

            if (put.Status == 201) taken++;
            else refused++;
        }

        Assert.True(refused > 100 && taken > 20, $"{refused} refused, {taken} taken");
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            // Headers are where lies are told; most hits go there.
            var at = random.Next(3) == 0 ? random.Next(bytes.Count) : random.Next(Math.Min(bytes.Count, 90));
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)); break;
                case 2: bytes.InsertRange(at, new byte[random.Next(1, 9)]); break;
                case 3: bytes[at] = (byte)"0123456789-,[]{}()'\":"[random.Next(21)]; break;
                default: bytes.InsertRange(at, "99999999999999999"u8.ToArray()); break;
            }

            if (bytes.Count == 0) return [0];
        }

        return [.. bytes];
    }
}
