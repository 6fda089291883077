using System.Globalization;
using System.Text;
using KlCore.Numerics;

namespace KlCore.Tests.Numerics;

public sealed class DecimalNumeralsTests
{
    [Fact]
    public void Parse_ShortestFormOfRandomBits_GivesTheBitsBack()
    {
        var random = new Random(1);
        for (var i = 0; i < 1_000_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (double.IsFinite(value)) Check(value.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Parse_ProbabilitiesWithAnyNumberOfDigits_AgreesWithTheBaseLibrary()
    {
        var random = new Random(2);
        for (var i = 0; i < 1_000_000; i++)
            Check(random.NextDouble().ToString("F" + random.Next(1, 25), CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Parse_RandomDigitsAndExponents_AgreesWithTheBaseLibrary()
    {
        var random = new Random(3);
        for (var i = 0; i < 1_000_000; i++)
        {
            var digits = random.NextInt64(long.MaxValue / 2, long.MaxValue).ToString(CultureInfo.InvariantCulture)[..random.Next(1, 20)];
            Check($"{(random.Next(2) == 0 ? "-" : "")}{digits}e{random.Next(-345, 330)}");
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("-0.0e5")]
    [InlineData("5e-324")]
    [InlineData("2.4703282292062327e-324")]
    [InlineData("2.4703282292062328e-324")]
    [InlineData("2.2250738585072011e-308")]
    [InlineData("2.2250738585072014e-308")]
    [InlineData("1.7976931348623157e308")]
    [InlineData("1.7976931348623159e308")]
    [InlineData("1e309")]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740993e0")]
    [InlineData("9007199254740995")]
    [InlineData("0.000000000000000000000000000000000000001234567890123456789")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("1e-999999999999")]
    [InlineData("1E+22")]
    [InlineData("1e23")]
    [InlineData("8.5e22")]
    [InlineData("4503599627370497.5")]
    [InlineData("0.1000000000000000055511151231257827021181583404541015625")]
    [InlineData("6.631236846766476e-316")]
    [InlineData("30078505129381147446200")]
    public void Parse_HardCases_AgreesWithTheBaseLibrary(string numeral) => Check(numeral);

    [Theory]
    [InlineData(1_000_005, 1_000_006)]
    [InlineData(1_000_005, 1_000_000)]
    [InlineData(999_999, 999_999)]
    [InlineData(20, 21)]
    public void Parse_LeadingZerosThatTheExponentUndoes_AgreesWithTheBaseLibrary(int zeros, int exponent) =>
        Check($"0.{new string('0', zeros)}1e{exponent}");

    private static void Check(string numeral)
    {
        var expected = double.Parse(numeral, CultureInfo.InvariantCulture);
        var actual = DecimalNumerals.Parse(Encoding.ASCII.GetBytes(numeral));
        if (BitConverter.DoubleToInt64Bits(expected) != BitConverter.DoubleToInt64Bits(actual))
            Assert.Fail($"{numeral}: expected {expected:R}, was {actual:R}");
    }
}
