using System.Numerics;

namespace KlCore.Tests.Logits;

/// <summary>Numbers with 256 bits after the point: enough digits to take every textbook formula literally.</summary>
internal readonly record struct FixedPoint(BigInteger Scaled)
{
    private const int Bits = 256;
    private const int Halvings = 12;

    private static readonly FixedPoint _ln2 = LnOfTwo();

    public static FixedPoint Zero => new(BigInteger.Zero);

    public static FixedPoint One => new(BigInteger.One << Bits);

    /// <summary>Exactly, but for what is below 2^-256.</summary>
    public static implicit operator FixedPoint(double value)
    {
        if (value == 0) return Zero;
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = new BigInteger(bits & 0xFFFFFFFFFFFFF | (exponent == 0 ? 0 : 1L << 52));
        var shift = Math.Max(exponent, 1) - 1075 + Bits;
        var scaled = shift >= 0 ? mantissa << shift : mantissa >> -shift;
        return new(value < 0 ? -scaled : scaled);
    }

    public static explicit operator double(FixedPoint value)
    {
        var (size, digits) = (BigInteger.Abs(value.Scaled), 0);
        if (size.GetBitLength() > 100) digits = (int)size.GetBitLength() - 100;
        var result = Math.ScaleB((double)(size >> digits), digits - Bits);
        return value.Scaled.Sign < 0 ? -result : result;
    }

    public static FixedPoint operator +(FixedPoint a, FixedPoint b) => new(a.Scaled + b.Scaled);

    public static FixedPoint operator -(FixedPoint a, FixedPoint b) => new(a.Scaled - b.Scaled);

    public static FixedPoint operator *(FixedPoint a, FixedPoint b) => new((a.Scaled * b.Scaled) >> Bits);

    public static FixedPoint operator /(FixedPoint a, FixedPoint b) => new((a.Scaled << Bits) / b.Scaled);

    public static FixedPoint Abs(FixedPoint value) => new(BigInteger.Abs(value.Scaled));

    /// <summary>e^x by 2^k e^r, the power series of r/4096 and twelve squarings.</summary>
    public static FixedPoint Exp(FixedPoint x)
    {
        var power = (x.Scaled + (_ln2.Scaled >> 1)) / _ln2.Scaled;
        if (power < -Bits - 64) return Zero;
        var r = new FixedPoint((x.Scaled - power * _ln2.Scaled) >> Halvings);
        var (term, sum) = (One, One);
        for (var k = 1; !term.Scaled.IsZero && k < 60; k++)
        {
            term = new FixedPoint((term * r).Scaled / k);
            sum += term;
        }

        for (var i = 0; i < Halvings; i++) sum *= sum;
        return new(power >= 0 ? sum.Scaled << (int)power : sum.Scaled >> (int)-power);
    }

    /// <summary>ln x by Halley's iteration, each of which trebles the digits.</summary>
    public static FixedPoint Log(FixedPoint x)
    {
        var size = (int)x.Scaled.GetBitLength() - Bits;
        FixedPoint y = Math.Log((double)new FixedPoint(size > 0 ? x.Scaled >> size : x.Scaled << -size)) + size * Math.Log(2);
        for (var i = 0; i < 4; i++)
        {
            var e = Exp(y);
            y += 2 * (x - e) / (x + e);
        }

        return y;
    }

    private static FixedPoint LnOfTwo()
    {
        // 2 artanh(1/3).
        var sum = BigInteger.Zero;
        var power = (BigInteger.One << (Bits + 1)) / 3;
        for (var k = 1; !power.IsZero; k += 2, power /= 9) sum += power / k;
        return new(sum);
    }
}
