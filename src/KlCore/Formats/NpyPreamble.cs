using System.Text;

namespace KlCore.Formats;

/// <summary>What stands before the numbers of a <c>.npy</c> file with one dimension.</summary>
public static class NpyPreamble
{
    private const int BeforeHeader = 10;

    /// <summary>Magic, version 1.0 and a header that all together are a multiple of 64 bytes.</summary>
    /// <param name="type">The type as NumPy writes it in Python: <c>'&lt;f8'</c>, or a list of fields.</param>
    /// <param name="count">How many elements the one dimension has.</param>
    public static byte[] Of(string type, long count)
    {
        var dictionary = $"{{'descr': {type}, 'fortran_order': False, 'shape': ({count},), }}";
        var length = (BeforeHeader + dictionary.Length + 1 + 63) / 64 * 64 - BeforeHeader;
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8), .. Encoding.ASCII.GetBytes(dictionary.PadRight(length - 1) + "\n")];
    }
}
