using KlCore.Formats;

namespace KlCore.Training;

/// <summary>What is known of stored logits without reading them.</summary>
/// <param name="Rows">How many rows there are.</param>
/// <param name="Vocabulary">Logits in a row.</param>
/// <param name="Sha256">The hash of their file.</param>
/// <param name="Tensor">Which tensor of the file they are, where that was chosen.</param>
public sealed record LogitsFacts(long Rows, int Vocabulary, string Sha256, string? Tensor = null)
{
    /// <summary>What stored logits may be called, in words.</summary>
    public const string NameRule = "must have 1 to 100 characters of A-Z, a-z, 0-9, '.', '_' and '-', and not begin with '.'";

    /// <summary>Whether stored logits could be called so. The name is never part of a path of the disk, but it is one of URLs and of file names of downloads.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && name[0] != '.' && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
}

/// <summary>Stored logits that a run reads row by row. They stay readable while they are open, whatever becomes of their name.</summary>
public interface IStoredLogits : IDisposable
{
    /// <summary>What they are.</summary>
    LogitsFacts Facts { get; }

    /// <summary>How rows are handed out.</summary>
    LogitsShape Shape { get; }

    /// <summary>The token that follows each row, -1 where there is none; null where none is known.</summary>
    IReadOnlyList<int>? Targets { get; }

    /// <summary>Reads the next rows.</summary>
    /// <param name="rows">Where to: filled in full; its length is that of whole rows.</param>
    void Read(Memory<byte> rows);

    /// <summary>Passes over the next rows.</summary>
    void Skip(long rows);
}
