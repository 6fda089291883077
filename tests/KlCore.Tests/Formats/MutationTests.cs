using System.Text;

namespace KlCore.Tests.Formats;

public class MutationTests
{
    private const int Mutations = 100_000;

    private static readonly byte[][] Tokens =
    [
        .. Utf8([",", "\"", "\"\"", "\r\n", "\n", "\r", "\uFEFF", "é", "𝄞", "1e400", "NaN", "-", "{", "}", "[", "(", ")", ":", "'", "null", "\\ud800", "9223372036854775807",
                "4294967297", "-1", "|O", "<f8", "True", "shape", "\0", " "]),
        [0xFF], [0xC3], [0xE2, 0x82], [0x93],
    ];

    public static TheoryData<string> Formats() => [.. Reading.Formats];

    private static byte[][] Seeds(string format) => format switch
    {
        "csv" => Utf8(["a,b,c\n1,2.5,x\n-3e4,,\"y\"\"z\"\n", "1,2\r\n3,4\r\n", "\uFEFF\"a\nb\"\n7\n"]),
        "npy" =>
        [
            NpyReaderTests.File(NpyReaderTests.Dictionary("<f4", "(3, 2)"), new byte[24]),
            NpyReaderTests.File(NpyReaderTests.Dictionary("|u1", "(5,)", "True"), new byte[5], 2),
            NpyReaderTests.File(NpyReaderTests.Dictionary(">i8", "(1, 2)"), new byte[16], 3),
        ],
        "json-lines" => Utf8(["{\"a\":1,\"b\":\"x\\u00e9\"}\n{\"b\":null,\"a\":-2.5e3}\n", "{\"t\":true}\r\n\r\n{\"t\":0}"]),
        _ => Utf8(["one\ntwo é\r\n\nfour", "\uFEFF𝄞\n"]),
    };

    private static byte[][] Utf8(string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static byte[] Mutate(byte[] seed, Random random)
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

    /// <summary>Any other exception than the declared one fails the test; so does an allocation that the input does not explain.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void Reader_AnyBytes_GivesAShapeOrTheDeclaredFailureInBoundedMemory(string format)
    {
        var random = new Random(17);
        var seeds = Seeds(format);
        int taken = 0, refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var bytes = Mutate(seeds[i % seeds.Length], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Assert.True(Reading.Whole(Reading.Open(format), bytes).Rows > 0);
                taken++;
            }
            catch (KlCore.Formats.MalformedDataException error)
            {
                Assert.InRange(error.Offset, 0, bytes.Length);
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes.Length * 50L + (1 << 18));
        }
        Assert.True(taken > Mutations / 100, $"{taken} taken");
        Assert.True(refused > Mutations / 100, $"{refused} refused");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Reader_HoweverTheBytesAreCut_GivesTheSameOutcome(string format)
    {
        var random = new Random(18);
        var seeds = Seeds(format);
        for (var i = 0; i < Mutations / 5; i++)
        {
            var bytes = Mutate(seeds[i % seeds.Length], random);
            Assert.Equal(Reading.Outcome(format, bytes, () => int.MaxValue), Reading.Outcome(format, bytes, () => random.Next(1, 6)));
        }
    }
}
