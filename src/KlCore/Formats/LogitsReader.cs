namespace KlCore.Formats;

/// <summary>
/// Reads rows of logits from data that arrives in pieces, with memory that does not grow with it: bytes of the file in, bytes of rows out
/// (<see cref="LogitsShape.Element"/>, least significant byte first, without gaps). Nothing is allocated by what a header announces, and
/// what is malformed ends the reading with a <see cref="MalformedDataException"/> that names the offset.
/// </summary>
public abstract class LogitsReader
{
    /// <summary>The largest vocabulary that is read.</summary>
    public const int MaximumVocabulary = 1 << 21;

    /// <summary>The most rows that are read.</summary>
    public const long MaximumRows = 1L << 31;

    /// <summary>What the header says, once it has arrived; for JSON lines once the first row has.</summary>
    public LogitsShape? Shape { get; protected set; }

    /// <summary>How many whole rows were handed out.</summary>
    public long RowsRead { get; protected set; }

    /// <summary>
    /// The next token of each row, as far as the rows were handed out, where the file holds them (kld, JSON lines with a target); null where it does not.
    /// </summary>
    public virtual IReadOnlyList<int>? Targets => null;

    /// <summary>
    /// How many of the bytes that come next are bytes of rows just as they are: they may be read straight to where rows go and then be
    /// told by <see cref="TookDirectly"/>. 0 where the bytes have to go through <see cref="Read"/>.
    /// </summary>
    public virtual long DirectBytes => 0;

    /// <summary>
    /// Takes bytes of the file and writes bytes of rows, until either the source is used up or the destination is full. What was taken in full has
    /// nothing left to give: when all of the file is taken, all rows were written.
    /// </summary>
    /// <param name="source">What comes next in the file.</param>
    /// <param name="rows">
    /// Where rows go; its length is a multiple of the size of an element. While <see cref="Shape"/> is null nothing is written; the caller then sizes
    /// its rows by it and calls again.
    /// </param>
    /// <param name="taken">How much of the source was read; the rest is to be given again.</param>
    /// <param name="written">How many bytes were written.</param>
    /// <exception cref="MalformedDataException">The data so far cannot be the start of a well-formed file.</exception>
    /// <exception cref="NotComputableException">The data is well-formed but cannot be streamed (fortran-order-not-streamable).</exception>
    public abstract void Read(ReadOnlySpan<byte> source, Span<byte> rows, out int taken, out int written);

    /// <summary>Says that this many of <see cref="DirectBytes"/> were read past this reader.</summary>
    public virtual void TookDirectly(int bytes) => throw new InvalidOperationException("This format is not read directly.");

    /// <summary>Says that the data has ended; throws where it must not have.</summary>
    /// <exception cref="MalformedDataException">The data is cut off. The message says how many rows are whole.</exception>
    public abstract void Complete();
}
