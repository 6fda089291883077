namespace KlCore.Numerics;

/// <summary>A positive ratio r, known by what it has beyond 1 and by its logarithm, so that neither a ratio near 1 nor one beyond all doubles loses digits.</summary>
/// <param name="LessOne">r - 1.</param>
/// <param name="Log">ln r.</param>
internal readonly record struct Ratio(double LessOne, double Log)
{
    /// <summary>r - 1 - ln r, at least 0.</summary>
    public double Excess => Math.Abs(LessOne) < 0.5 ? Elementary.Bregman(1, LessOne) : LessOne - Log;

    /// <summary>The root of r.</summary>
    public Ratio Root => double.IsPositiveInfinity(LessOne) ? FromLog(0.5 * Log) : new(LessOne / (1 + Math.Sqrt(1 + LessOne)), 0.5 * Log);

    /// <summary>e^log.</summary>
    public static Ratio FromLog(double log) => new(Elementary.Expm1(log), log);

    /// <summary>
    /// The product of <paramref name="above"/> over that of <paramref name="below"/>, all positive and finite. The products are taken of mantissas, with twice the
    /// digits of a double, and their difference is what is known of a ratio near 1.
    /// </summary>
    public static Ratio Of(ReadOnlySpan<double> above, ReadOnlySpan<double> below)
    {
        var (upper, upperExponent) = Product(above);
        var (lower, lowerExponent) = Product(below);
        var exponent = upperExponent - lowerExponent;
        if (Math.Abs(exponent) < 60)
        {
            var quotient = (upper.ScaleB(exponent) - lower) / lower;
            if (Math.Abs(quotient.Hi) < 0.5) return new(quotient.Value, Elementary.Log1p(quotient.Value));
        }

        var mantissa = upper.Hi / lower.Hi;
        return new(Math.ScaleB(mantissa, exponent) - 1, Math.Log(mantissa) + exponent * Units.Ln2);
    }

    private static (DoubleDouble Mantissa, int Exponent) Product(ReadOnlySpan<double> factors)
    {
        var (product, exponent) = (DoubleDouble.One, 0);
        foreach (var factor in factors)
        {
            var scale = Math.ILogB(factor);
            exponent += scale;
            product *= Math.ScaleB(factor, -scale);
        }

        return (product, exponent);
    }
}
