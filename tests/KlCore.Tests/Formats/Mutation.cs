using System.Globalization;
using System.Text;

namespace KlCore.Tests.Formats;

/// <summary>Changes files at random, in the places where readers decide.</summary>
internal static class Mutation
{
    private static readonly byte[][] Tokens =
    [
        .. Utf8([",", "\"", "\"\"", "\r\n", "\n", "\r", "\uFEFF", "é", "𝄞", "1e400", "NaN", "-", "{", "}", "[", "]", "(", ")", ":", "'", "null", "\\ud800", "9223372036854775807",
                "4294967297", "-1", "|O", "<f8", "True", "shape", "\0", " ", "\"-Infinity\"", "F32", "I64", "\"x\":", "data_offsets"]),
        [0xFF], [0xC3], [0xE2, 0x82], [0x93], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80],
    ];

    /// <summary>How many mutations a test makes: the environment variable KL_MUTATIONS, else 100,000.</summary>
    public static int Count { get; } =
        Environment.GetEnvironmentVariable("KL_MUTATIONS") is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : 100_000;

    public static byte[][] Utf8(string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    public static byte[] Of(byte[] seed, Random random)
    {
        var bytes = new List<byte>(seed);
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at + 1));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(Math.Min(20, bytes.Count - at) + 1)));
                    break;
                case 4 when at < bytes.Count:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                    break;
            }
        }
        return [.. bytes];
    }
}
