using KlCore.Formats;

namespace KlCore.Training;

/// <summary>Rows of logits that are kept somewhere and read by their numbers, forward at best.</summary>
public abstract class StoredLogits
{
    /// <summary>What a row is.</summary>
    public abstract LogitsShape Shape { get; }

    /// <summary>How many rows there are.</summary>
    public abstract long Rows { get; }

    /// <summary>Whether the next token of each row is known.</summary>
    public abstract bool HasTargets { get; }

    /// <summary>Reads whole rows, from the row <paramref name="first"/> on, into <paramref name="rows"/>, which they fill.</summary>
    public abstract void Read(long first, Memory<byte> rows);

    /// <summary>Reads the targets of the rows from <paramref name="first"/> on; only where <see cref="HasTargets"/>.</summary>
    public abstract void ReadTargets(long first, Span<int> targets);
}
