using KlCore.Formats;

namespace KlCore.Training;

/// <summary>What is known of stored logits without reading them.</summary>
/// <param name="Rows">How many rows there are.</param>
/// <param name="Vocabulary">Logits in a row.</param>
/// <param name="Sha256">The hash of their file.</param>
/// <param name="Tensor">Which tensor of the file they are, where that was chosen.</param>
public sealed record LogitsFacts(long Rows, int Vocabulary, string Sha256, string? Tensor = null);

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
