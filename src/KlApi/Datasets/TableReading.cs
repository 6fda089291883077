using System.Buffers;
using KlCore.Formats;

namespace KlApi.Datasets;

/// <summary>Reads a stored file through the reader of its format.</summary>
internal static class TableReading
{
    private const int PieceLength = 128 << 10;

    /// <summary>Reads the whole file, or as long as <paramref name="goOn"/> says so; returns whether that was all of it.</summary>
    public static bool ReadAll(this TableReader reader, FileStream file, Func<bool>? goOn = null)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            while (file.Read(piece) is var length and > 0)
            {
                reader.Append(piece.AsSpan(0, length));
                if (goOn?.Invoke() == false) return false;
            }
            reader.Complete();
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
