using System.Runtime.InteropServices;
using KlCore.Formats;
using KlCore.Logits;

namespace KlCore.Benchmarks;

/// <summary>Two matrices of logits, the second the first with noise: the very numbers of the peers' script.</summary>
internal static class LogitMatrices
{
    private const double Deviation = 3;
    private const double Noise = 0.7;

    /// <summary>Both matrices, rounded to floats first, as the peers do.</summary>
    public static (LogitRows P, LogitRows Q) Make(int tokens, int vocabulary, ElementType element)
    {
        var x = SplitMix.Bell(11, tokens * vocabulary);
        for (var i = 0; i < x.Length; i++) x[i] *= Deviation;
        var p = Bytes(x, element);
        var noise = SplitMix.Bell(12, tokens * vocabulary);
        for (var i = 0; i < x.Length; i++) x[i] += Noise * noise[i];
        return (new LogitRows(p, element, vocabulary), new LogitRows(Bytes(x, element), element, vocabulary));
    }

    private static byte[] Bytes(double[] logits, ElementType element) => element switch
    {
        ElementType.F64 => MemoryMarshal.AsBytes<double>(logits).ToArray(),
        ElementType.F32 => MemoryMarshal.AsBytes<float>(Array.ConvertAll(logits, value => (float)value)).ToArray(),
        ElementType.F16 => MemoryMarshal.AsBytes<Half>(Array.ConvertAll(logits, value => (Half)(float)value)).ToArray(),
        _ => MemoryMarshal.AsBytes<ushort>(Array.ConvertAll(logits, UpperHalf)).ToArray(),
    };

    private static ushort UpperHalf(double value)
    {
        var bits = BitConverter.SingleToUInt32Bits((float)value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
