using System.Globalization;

namespace KlCore.Formats;

/// <summary>Tells whether a cell of text is a number, and which.</summary>
internal static class NumericCell
{
    private static readonly double[] PowersOfTen =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>
    /// Reads a decimal number with optional sign, fraction, exponent and blanks around it. The value is the nearest double, or NaN
    /// where the cell is no finite number.
    /// </summary>
    public static CellKind Read(ReadOnlySpan<byte> utf8, out double value)
    {
        if (TryPlain(utf8, out value)) return CellKind.Number;
        utf8 = utf8.Trim(" \t"u8);
        if (utf8.IsEmpty)
        {
            value = double.NaN;
            return CellKind.Empty;
        }
        if (double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            if (double.IsFinite(value)) return CellKind.Number;
            value = double.NaN;
            return CellKind.NotFinite;
        }
        value = double.NaN;
        return IsMarker(utf8) ? CellKind.NotFinite : CellKind.Text;
    }

    /// <summary>
    /// At most 15 digits with an optional point: the digits as an integer are below 2^53 and the power of ten is exact, so one division
    /// rounds once and gives the nearest double. Most cells of most files are of this form.
    /// </summary>
    private static bool TryPlain(ReadOnlySpan<byte> utf8, out double value)
    {
        value = double.NaN;
        var negative = utf8.Length > 0 && utf8[0] == (byte)'-';
        if (negative) utf8 = utf8[1..];
        if (utf8.Length is 0 or > 16) return false;
        long digits = 0;
        int count = 0, point = -1;
        for (var i = 0; i < utf8.Length; i++)
        {
            var digit = utf8[i] - '0';
            if ((uint)digit <= 9) (digits, count) = (digits * 10 + digit, count + 1);
            else if (utf8[i] == (byte)'.' && point < 0) point = i;
            else return false;
        }
        if (count is 0 or > 15) return false;
        var decimals = point < 0 ? 0 : utf8.Length - 1 - point;
        value = digits / PowersOfTen[decimals];
        if (negative) value = -value;
        return true;
    }

    /// <summary>How R, NumPy and Python write what is missing or infinite.</summary>
    private static bool IsMarker(ReadOnlySpan<byte> utf8)
    {
        if (utf8[0] is (byte)'+' or (byte)'-') utf8 = utf8[1..];
        return Is(utf8, "NA"u8) || Is(utf8, "NAN"u8) || Is(utf8, "INF"u8) || Is(utf8, "INFINITY"u8);
    }

    private static bool Is(ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> marker) => System.Text.Ascii.EqualsIgnoreCase(utf8, marker);
}
