using System.Numerics;

namespace KlCore.Numerics;

/// <summary>
/// A sum of doubles without any rounding error, so that the order of the terms, and into how many parts they were split, does not matter.
/// The sum is a fixed-point number with a digit of 32 bits for every power from 2^-1074 up. Only reading it rounds, once.
/// Source: U. Kulisch, "Computer Arithmetic and Validity" (2013), chapter 8, the long accumulator.
/// </summary>
internal sealed class ExactTotal
{
    /// <summary>The power of two that <see cref="Scaled"/> counts in.</summary>
    public const int Exponent = -1074;

    private const int DigitBits = 32;
    private const int DigitCount = 68;
    private const int LargestParts = 20;
    private const int AdditionsBetweenCarries = 1 << 29;

    private readonly long[] _digits = new long[DigitCount];
    private int _additions;
    private double _infinity;

    /// <summary>The sum, rounded to the nearest double. Infinite if a term was, or if the sum is beyond a double.</summary>
    public double Value => _infinity != 0 ? _infinity : Round(Scaled(), Exponent);

    /// <summary>Whether the sum is infinite because of a term.</summary>
    public bool HasInfiniteTerm => _infinity != 0;

    /// <summary>Adds one term, not NaN; infinite terms all of one sign.</summary>
    public void Add(double term)
    {
        if (!double.IsFinite(term))
        {
            _infinity = term;
            return;
        }

        var bits = BitConverter.DoubleToUInt64Bits(term);
        var exponent = (int)((bits >> 52) & 0x7ff);
        var significand = bits & ((1UL << 52) - 1);
        if (exponent == 0) exponent = 1;
        else significand |= 1UL << 52;
        var (digit, shift) = (exponent - 1) is var place ? (place / DigitBits, place % DigitBits) : default;
        var low = (long)(uint)(significand << shift);
        var rest = significand >> (DigitBits - shift);
        var (middle, high) = ((long)(uint)rest, (long)(rest >> DigitBits));
        if (term < 0) (low, middle, high) = (-low, -middle, -high);
        _digits[digit] += low;
        _digits[digit + 1] += middle;
        _digits[digit + 2] += high;
        if (++_additions >= AdditionsBetweenCarries) Carry();
    }

    /// <summary>Adds the product of two factors, exact but for what lies below 2^-1074.</summary>
    public void AddProduct(double first, double second)
    {
        var product = first * second;
        Add(product);
        if (double.IsFinite(product)) Add(Math.FusedMultiplyAdd(first, second, -product));
    }

    /// <summary>Adds everything that another total holds.</summary>
    public void Add(ExactTotal other)
    {
        other.Carry();
        Carry();
        for (var i = 0; i < DigitCount; i++) _digits[i] += other._digits[i];
        _additions = 1;
        if (other._infinity != 0) _infinity = other._infinity;
    }

    /// <summary>The finite part of the sum in units of 2^<see cref="Exponent"/>.</summary>
    public BigInteger Scaled()
    {
        Carry();
        var top = DigitCount - 1;
        while (top > 0 && _digits[top] == 0) top--;
        var sum = BigInteger.Zero;
        for (var i = top; i >= 0; i--) sum = (sum << DigitBits) + _digits[i];
        return sum;
    }

    /// <summary>
    /// Doubles that add up to the sum exactly, the largest first: how a total is written down. Empty for 0; one infinity where the sum is
    /// more than twenty times the largest double.
    /// </summary>
    public double[] ToParts()
    {
        if (_infinity != 0) return [_infinity];
        var parts = new List<double>();
        for (var rest = Scaled(); !rest.IsZero;)
        {
            if (parts.Count == LargestParts && Math.Abs(parts[^1]) == double.MaxValue) return [rest.Sign * double.PositiveInfinity];
            var part = Math.Clamp(Round(rest, Exponent), -double.MaxValue, double.MaxValue);
            parts.Add(part);
            rest -= new ExactTotal(part).Scaled();
        }

        return [.. parts];
    }

    /// <summary>0.</summary>
    public ExactTotal()
    {
    }

    /// <summary>The sum of the given terms, such as <see cref="ToParts"/> gave.</summary>
    public ExactTotal(params ReadOnlySpan<double> terms)
    {
        foreach (var term in terms) Add(term);
    }

    /// <summary>value 2^exponent, rounded to the nearest double, ties to even.</summary>
    public static double Round(BigInteger value, int exponent)
    {
        var magnitude = BigInteger.Abs(value);
        var excess = (int)Math.Max(0, magnitude.GetBitLength() - 53);
        if (excess == 0) return Math.ScaleB((double)value, exponent);
        var significand = (ulong)(magnitude >> excess);
        var remainder = magnitude - (new BigInteger(significand) << excess);
        var comparison = remainder.CompareTo(BigInteger.One << (excess - 1));
        if (comparison > 0 || (comparison == 0 && (significand & 1) == 1)) significand++;
        return Math.ScaleB(value.Sign * (double)significand, exponent + excess);
    }

    private void Carry()
    {
        for (var i = 0; i < DigitCount - 1; i++)
        {
            var carry = _digits[i] >> DigitBits;
            _digits[i] -= carry << DigitBits;
            _digits[i + 1] += carry;
        }

        _additions = 0;
    }
}
