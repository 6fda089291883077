using System.Numerics;

namespace KlCore.Networks;

/// <summary>Sums of floats, several at once.</summary>
internal static class FloatRow
{
    /// <summary>y + x into y.</summary>
    public static void Add(ReadOnlySpan<float> x, Span<float> y)
    {
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count) (new Vector<float>(y[i..]) + new Vector<float>(x[i..])).CopyTo(y[i..]);
        for (; i < x.Length; i++) y[i] += x[i];
    }

    /// <summary>y + factor x into y.</summary>
    public static void AddMultiple(ReadOnlySpan<float> x, float factor, Span<float> y)
    {
        var i = 0;
        var all = new Vector<float>(factor);
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count) (new Vector<float>(y[i..]) + all * new Vector<float>(x[i..])).CopyTo(y[i..]);
        for (; i < x.Length; i++) y[i] += factor * x[i];
    }
}
