namespace KlCore.Formats;

/// <summary>How one logit is stored in memory, least significant byte first.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 binary16: 11 significant bits.</summary>
    F16,

    /// <summary>The upper half of a 32-bit number: 8 significant bits.</summary>
    Bf16,

    /// <summary>IEEE 754 binary32: 24 significant bits.</summary>
    F32,

    /// <summary>IEEE 754 binary64: 53 significant bits.</summary>
    F64,
}

/// <summary>Sizes of <see cref="ElementType"/>.</summary>
public static class ElementTypes
{
    /// <summary>Bytes per element.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.F64 => 8,
        ElementType.F32 => 4,
        _ => 2,
    };
}
