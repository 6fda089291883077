using System.Runtime.InteropServices;
using KlCore.Formats;

namespace KlCore.Tests.Formats;

public class ConversionTests
{
    /// <summary>Every non-negative finite number of a 16-bit type, by its bits.</summary>
    private static double[] Numbers(ElementType type) => type == ElementType.F16
        ? [.. Enumerable.Range(0, 0x7C00).Select(bits => (double)BitConverter.UInt16BitsToHalf((ushort)bits))]
        : [.. Enumerable.Range(0, 0x7F80).Select(bits => (double)BitConverter.UInt32BitsToSingle((uint)bits << 16))];

    private static ushort Bits(ElementType from, double value, ElementType to)
    {
        byte[] source = from switch
        {
            ElementType.F64 => BitConverter.GetBytes(value),
            _ => BitConverter.GetBytes((float)value),
        };
        var result = new byte[2];
        Conversion.Convert(source, from, result, to);
        return BitConverter.ToUInt16(result);
    }

    /// <summary>Between each two neighbours: just below the middle goes down, just above goes up, the middle itself to the one with an even last bit.</summary>
    [Theory]
    [InlineData(ElementType.F64, ElementType.F16)]
    [InlineData(ElementType.F32, ElementType.F16)]
    [InlineData(ElementType.F64, ElementType.Bf16)]
    [InlineData(ElementType.F32, ElementType.Bf16)]
    public void Convert_AroundEveryMiddle_RoundsToTheNearestAndTiesToEven(ElementType from, ElementType to)
    {
        var numbers = Numbers(to);
        var sign = (ushort)0x8000;
        for (var i = 0; i < numbers.Length - 1; i++)
        {
            var middle = (numbers[i] + numbers[i + 1]) / 2;
            var below = from == ElementType.F64 ? Math.BitDecrement(middle) : MathF.BitDecrement((float)middle);
            var above = from == ElementType.F64 ? Math.BitIncrement(middle) : MathF.BitIncrement((float)middle);
            Assert.Equal(i, Bits(from, numbers[i], to));
            Assert.Equal(i, Bits(from, below, to));
            Assert.Equal(i + i % 2, Bits(from, middle, to));
            Assert.Equal(i + 1, Bits(from, above, to));
            Assert.Equal((i + i % 2) | sign, Bits(from, -middle, to));
        }
    }

    [Fact]
    public void Convert_ToWiderTypes_IsExact()
    {
        foreach (var narrow in (ElementType[])[ElementType.F16, ElementType.Bf16])
        {
            var numbers = Numbers(narrow);
            var source = MemoryMarshal.AsBytes<ushort>([.. Enumerable.Range(0, numbers.Length).Select(bits => (ushort)bits)]);
            var doubles = new double[numbers.Length];
            Assert.Equal(-1, Conversion.Convert(source, narrow, MemoryMarshal.AsBytes(doubles.AsSpan()), ElementType.F64));
            Assert.Equal(numbers, doubles);
            var singles = new float[numbers.Length];
            Assert.Equal(-1, Conversion.Convert(source, narrow, MemoryMarshal.AsBytes(singles.AsSpan()), ElementType.F32));
            Assert.Equal(numbers, singles.Select(value => (double)value));
            var back = new byte[source.Length];
            Assert.Equal(-1, Conversion.Convert(MemoryMarshal.AsBytes(singles.AsSpan()), ElementType.F32, back, narrow));
            Assert.Equal(source.ToArray(), back);
        }
    }

    public static TheoryData<ElementType, ElementType> Pairs()
    {
        var pairs = new TheoryData<ElementType, ElementType>();
        foreach (var from in Enum.GetValues<ElementType>())
            foreach (var to in Enum.GetValues<ElementType>()) pairs.Add(from, to);
        return pairs;
    }

    private static byte[] Encode(double value, ElementType type) => type switch
    {
        ElementType.F64 => BitConverter.GetBytes(value),
        ElementType.F32 => BitConverter.GetBytes((float)value),
        ElementType.F16 => BitConverter.GetBytes((Half)value),
        _ => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16)),
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Convert_SpecialValues_StayWhatTheyAre(ElementType from, ElementType to)
    {
        foreach (var value in (double[])[double.NegativeInfinity, double.PositiveInfinity, double.NaN, 0, -0.0, 1, -2.5])
        {
            var result = new byte[to.Size()];
            Assert.Equal(-1, Conversion.Convert(Encode(value, from), from, result, to));
            var actual = LogitsReading.Numbers(to, result)[0];
            Assert.Equal(value, actual);
            if (!double.IsNaN(value)) Assert.Equal(double.IsNegative(value), double.IsNegative(actual));
        }
    }

    [Fact]
    public void Convert_NaNWithLowBitsOnly_StaysNaN()
    {
        var result = new byte[2];
        Conversion.Convert(BitConverter.GetBytes(BitConverter.UInt32BitsToSingle(0x7F800001)), ElementType.F32, result, ElementType.Bf16);
        Assert.True(double.IsNaN(LogitsReading.Numbers(ElementType.Bf16, result)[0]));
        Conversion.Convert(BitConverter.GetBytes(BitConverter.UInt32BitsToSingle(0xFFFFFFFF)), ElementType.F32, result, ElementType.Bf16);
        Assert.True(double.IsNaN(LogitsReading.Numbers(ElementType.Bf16, result)[0]));
    }

    [Theory]
    [InlineData(ElementType.F32, ElementType.F16, 65519.996, 65520)]
    [InlineData(ElementType.F64, ElementType.F16, 65519.99999, 65520)]
    [InlineData(ElementType.F64, ElementType.F32, 3.4028235677973362e38, 3.4028235677973366e38)]
    [InlineData(ElementType.F64, ElementType.Bf16, 3.39e38, 3.4e38)]
    [InlineData(ElementType.F32, ElementType.Bf16, 3.39e38, 3.4e38)]
    [InlineData(ElementType.Bf16, ElementType.F16, 65280, 65536)]
    public void Convert_TooHigh_IsToldByItsIndexAndTooLowIsMinusInfinity(ElementType from, ElementType to, double fits, double tooHigh)
    {
        byte[] source = [.. Encode(fits, from), .. Encode(-tooHigh, from), .. Encode(double.PositiveInfinity, from)];
        var result = new byte[3 * to.Size()];
        Assert.Equal(-1, Conversion.Convert(source, from, result, to));
        var values = LogitsReading.Numbers(to, result);
        Assert.True(double.IsFinite(values[0]));
        Assert.Equal([double.NegativeInfinity, double.PositiveInfinity], values[1..]);
        source = [.. source, .. Encode(tooHigh, from), .. Encode(tooHigh, from)];
        Assert.Equal(3, Conversion.Convert(source, from, new byte[5 * to.Size()], to));
    }
}
