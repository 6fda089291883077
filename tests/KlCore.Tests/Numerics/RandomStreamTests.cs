using KlCore.Numerics;

namespace KlCore.Tests.Numerics;

/// <summary>Random numbers have an address and no history.</summary>
public class RandomStreamTests
{
    // The known answers that come with the generator (Random123, kat_vectors).
    [Fact]
    public void Philox_GivesItsPublishedAnswers()
    {
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), RandomStream.Philox(0, 0, 0, 0, 0, 0));
        Assert.Equal(
            (0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu),
            RandomStream.Philox(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue));
    }

    // A change of these would break the promise that a stored job resumes to the last bit.
    [Fact]
    public void Bits_OfOneAddress_AreAlwaysTheSame()
    {
        var (stream, again) = (new RandomStream(1, 2, "test"), new RandomStream(1, 2, "test"));
        for (var i = 0; i < 100; i++) Assert.Equal(stream.NextBits(), again.NextBits());
        Assert.Equal(0xd05ff6746d38a0f0, new RandomStream(1, 2, "test").NextBits());
    }

    [Fact]
    public void Bits_OfOtherAddresses_AreOthers()
    {
        var bits = new HashSet<ulong>();
        foreach (var seed in new long[] { 0, 1, 2, 1L << 40 })
        {
            foreach (var step in new long[] { 0, 1, 1L << 33 })
            {
                foreach (var purpose in new[] { "", "a", "b" })
                {
                    var stream = new RandomStream(seed, step, purpose);
                    for (var i = 0; i < 10; i++) Assert.True(bits.Add(stream.NextBits()));
                }
            }
        }
    }

    // 400 000 draws: a mean's standard error is sd/632, each bound below is five of them.
    [Fact]
    public void Draws_HaveTheMomentsOfTheirDistributions()
    {
        const int count = 400_000;
        var stream = new RandomStream(7, 0, "moments");
        double[] uniform = [.. Enumerable.Range(0, count).Select(_ => stream.NextUniform())];
        double[] normal = [.. Enumerable.Range(0, count).Select(_ => stream.NextNormal())];
        Assert.All(uniform, value => Assert.True(value is > 0 and < 1));
        Assert.Equal(0.5, uniform.Average(), 5 * Math.Sqrt(1.0 / 12 / count));
        Assert.Equal(1.0 / 3, uniform.Average(value => value * value), 5 * Math.Sqrt(4.0 / 45 / count));
        Assert.Equal(0, normal.Average(), 5 * Math.Sqrt(1.0 / count));
        Assert.Equal(1, normal.Average(value => value * value), 5 * Math.Sqrt(2.0 / count));
        Assert.Equal(0, normal.Zip(normal.Skip(1), (a, b) => a * b).Average(), 5 * Math.Sqrt(1.0 / count));
        Assert.Equal(3, normal.Average(value => Math.Pow(value, 4)), 5 * Math.Sqrt(96.0 / count));
    }

    [Fact]
    public void Index_IsUniform()
    {
        var (stream, counts) = (new RandomStream(7, 0, "index"), new int[5]);
        for (var i = 0; i < 50_000; i++) counts[stream.NextIndex(5)]++;
        Assert.All(counts, count => Assert.Equal(10_000.0, count, 5 * Math.Sqrt(8000)));
    }
}
