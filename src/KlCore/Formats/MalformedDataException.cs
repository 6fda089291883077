namespace KlCore.Formats;

/// <summary>Bytes that are not what their format says. Says what must hold, what was found, and where.</summary>
public sealed class MalformedDataException : Exception
{
    /// <summary>For a failure at a byte, and on a line where the format has lines.</summary>
    /// <param name="code">One stable kebab-case word for the kind of failure.</param>
    /// <param name="message">What must hold, then what was found; the place is added.</param>
    /// <param name="offset">The byte, counted from 0 at the start of the data.</param>
    /// <param name="line">The line, counted from 1.</param>
    public MalformedDataException(string code, string message, long offset, long? line = null)
        : base(line is null ? $"{message} (byte {offset})" : $"{message} (line {line}, byte {offset})") =>
        (Code, Offset, Line) = (code, offset, line);

    private MalformedDataException(MalformedDataException failure, string file)
        : base(failure.Message, failure) =>
        (Code, Offset, Line, File) = (failure.Code, failure.Offset, failure.Line, file);

    /// <summary>One stable kebab-case word.</summary>
    public string Code { get; }

    /// <summary>The byte at which the failure was seen, counted from 0.</summary>
    public long Offset { get; }

    /// <summary>The line, counted from 1; null where the format has no lines.</summary>
    public long? Line { get; }

    /// <summary>Which of several files sent together it was; null where there is one.</summary>
    public string? File { get; }

    /// <summary>The same failure, of one file among several.</summary>
    public MalformedDataException Of(string file) => new(this, file);
}
