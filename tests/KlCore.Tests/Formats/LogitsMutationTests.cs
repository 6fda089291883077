using KlCore.Formats;
using static KlCore.Tests.Formats.NpyReaderTests;

namespace KlCore.Tests.Formats;

public class LogitsMutationTests
{
    public static TheoryData<LogitsFormat> Formats() => [.. Enum.GetValues<LogitsFormat>()];

    private static byte[][] Seeds(LogitsFormat format) => format switch
    {
        LogitsFormat.Npy =>
        [
            File(Dictionary("<f4", "(3, 2)"), new byte[24]),
            File(Dictionary(">f2", "(2, 1, 5)"), new byte[20], 2),
            File(Dictionary("<f8", "(2, 2)", "True"), new byte[32], 3),
        ],
        LogitsFormat.Safetensors =>
        [
            SafetensorsLogitsReaderTests.File("""{"x":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}  """, new byte[16]),
            SafetensorsLogitsReaderTests.File(
                """{"__metadata__":{"a":"b"},"t":{"dtype":"I32","shape":[2],"data_offsets":[0,8]},"x":{"dtype":"BF16","shape":[2,2],"data_offsets":[8,16]}}""", new byte[16]),
        ],
        LogitsFormat.Kld =>
        [
            KldLogitsReaderTests.File(4, 2, 2, (1e-4f, -9, [1, 2]), (2e-4f, -9, [3, 4])),
            KldLogitsReaderTests.File(6, 3, 1, (1e-4f, -9, [1, 2, 3]), (0, -9, [3, 4, 5])),
        ],
        _ => Mutation.Utf8(["[1,-2.5,\"-Infinity\"]\n[0,1e2,3E-1]\n", "\uFEFF{\"logits\":[1,2],\"target\":1}\r\n\r\n{\"token\":null, \"logits\":[ 3,4]}"]),
    };

    /// <summary>Any other exception than the declared ones fails the test; so does an allocation that the input does not explain.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void Reader_AnyBytes_GivesRowsOrTheDeclaredFailureInBoundedMemory(LogitsFormat format)
    {
        var random = new Random(19);
        var seeds = Seeds(format);
        var buffer = new byte[256];
        int taken = 0, refused = 0;
        for (var i = 0; i < Mutation.Count; i++)
        {
            var bytes = Mutation.Of(seeds[i % seeds.Length], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var reader = format.Open();
                Assert.True(LogitsReading.Drain(reader, bytes, buffer) > 0);
                Assert.Equal(reader.Shape!.Rows ?? reader.RowsRead, reader.RowsRead);
                taken++;
            }
            catch (MalformedDataException error)
            {
                Assert.InRange(error.Offset, 0, bytes.Length);
                refused++;
            }
            catch (NotComputableException)
            {
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes.Length + (1 << 20));
        }
        Assert.True(taken > Mutation.Count / 100, $"{taken} taken");
        Assert.True(refused > Mutation.Count / 100, $"{refused} refused");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Reader_HoweverTheBytesAreCut_GivesTheSameOutcome(LogitsFormat format)
    {
        var random = new Random(20);
        var seeds = Seeds(format);
        for (var i = 0; i < Mutation.Count; i++)
        {
            var bytes = Mutation.Of(seeds[i % seeds.Length], random);
            Assert.Equal(
                LogitsReading.Outcome(format.Open(), bytes),
                LogitsReading.Outcome(format.Open(), bytes, () => random.Next(1, 9), () => random.Next(1, 6), i % 2 == 0));
        }
    }
}
