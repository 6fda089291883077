namespace KlCore.Numerics;

/// <summary>
/// Several floats that are computed with at once: 16, 8 or 1 of them; what <see cref="ILanes{TSelf}"/> is for doubles. A mask has all bits
/// of a lane set or none.
/// </summary>
internal unsafe interface IFloatLanes<TSelf> : IReal<TSelf>
    where TSelf : struct, IFloatLanes<TSelf>
{
    /// <summary>How many there are.</summary>
    static abstract int Count { get; }

    /// <summary>The same number in each lane.</summary>
    static abstract TSelf All(float value);

    /// <summary>Floats from an index on.</summary>
    static abstract TSelf LoadSingle(ref readonly byte source, nuint index);

    /// <summary>IEEE 754 binary16 numbers from an index on, exactly.</summary>
    static abstract TSelf LoadHalf(ref readonly byte source, nuint index);

    /// <summary>Upper halves of floats from an index on, exactly.</summary>
    static abstract TSelf LoadUpperHalf(ref readonly byte source, nuint index);

    /// <summary>Floats from an address on.</summary>
    static abstract TSelf Load(float* source);

    /// <summary>The first few floats from an address on, 0 in the other lanes; nothing else is read.</summary>
    static abstract TSelf LoadFirst(float* source, int count);

    /// <summary>a b + c, rounded once where the machine has that and twice where it has not.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>a b - c, likewise.</summary>
    static abstract TSelf MultiplySubtract(TSelf a, TSelf b, TSelf c);

    /// <summary>The larger of two; b where either is NaN.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>Absolute values.</summary>
    static abstract TSelf Abs(TSelf value);

    /// <summary>The nearest integers.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>value 2^exponent for integers up to 127 and values between 1/2 and 2; 0 where that is too small for a float.</summary>
    static abstract TSelf Scale(TSelf value, TSelf exponent);

    /// <summary>2^n for integers n from -126 to 127, given n + 3 2^22, in whose low bits n is.</summary>
    static abstract TSelf PowerOfTwo(TSelf shifted);

    /// <summary>The powers of two at or below the sizes of normal numbers; 0 for smaller ones.</summary>
    static abstract TSelf PowerOf(TSelf value);

    /// <summary>The mask of the first few lanes.</summary>
    static abstract TSelf First(int count);

    /// <summary>The mask of a &lt; b.</summary>
    static abstract TSelf Less(TSelf a, TSelf b);

    /// <summary>The mask of a = b.</summary>
    static abstract TSelf Equal(TSelf a, TSelf b);

    /// <summary>Both masks.</summary>
    static abstract TSelf And(TSelf a, TSelf b);

    /// <summary>Either mask.</summary>
    static abstract TSelf Or(TSelf a, TSelf b);

    /// <summary>Where the mask is set <paramref name="yes"/>, else <paramref name="no"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf yes, TSelf no);

    /// <summary>Whether a &lt; b in any lane.</summary>
    static abstract bool IsAnyLess(TSelf a, TSelf b);

    /// <summary>Whether a mask is set in any lane.</summary>
    static abstract bool IsAny(TSelf mask);

    /// <summary>In how many lanes a &lt; b.</summary>
    static abstract int CountLess(TSelf a, TSelf b);

    /// <summary>Writes all lanes from an address on.</summary>
    void Store(float* destination);

    /// <summary>Writes the first few lanes from an address on, and nothing else.</summary>
    void StoreFirst(float* destination, int count);

    /// <summary>The sum of all lanes.</summary>
    double Sum();

    /// <summary>The largest of all lanes.</summary>
    float Largest();
}
