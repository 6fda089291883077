using System.Runtime.InteropServices;
using KlCore.Formats;
using KlCore.Logits;

namespace KlCore.Tests.Logits;

/// <summary>Rows of logits for tests.</summary>
internal static class Rows
{
    /// <summary>The logits rounded to an element type, as bytes.</summary>
    public static byte[] Bytes(double[] logits, ElementType element) => element switch
    {
        ElementType.F64 => MemoryMarshal.AsBytes<double>(logits).ToArray(),
        ElementType.F32 => MemoryMarshal.AsBytes<float>(Array.ConvertAll(logits, value => (float)value)).ToArray(),
        ElementType.F16 => MemoryMarshal.AsBytes<Half>(Array.ConvertAll(logits, value => (Half)value)).ToArray(),
        _ => MemoryMarshal.AsBytes<ushort>(Array.ConvertAll(logits, UpperHalf)).ToArray(),
    };

    /// <summary>What those bytes stand for.</summary>
    public static double[] Rounded(double[] logits, ElementType element) => element switch
    {
        ElementType.F64 => logits,
        ElementType.F32 => Array.ConvertAll(logits, value => (double)(float)value),
        ElementType.F16 => Array.ConvertAll(logits, value => (double)(Half)value),
        _ => Array.ConvertAll(logits, value => (double)BitConverter.UInt32BitsToSingle((uint)UpperHalf(value) << 16)),
    };

    /// <summary>One pair of rows compared.</summary>
    public static Position Compare(double[] x, double[] y, ElementType p = ElementType.F64, ElementType q = ElementType.F64, int target = -1, RowOptions? options = null)
    {
        var positions = new Position[1];
        RowComparison.Compare(
            new LogitRows(Bytes(x, p), p, x.Length), new LogitRows(Bytes(y, q), q, y.Length), new[] { target }, options ?? new RowOptions(), positions, CancellationToken.None);
        return positions[0];
    }

    private static ushort UpperHalf(double value)
    {
        var bits = BitConverter.SingleToUInt32Bits((float)value);
        if (float.IsNaN((float)value)) return 0x7FC0;
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
