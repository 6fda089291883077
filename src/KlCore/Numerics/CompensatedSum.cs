using System.Runtime.CompilerServices;

namespace KlCore.Numerics;

/// <summary>
/// A running sum that carries its own rounding error, so that a million terms lose no more than one does. Infinite terms make it
/// infinite. Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974).
/// </summary>
internal struct CompensatedSum
{
    private double _sum;
    private double _error;

    /// <summary>The sum so far.</summary>
    public readonly double Value => double.IsFinite(_error) ? _sum + _error : _sum;

    /// <summary>Adds one term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double term)
    {
        var sum = _sum + term;
        _error += Math.Abs(_sum) >= Math.Abs(term) ? (_sum - sum) + term : (term - sum) + _sum;
        _sum = sum;
    }

    /// <summary>Adds a b with the rounding error of the product, so that a scalar product is as accurate as one term of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(double a, double b)
    {
        var product = a * b;
        Add(product);
        _error += Math.FusedMultiplyAdd(a, b, -product);
    }
}
