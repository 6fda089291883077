using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>A sum to about 32 digits, less a few for millions of terms: the rounding errors of the additions are summed as well.</summary>
internal struct ExactSum
{
    private double _high;
    private double _low;

    /// <summary>The sum so far.</summary>
    public readonly DoubleDouble Value => DoubleDouble.Sum(_high, _low);

    /// <summary>Adds one term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double term)
    {
        var sum = DoubleDouble.Sum(_high, term);
        _high = sum.Hi;
        _low += sum.Lo;
    }
}
