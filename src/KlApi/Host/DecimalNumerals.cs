using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace KlApi.Host;

/// <summary>
/// Turns a JSON numeral into the nearest double (ties to even), several times faster than the base library: exact products where 53 bits
/// suffice (Clinger 1990), else a 128-bit product with a power of five (Lemire, "Number parsing at a gigabyte per second", 2021).
/// The rare numerals that neither can decide go to the base library.
/// </summary>
internal static class DecimalNumerals
{
    private const int SmallestPower = -342;
    private const int LargestPower = 308;

    /// <summary>5^q as 128 bits, the first one set, for every q that a double can have.</summary>
    private static readonly (ulong High, ulong Low)[] PowersOfFive = [.. Enumerable.Range(SmallestPower, LargestPower - SmallestPower + 1).Select(PowerOfFive)];

    private static readonly double[] PowersOfTen = [.. Enumerable.Range(0, 23).Select(exponent => (double)BigInteger.Pow(10, exponent))];

    /// <summary>Reads a numeral that is known to follow the JSON grammar. Too large a number becomes an infinity.</summary>
    public static double Parse(ReadOnlySpan<byte> numeral)
    {
        var negative = numeral[0] == '-';
        if (!Split(negative ? numeral[1..] : numeral, out var digits, out var exponent)) return Slow(numeral);
        if (digits == 0) return negative ? -0.0 : 0.0;
        double value;
        if (digits <= 1UL << 53 && Math.Abs(exponent) <= 22)
            value = exponent < 0 ? digits / PowersOfTen[-exponent] : digits * PowersOfTen[exponent];
        else if (!Nearest(digits, exponent, out value))
            return Slow(numeral);
        return negative ? -value : value;
    }

    /// <summary>The numeral as digits · 10^exponent; false when it has more than 19 digits or an exponent of absurd size.</summary>
    private static bool Split(ReadOnlySpan<byte> numeral, out ulong digits, out int exponent)
    {
        digits = 0;
        exponent = 0;
        var position = 0;
        var significant = 0;
        while (position < numeral.Length && (uint)(numeral[position] - '0') <= 9) Append(numeral[position++], ref digits, ref significant);
        if (position < numeral.Length && numeral[position] == '.')
        {
            var point = ++position;
            while (position < numeral.Length && (uint)(numeral[position] - '0') <= 9) Append(numeral[position++], ref digits, ref significant);
            exponent = point - position;
        }

        if (significant > 19) return false;
        if (position == numeral.Length) return true;
        var negative = numeral[++position] == '-';
        if (negative || numeral[position] == '+') position++;
        if (numeral.Length - position > 5) return false;
        var power = 0;
        while (position < numeral.Length) power = (10 * power) + (numeral[position++] - '0');
        exponent += negative ? -power : power;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Append(byte digit, ref ulong digits, ref int significant)
    {
        digits = (10 * digits) + (uint)(digit - '0');
        // Zeros before the first other digit do not count.
        if (digits != 0) significant++;
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
