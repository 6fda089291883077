using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace KlApi.Tests.Host;

/// <summary>
/// Ten thousand requests made by breaking the document's own examples, from a fixed seed: bytes are flipped, cut, doubled and replaced by
/// hostile words. None may be a fault of the service, and each refusal says what was wrong and nothing of the inside.
/// </summary>
public sealed class MutatedRequestsTests
{
    private const int Count = 10_000;

    private static readonly string[] Words =
    [
        "null", "true", "[]", "{}", "\"\"", "-1", "0", "1e400", "-0.0", "5e-324", "1e308", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "9007199254740993", "1.5", "[[1]]",
        "\"../../etc/passwd\"", "\"' OR 1=1 --\"", "\"\\u0000\"", "\"\\ud800\"", "[null]", "{\"name\":\"x\"}", "[1,\"x\"]", "99999999999999999999", "\"" + "\uD83D\uDE00" + "\"", ",", ":", "\"name\":",
    ];

    [Fact]
    public async Task Requests_MutatedFromTheExamples_AreNeverAFaultOfTheService()
    {
        using var service = new Service().With("KlService:Limits:OpenJobs", "3").With("KlService:Limits:JobSeconds", "1").With("KlService:Workers", "1");
        var client = service.CreateClient();
        var seeds = Examples((await client.Fetch("/swagger/v1/swagger.json")).Json).ToList();
        Assert.True(seeds.Count >= 3);
        var random = new Random(20260);
        var (answered, refused) = (0, 0);
        for (var i = 0; i < Count; i++)
        {
            var (path, example) = seeds[i % seeds.Count];
            var body = Encoding.UTF8.GetBytes(example);
            for (var round = random.Next(1, 3); round > 0; round--) body = Mutate(body, random);
            var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var message = await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content });
            var text = await message.Content.ReadAsStringAsync();
            var status = (int)message.StatusCode;
            if (status < 300)
            {
                answered++;
                continue;
            }

            refused++;
            Assert.True(status < 500, $"{path} {Encoding.Latin1.GetString(body)}: {status} {text}");
            Assert.Equal("application/problem+json", message.Content.Headers.ContentType?.MediaType);
            Assert.False(string.IsNullOrWhiteSpace((string?)JsonNode.Parse(text)!["detail"]), text);
            Assert.True(Leaks.FindIn(WithoutEchoes(text)) is null, $"{path} {Encoding.Latin1.GetString(body)}: {text}");
        }

        Assert.True(refused > Count / 2, $"{refused} refused");
        Assert.True(answered > Count / 100, $"{answered} answered");
    }

    private static IEnumerable<(string Path, string Body)> Examples(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        where !path.Key.Contains('{', StringComparison.Ordinal)
        from operation in path.Value!.AsObject()
        let examples = operation.Value!["requestBody"]?["content"]?["application/json"]?["examples"]?.AsObject()
        where operation.Key == "post" && examples is not null
        from example in examples
        select (path.Key, example.Value!["value"]!.ToJsonString());

    private static byte[] Mutate(byte[] body, Random random)
    {
        if (body.Length == 0) return "{"u8.ToArray();
        var at = random.Next(body.Length);
        var length = random.Next(1, Math.Min(12, body.Length - at) + 1);
        switch (random.Next(9))
        {
            case 0:
                var flipped = (byte[])body.Clone();
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1:
                return [.. body[..at], .. body[(at + length)..]];
            case 2:
                return [.. body[..(at + length)], .. body[at..]];
            case 3:
                return body[..at];
            case 4:
                return [.. body[..at], .. Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]), .. body[at..]];
            default:
                return ReplaceToken(body, at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
        }
    }

    /// <summary>Puts a word where a whole value stood, so that many mutants are still JSON.</summary>
    private static byte[] ReplaceToken(byte[] body, int at, byte[] word)
    {
        static bool Ends(byte character) => character is (byte)',' or (byte)':' or (byte)'[' or (byte)']' or (byte)'{' or (byte)'}';
        var (start, end) = (at, at);
        while (start > 0 && !Ends(body[start - 1])) start--;
        while (end < body.Length && !Ends(body[end])) end++;
        return [.. body[..start], .. word, .. body[end..]];
    }

    /// <summary>A refusal may show a client its own words again; those are no leak.</summary>
    private static string WithoutEchoes(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"was \\"".*?\\""", "was");
}
