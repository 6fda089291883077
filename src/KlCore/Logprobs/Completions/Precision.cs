using System.Runtime.InteropServices;
using System.Text.Json;
using KlCore.Numerics;

namespace KlCore.Logprobs.Completions;

/// <summary>
/// How precise the numbers of one document are, by their digits: a document that never prints more than six decimals has rounded to six. Numbers of
/// 15 and more digits are doubles, except where each is a float, as of models that compute in floats and print them in full.
/// </summary>
internal sealed class Precision
{
    private const int DoubleDigits = 15;
    private const int FloatDigits = 9;

    /// <summary>2^-24: half a unit in the last place of a float near 1.</summary>
    private const double FloatRoundoff = 5.9604644775390625e-8;

    private int _decimals;
    private int _digits;
    private bool _allFloats = true;

    /// <summary>Takes notice of a number.</summary>
    public void See(JsonElement number)
    {
        var (digits, decimals) = Count(JsonMarshal.GetRawUtf8Value(number));
        _digits = Math.Max(_digits, digits);
        _decimals = Math.Max(_decimals, decimals);
        var value = number.GetDouble();
        _allFloats &= ((double)(float)value).Equals(value);
    }

    /// <summary>The most significant digits that a number has.</summary>
    public int Digits => _digits;

    /// <summary>How far a log-probability of this document may be from what it stands for.</summary>
    public double OfLog(double log) => double.IsFinite(log) ? Math.Max(Printed(log), AsFloat(log)) : 0;

    /// <summary>How far the logarithm of a probability may be, which is the less certain the smaller the probability.</summary>
    public double OfProbability(double probability) => probability == 0 ? 0 : Math.Max(-Elementary.Log1p(-Math.Min(1, Printed(probability) / probability)), AsFloat(Math.Log(probability)));

    /// <summary>
    /// Half a unit of a value's last digit. Whether a server prints so many decimals or so many significant digits cannot be told, so it is
    /// whichever is coarser; with a fixed number of decimals that is the same for all.
    /// </summary>
    public double Printed(double value)
    {
        if (_digits >= DoubleDigits || !double.IsFinite(value)) return 0;
        var byDecimals = Math.Pow(10, -_decimals);
        return 0.5 * (value == 0 ? byDecimals : Math.Max(byDecimals, Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value)) + 1e-12) + 1 - _digits)));
    }

    private double AsFloat(double log) => _digits >= DoubleDigits ? _allFloats ? FloatRoundoff * Math.Max(1, Math.Abs(log)) : 0 : _digits <= FloatDigits ? FloatRoundoff * Math.Max(1, Math.Abs(log)) : 0;

    /// <summary>Significant digits, and digits behind the decimal point.</summary>
    private static (int Digits, int Decimals) Count(ReadOnlySpan<byte> numeral)
    {
        var (digits, decimals, exponent) = (0, 0, 0);
        var (afterPoint, afterE, negative, leading) = (false, false, false, true);
        foreach (var character in numeral)
        {
            if (character is (byte)'e' or (byte)'E') afterE = true;
            else if (character == '.') afterPoint = true;
            else if (character == '-') negative |= afterE;
            else if (character is >= (byte)'0' and <= (byte)'9')
            {
                if (afterE) exponent = Math.Min(1000, 10 * exponent + (character - '0'));
                else
                {
                    leading &= character == '0';
                    if (!leading) digits++;
                    if (afterPoint) decimals++;
                }
            }
        }

        return (digits, Math.Max(0, decimals + (negative ? exponent : -exponent)));
    }
}
