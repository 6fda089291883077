using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>
/// Turns a JSON numeral into the nearest double (ties to even), several times faster than the base library: exact products where 53 bits
/// suffice (Clinger 1990), else a 128-bit product with a power of five (Lemire, "Number parsing at a gigabyte per second", 2021).
/// The rare numerals that neither can decide go to the base library.
/// </summary>
public static class DecimalNumerals
{
    private const int SmallestPower = -342;
    private const int LargestPower = 308;
    private const int Countless = 1_000_000;

    /// <summary>5^q as 128 bits, the first one set, for every q that a double can have.</summary>
    private static readonly (ulong High, ulong Low)[] PowersOfFive = [.. Enumerable.Range(SmallestPower, LargestPower - SmallestPower + 1).Select(PowerOfFive)];

    private static readonly double[] PowersOfTen = [.. Enumerable.Range(0, 23).Select(exponent => (double)BigInteger.Pow(10, exponent))];

    /// <summary>Reads a whole numeral that is known to follow the JSON grammar. Too large a number becomes an infinity.</summary>
    public static double Parse(ReadOnlySpan<byte> numeral)
    {
        var position = 0;
        return TryRead(numeral, ref position, out var value) ? value : Slow(numeral);
    }

    /// <summary>
    /// Reads the numeral that begins at <paramref name="position"/>, -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?, and moves the
    /// position behind it; false if there is none.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out double value)
    {
        value = 0;
        var start = position;
        var at = position;
        var negative = At(text, at) == '-';
        if (negative) at++;
        var first = at;
        ulong digits = 0;
        // Most numerals are probabilities: one digit before the point.
        while ((uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9) digits = (10 * digits) + (uint)(text[at++] - '0');
        if (at == first || (text[first] == '0' && at > first + 1)) return false;
        var count = at - first;
        var (exponent, isExact) = (0, true);
        if (At(text, at) == '.')
        {
            var point = ++at;
            Digits(text, ref at, ref digits);
            if (at == point) return false;
            exponent = point - at;
            count += at - point;
        }

        if ((At(text, at) | 0x20) == 'e' && !TryExponent(text, ref at, ref exponent, out isExact)) return false;
        position = at;
        if (count > 19) count -= LeadingZeros(text[first..at]);
        // More digits or a longer exponent may have overflown: the base library looks at them all.
        value = count > 19 || !isExact || !Convert(digits, exponent, negative, out var quick) ? Slow(text[start..at]) : quick;
        return true;
    }

    private static int LeadingZeros(ReadOnlySpan<byte> numeral)
    {
        var zeros = 0;
        foreach (var character in numeral)
        {
            if (character == '0') zeros++;
            else if (character != '.') break;
        }

        return zeros;
    }

    private static bool Convert(ulong digits, int exponent, bool negative, out double value)
    {
        if (digits == 0) value = 0;
        else if (digits <= 1UL << 53 && exponent is >= -22 and <= 22) value = exponent < 0 ? digits / PowersOfTen[-exponent] : digits * PowersOfTen[exponent];
        else if (!Nearest(digits, exponent, out value)) return false;
        if (negative) value = -value;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int At(ReadOnlySpan<byte> text, int position) => (uint)position < (uint)text.Length ? text[position] : 0;

    /// <summary>Appends the decimal digits from the position on, eight at a time where there are so many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Digits(ReadOnlySpan<byte> text, ref int position, ref ulong digits)
    {
        while (position + 8 <= text.Length)
        {
            var eight = Unsafe.ReadUnaligned<ulong>(in text[position]);
            if (!BitConverter.IsLittleEndian) eight = BinaryPrimitives.ReverseEndianness(eight);
            var values = eight - 0x3030303030303030;
            if ((((eight + 0x4646464646464646) | values) & 0x8080808080808080) != 0) break;
            values = (values * 10) + (values >> 8);
            var quads = (((values & 0x000000FF000000FF) * 0x000F424000000064) + (((values >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
            digits = (100_000_000 * digits) + (uint)quads;
            position += 8;
        }

        while ((uint)position < (uint)text.Length && (uint)(text[position] - '0') <= 9) digits = (10 * digits) + (uint)(text[position++] - '0');
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, ref int position, ref int exponent, out bool isExact)
    {
        position++;
        var negative = At(text, position) == '-';
        if (negative || At(text, position) == '+') position++;
        var start = position;
        var power = 0;
        for (; (uint)(At(text, position) - '0') <= 9; position++) power = Math.Min((10 * power) + (text[position] - '0'), Countless);
        isExact = power < Countless;
        exponent += negative ? -power : power;
        return position > start;
    }

    private static bool Nearest(ulong digits, int exponent, out double value)
    {
        value = 0;
        if (exponent is < SmallestPower or > LargestPower) return false;
        var leading = BitOperations.LeadingZeroCount(digits);
        var (powerHigh, powerLow) = PowersOfFive[exponent - SmallestPower];
        var normal = digits << leading;
        var high = Math.BigMul(normal, powerHigh, out var low);
        if ((high & 0x1FF) == 0x1FF)
        {
            // The lower half of the power may carry into the bits that decide.
            var more = Math.BigMul(normal, powerLow, out _);
            low += more;
            if (low < more) high++;
            if (low == ulong.MaxValue && exponent is < -27 or > 55) return false;
        }

        var upper = (int)(high >> 63);
        var shift = upper + 64 - 52 - 3;
        var mantissa = high >> shift;
        var binary = ((217706 * exponent) >> 16) + 64 + upper - leading + 1023 - 1;
        // Subnormal numbers and infinities are rare enough to be left to the base library.
        if (binary is < 1 or >= 0x7FE) return false;
        var mayBeHalfway = low <= 1 && exponent is >= -4 and <= 23 && (mantissa & 3) == 1;
        if (mayBeHalfway && mantissa << shift == high) mantissa &= ~1UL;
        mantissa = (mantissa + (mantissa & 1)) >> 1;
        if (mantissa >= 1UL << 53)
        {
            mantissa = 1UL << 52;
            binary++;
        }

        value = BitConverter.UInt64BitsToDouble((mantissa & ((1UL << 52) - 1)) | ((ulong)binary << 52));
        return true;
    }

    private static double Slow(ReadOnlySpan<byte> numeral) => double.Parse(numeral, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>The first 128 bits of 5^q: cut off for q ≥ 0, rounded up for q &lt; 0, as the algorithm's proof asks.</summary>
    private static (ulong High, ulong Low) PowerOfFive(int q)
    {
        BigInteger power;
        if (q >= 0)
        {
            power = BigInteger.Pow(5, q);
            var surplus = (int)power.GetBitLength() - 128;
            power = surplus > 0 ? power >> surplus : power << -surplus;
        }
        else
        {
            var divisor = BigInteger.Pow(5, -q);
            power = ((BigInteger.One << ((int)divisor.GetBitLength() + 127)) / divisor) + 1;
            if (power.GetBitLength() > 128) power >>= 1;
        }

        return ((ulong)(power >> 64), (ulong)(power & ulong.MaxValue));
    }
}
