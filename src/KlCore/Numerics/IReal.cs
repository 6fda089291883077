using System.Numerics;

namespace KlCore.Numerics;

/// <summary>A number, or several that are computed with at once: what a formula needs that is written once for all of them.</summary>
internal interface IReal<TSelf> : IAdditionOperators<TSelf, TSelf, TSelf>, ISubtractionOperators<TSelf, TSelf, TSelf>,
    IMultiplyOperators<TSelf, TSelf, TSelf>, IDivisionOperators<TSelf, TSelf, TSelf>
    where TSelf : struct, IReal<TSelf>
{
    /// <summary>The nearest number, in each lane.</summary>
    static abstract TSelf Of(double value);

    /// <summary>Square roots.</summary>
    static abstract TSelf Sqrt(TSelf value);
}

/// <summary>One number of a type of the base library.</summary>
internal readonly struct Real<T>(T value) : IReal<Real<T>>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The number.</summary>
    public T Value { get; } = value;

    public static Real<T> Of(double value) => new(T.CreateTruncating(value));

    public static Real<T> Sqrt(Real<T> value) => new(T.Sqrt(value.Value));

    public static Real<T> operator +(Real<T> a, Real<T> b) => new(a.Value + b.Value);

    public static Real<T> operator -(Real<T> a, Real<T> b) => new(a.Value - b.Value);

    public static Real<T> operator *(Real<T> a, Real<T> b) => new(a.Value * b.Value);

    public static Real<T> operator /(Real<T> a, Real<T> b) => new(a.Value / b.Value);
}
