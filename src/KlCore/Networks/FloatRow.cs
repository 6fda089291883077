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
}
