namespace KlCore.Formats;

/// <summary>The formats that targets come in.</summary>
public enum TargetsFormat
{
    /// <summary>A NumPy array of whole numbers of any shape, flattened.</summary>
    Npy,

    /// <summary>One tensor of a safetensors file, of type I32 or I64, flattened.</summary>
    Safetensors,

    /// <summary>Whole numbers as text: a JSON array, or numbers with blanks, line ends or single commas between them.</summary>
    Text,
}

/// <summary>
/// Reads the ids of the tokens that follow each row, from data that arrives in pieces. -1 and -100 say that a row has no target, and become -1.
/// Memory is bounded by what has arrived, never by what a header announces.
/// </summary>
public abstract class TargetsReader
{
    /// <summary>How many targets were read.</summary>
    public int Count => Numbers.Targets.Count;

    /// <summary>What was read.</summary>
    private protected TargetNumbers Numbers { get; } = new();

    /// <summary>The format that the data begins with.</summary>
    /// <param name="start">The first <see cref="LogitsFormats.SniffLength"/> bytes of the data, or all of it where it is shorter.</param>
    /// <exception cref="MalformedDataException">No format begins so.</exception>
    public static TargetsFormat Sniff(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty) throw new MalformedDataException("empty", "the data must hold targets, it is empty", 0);
        var text = start.StartsWith("\uFEFF"u8) ? start[3..] : start;
        if (text.TrimStart(" \t\r\n"u8) is [(byte)'[' or (byte)'-' or (>= (byte)'0' and <= (byte)'9'), ..] && !start.Contains((byte)0)) return TargetsFormat.Text;
        if (start[0] == 0x93) return TargetsFormat.Npy;
        if (start.Length > SafetensorsHeader.Preamble && start[SafetensorsHeader.Preamble] == (byte)'{') return TargetsFormat.Safetensors;
        throw new MalformedDataException(
            "unknown-format", "targets must be a .npy array of whole numbers, a .safetensors file, or whole numbers as text; the data begins like none of them", 0);
    }

    /// <summary>Starts to read data of the format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="tensor">The tensor of a safetensors file; null for the only one that could hold targets. Means nothing elsewhere.</param>
    public static TargetsReader Open(TargetsFormat format, string? tensor = null) => format switch
    {
        TargetsFormat.Npy => new NpyTargetsReader(),
        TargetsFormat.Safetensors => new SafetensorsTargetsReader(tensor),
        _ => new TextTargetsReader(),
    };

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="MalformedDataException">The data so far cannot be the start of well-formed targets.</exception>
    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Says that there are no more bytes, and what they held: at least one target, each -1 or at least 0.</summary>
    /// <exception cref="MalformedDataException">The data is cut short, or holds nothing.</exception>
    public int[] Complete()
    {
        Finish();
        return Arrange(Numbers.Targets.ToArray());
    }

    /// <summary>The data has ended.</summary>
    private protected abstract void Finish();

    /// <summary>Puts the targets in their order.</summary>
    private protected virtual int[] Arrange(int[] targets) => targets;
}
