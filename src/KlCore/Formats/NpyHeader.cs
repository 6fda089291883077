using System.Buffers.Binary;

namespace KlCore.Formats;

/// <summary>
/// The header of a NumPy array file (.npy, versions 1 to 3): the type of the elements, their order and the shape. Written by hand for
/// the few forms that numbers need: nothing of it is evaluated. Source: numpy.lib.format.
/// </summary>
public sealed class NpyHeader
{
    /// <summary>The longest header that is read: 64 KiB. NumPy itself stops at 10,000.</summary>
    public const int MaximumLength = 64 << 10;

    private const int PreambleLength = 12;

    private NpyHeader(NpyElement element, bool fortranOrder, long[] shape, int dataOffset, long count) =>
        (Element, FortranOrder, Shape, DataOffset, Count) = (element, fortranOrder, shape, dataOffset, count);

    /// <summary>The type of the elements.</summary>
    public NpyElement Element { get; }

    /// <summary>Whether the first index runs fastest; else the last does.</summary>
    public bool FortranOrder { get; }

    /// <summary>The dimensions, each at least 0.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Where the elements begin, in bytes from the start of the file.</summary>
    public int DataOffset { get; }

    /// <summary>The product of the dimensions; with the size of an element it is within a 64-bit number of bytes.</summary>
    public long Count { get; }

    /// <summary>
    /// How many bytes of the file are needed to read the header, as far as its first bytes tell: ask again when that many are there.
    /// When the answer is no more than what is there, <see cref="Parse"/> can read them.
    /// </summary>
    /// <exception cref="MalformedDataException">No .npy file begins so.</exception>
    public static int BytesNeeded(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];
        var seen = Math.Min(start.Length, magic.Length);
        var same = start[..seen].CommonPrefixLength(magic);
        if (same < seen) throw new MalformedDataException("npy-magic", "a .npy file must begin with \\x93NUMPY", same);
        if (start.Length < PreambleLength - 2) return PreambleLength - 2;
        var (major, minor) = (start[6], start[7]);
        if (major is < 1 or > 3 || minor != 0)
            throw new MalformedDataException("npy-version", $"the version must be 1.0, 2.0 or 3.0, was {major}.{minor}", 6);
        if (major == 1) return CheckLength(BinaryPrimitives.ReadUInt16LittleEndian(start[8..])) + PreambleLength - 2;
        return start.Length < PreambleLength ? PreambleLength : CheckLength(BinaryPrimitives.ReadUInt32LittleEndian(start[8..])) + PreambleLength;
    }

    /// <summary>Reads a header that is there in full.</summary>
    /// <param name="start">Exactly as many bytes as <see cref="BytesNeeded"/> asked for.</param>
    /// <exception cref="MalformedDataException">The header is not well-formed, or the elements are no numbers.</exception>
    public static NpyHeader Parse(ReadOnlySpan<byte> start)
    {
        var at = start[6] == 1 ? PreambleLength - 2 : PreambleLength;
        var fields = NpyDictionary.Read(start[at..], at);
        var element = NpyElement.Parse(fields.Description, fields.DescriptionOffset);
        try
        {
            long count = 1;
            foreach (var dimension in fields.Shape) count = checked(count * dimension);
            _ = checked(count * element.Size + start.Length);
            return new NpyHeader(element, fields.FortranOrder, fields.Shape, start.Length, count);
        }
        catch (OverflowException)
        {
            throw new MalformedDataException("npy-shape", "the dimensions' product must be within 64 bits, it overflows", fields.ShapeOffset);
        }
    }

    private static int CheckLength(uint length) => length <= MaximumLength
        ? (int)length
        : throw new MalformedDataException("npy-header", $"the header must have at most {MaximumLength} bytes, was announced with {length}", 8);
}
