namespace KlCore.Tests.Formats;

public class MutationTests
{
    public static TheoryData<string> Formats() => [.. Reading.Formats];

    private static byte[][] Seeds(string format) => format switch
    {
        "csv" => Mutation.Utf8(["a,b,c\n1,2.5,x\n-3e4,,\"y\"\"z\"\n", "1,2\r\n3,4\r\n", "\uFEFF\"a\nb\"\n7\n"]),
        "npy" =>
        [
            NpyReaderTests.File(NpyReaderTests.Dictionary("<f4", "(3, 2)"), new byte[24]),
            NpyReaderTests.File(NpyReaderTests.Dictionary("|u1", "(5,)", "True"), new byte[5], 2),
            NpyReaderTests.File(NpyReaderTests.Dictionary(">i8", "(1, 2)"), new byte[16], 3),
        ],
        "json-lines" => Mutation.Utf8(["{\"a\":1,\"b\":\"x\\u00e9\"}\n{\"b\":null,\"a\":-2.5e3}\n", "{\"t\":true}\r\n\r\n{\"t\":0}"]),
        _ => Mutation.Utf8(["one\ntwo é\r\n\nfour", "\uFEFF𝄞\n"]),
    };

    /// <summary>Any other exception than the declared one fails the test; so does an allocation that the input does not explain.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void Reader_AnyBytes_GivesAShapeOrTheDeclaredFailureInBoundedMemory(string format)
    {
        var random = new Random(17);
        var seeds = Seeds(format);
        int taken = 0, refused = 0;
        for (var i = 0; i < Mutation.Count; i++)
        {
            var bytes = Mutation.Of(seeds[i % seeds.Length], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Assert.True(Reading.Whole(Reading.Open(format, texts: (_, _, utf8) => Assert.True(System.Text.Unicode.Utf8.IsValid(utf8))), bytes).Rows > 0);
                taken++;
            }
            catch (KlCore.Formats.MalformedDataException error)
            {
                Assert.InRange(error.Offset, 0, bytes.Length);
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes.Length * 50L + (1 << 18));
        }
        Assert.True(taken > Mutation.Count / 100, $"{taken} taken");
        Assert.True(refused > Mutation.Count / 100, $"{refused} refused");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Reader_HoweverTheBytesAreCut_GivesTheSameOutcome(string format)
    {
        var random = new Random(18);
        var seeds = Seeds(format);
        for (var i = 0; i < Mutation.Count / 5; i++)
        {
            var bytes = Mutation.Of(seeds[i % seeds.Length], random);
            Assert.Equal(Reading.Outcome(format, bytes, () => int.MaxValue), Reading.Outcome(format, bytes, () => random.Next(1, 6)));
        }
    }
}
