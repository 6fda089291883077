namespace KlCore.Logits;

/// <summary>What differences of logits are multiplied by, the inverse of the temperature, in floats.</summary>
/// <param name="Whole">The factor.</param>
internal readonly record struct Scale(double Whole)
{
    private const double Log2E = 1.4426950408889634;
    private const double Ln2 = 0.6931471805599453;

    /// <summary>Beyond this temperature, or below its inverse, bounds of the series do not hold.</summary>
    private const double HottestTemperature = 64;

    /// <summary>The factor as a float.</summary>
    public float High => (float)Whole;

    /// <summary>What of the factor a float has no room for.</summary>
    public float Low => (float)(Whole - High);

    /// <summary>The factor for powers of two: e^(a Whole) = 2^(a Binary) (1 + a BinaryRest).</summary>
    public float Binary => (float)(Whole * Log2E);

    /// <summary>What of it a float has no room for.</summary>
    public float BinaryRest => (float)(Whole - Binary * Ln2);

    /// <summary>Whether rows at that temperature can be compared in floats.</summary>
    public static bool IsFor(double temperature) => temperature is >= 1 / HottestTemperature and <= HottestTemperature;
}
