using KlCore.Formats;

namespace KlCore.Logits;

/// <summary>How finely the element types resolve.</summary>
internal static class Precision
{
    /// <summary>The distance between numbers of the type at a finite value's exponent.</summary>
    public static double UlpOf(double value, ElementType element)
    {
        var (digits, lowest) = element switch
        {
            ElementType.F64 => (52, -1022),
            ElementType.F32 => (23, -126),
            ElementType.F16 => (10, -14),
            _ => (7, -126),
        };
        var exponent = value == 0 ? lowest : Math.Max(Math.ILogB(value), lowest);
        return Math.ScaleB(1, exponent - digits);
    }
}
