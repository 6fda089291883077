using System.Numerics;

namespace KlCore.Numerics;

/// <summary>
/// Several doubles that are computed with at once: 8, 4 or 1 of them. A kernel is written once against this and is compiled for each
/// width, so that every machine runs the same expression. A mask has all bits of a lane set or none.
/// </summary>
internal interface ILanes<TSelf> : IAdditionOperators<TSelf, TSelf, TSelf>, ISubtractionOperators<TSelf, TSelf, TSelf>,
    IMultiplyOperators<TSelf, TSelf, TSelf>, IDivisionOperators<TSelf, TSelf, TSelf>, IUnaryNegationOperators<TSelf, TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>How many there are.</summary>
    static abstract int Count { get; }

    /// <summary>The same number in each lane.</summary>
    static abstract TSelf All(double value);

    /// <summary>The numbers from an offset on.</summary>
    static abstract TSelf Load(ref readonly double source, nuint offset);

    /// <summary>Writes the numbers from an offset on.</summary>
    void Store(ref double destination, nuint offset);

    /// <summary>a b + c, rounded once where the machine has that and twice where it has not.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>a b - product, rounded once on every machine: the rounding error of the product.</summary>
    static abstract TSelf ProductError(TSelf a, TSelf b, TSelf product);

    /// <summary>Square roots.</summary>
    static abstract TSelf Sqrt(TSelf value);

    /// <summary>Absolute values.</summary>
    static abstract TSelf Abs(TSelf value);

    /// <summary>The mask of a &lt;= b.</summary>
    static abstract TSelf AtMost(TSelf a, TSelf b);

    /// <summary>One bit for each lane of a mask, the first lane's the lowest.</summary>
    static abstract uint Bits(TSelf mask);

    /// <summary>Where the mask is set <paramref name="yes"/>, else <paramref name="no"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf yes, TSelf no);

    /// <summary>
    /// a/b = (p/q) 2^-exponent with a quotient between sqrt(1/2) and sqrt(2), and a = p, b = q where the exponent is 0. For positive p and
    /// q; anything for 0. Eight lanes answer NaN or an infinity for what is not between 1e-290 and 1e290.
    /// </summary>
    static abstract void Align(TSelf p, TSelf q, out TSelf a, out TSelf b, out TSelf exponent);

    /// <summary>The sum of all lanes.</summary>
    double Sum();
}
