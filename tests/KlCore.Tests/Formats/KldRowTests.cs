using System.Runtime.InteropServices;
using System.Text.Json;
using KlCore.Formats;

namespace KlCore.Tests.Formats;

public class KldRowTests
{
    private static readonly JsonElement[] Golden =
        [.. JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "kld.json"))).RootElement.EnumerateArray()];

    internal static IEnumerable<(float[] Logits, float Scale, float Minimum, ushort[] Quantized)> GoldenRows() => Golden.Select(row => (
        Singles(row.GetProperty("logits")), Singles(row.GetProperty("scale"))[0], Singles(row.GetProperty("minimum"))[0],
        row.GetProperty("quantized").EnumerateArray().Select(value => value.GetUInt16()).ToArray()));

    private static float[] Singles(JsonElement hex) => MemoryMarshal.Cast<byte, float>(Convert.FromHexString(hex.GetString()!)).ToArray();

    [Fact]
    public void Encode_GoldenRows_AgreesToTheLastBit()
    {
        foreach (var (logits, scale, minimum, quantized) in GoldenRows())
        {
            var actual = new ushort[logits.Length];
            Assert.Equal(new KldRow(scale, minimum), KldRow.Encode(logits, actual));
            Assert.Equal(quantized, actual);
        }
    }

    [Fact]
    public void Decode_OfEveryLength_IsTheProductAndTheSumEachRounded()
    {
        var random = new Random(6);
        for (var length = 1; length <= 130; length++)
        {
            var row = new KldRow((float)(random.NextDouble() * 3e-4), (float)(-20 * random.NextDouble()));
            var quantized = Enumerable.Range(0, length).Select(_ => (ushort)random.Next(65536)).ToArray();
            var actual = new float[length + 1];
            row.Decode(quantized, actual);
            // The product of 24 and 16 bits is exact in a double, and so is the sum of 24 bits each of these sizes.
            Assert.Equal(quantized.Select(q => (float)((double)(float)((double)row.Scale * q) + row.Minimum)), actual[..length]);
            Assert.Equal(0, actual[length]);
        }
    }

    [Fact]
    public void Encode_ThenDecode_IsWithinHalfAStepAboveTheFloor()
    {
        var random = new Random(7);
        var logits = Enumerable.Range(0, 1000).Select(_ => (float)(random.NextDouble() * 30)).ToArray();
        var quantized = new ushort[1000];
        var row = KldRow.Encode(logits, quantized);
        var decoded = new float[1000];
        row.Decode(quantized, decoded);
        var high = logits.Max();
        var normaliser = high + Math.Log(logits.Sum(logit => Math.Exp((double)logit - high)));
        for (var i = 0; i < 1000; i++)
        {
            var exact = logits[i] - normaliser;
            if (logits[i] > high - 16) Assert.Equal(exact, decoded[i], row.Scale / 2 + 1e-5);
            else Assert.Equal(row.Minimum, decoded[i]);
        }
        Assert.InRange(row.Scale, 15.99f / 65535, 16.01f / 65535);
    }

    [Theory]
    [InlineData(new float[] { 1, float.NaN, 2 })]
    [InlineData(new float[] { float.NaN, 1, 2 })]
    [InlineData(new float[] { 1, float.PositiveInfinity, 2 })]
    [InlineData(new float[] { float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity })]
    public void Encode_OfARowThatIsNoDistribution_DecodesToNaN(float[] logits)
    {
        // Long enough for the vector paths, too.
        float[] repeated = [.. Enumerable.Repeat(logits, 20).SelectMany(part => part)];
        foreach (var each in (float[][])[logits, repeated])
        {
            var quantized = new ushort[each.Length];
            var decoded = new float[each.Length];
            KldRow.Encode(each, quantized).Decode(quantized, decoded);
            Assert.All(decoded, value => Assert.True(float.IsNaN(value)));
        }
    }
}
