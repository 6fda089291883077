namespace KlCore;

/// <summary>
/// Everything that is wrong with one input, each failure under the JSON pointer (RFC 6901) of the value that caused it.
/// A request collects them all; code that calls the core directly gets the first as an <see cref="InvalidInputException"/>.
/// </summary>
public sealed class Problems
{
    /// <summary>How many failures are kept; the rest are counted. A million bad numbers need no answer of a hundred megabytes.</summary>
    public const int Limit = 100;

    private readonly Dictionary<string, List<string>> _byPointer;
    private readonly string _prefix;
    private readonly Counter _counter;

    /// <summary>No problems yet, at the root of the document.</summary>
    public Problems() : this([], "", new Counter())
    {
    }

    private Problems(Dictionary<string, List<string>> byPointer, string prefix, Counter counter) =>
        (_byPointer, _prefix, _counter) = (byPointer, prefix, counter);

    /// <summary>Whether anything failed.</summary>
    public bool Any => _counter.Total > 0;

    /// <summary>How many failures there were, those beyond <see cref="Limit"/> included.</summary>
    public int Total => _counter.Total;

    /// <summary>The same collection seen from a member of the current object: what is added there lands under <c>/name</c>.</summary>
    public Problems At(string name) => new(_byPointer, $"{_prefix}/{Escape(name)}", _counter);

    /// <summary>The same collection seen from an element of the current array.</summary>
    public Problems At(int index) => new(_byPointer, $"{_prefix}/{index}", _counter);

    /// <summary>Notes a failure of the current value. Form: what must hold, then what it was.</summary>
    public void Add(string message)
    {
        _counter.Total++;
        if (_counter.Total > Limit) return;
        if (!_byPointer.TryGetValue(_prefix, out var messages)) _byPointer.Add(_prefix, messages = []);
        messages.Add(message);
    }

    /// <summary>Notes a failure of a member of the current object.</summary>
    public void Add(string name, string message) => At(name).Add(message);

    /// <summary>The failures by JSON pointer, in the order in which they were found.</summary>
    public IReadOnlyDictionary<string, string[]> ByPointer() => _byPointer.ToDictionary(entry => entry.Key, entry => entry.Value.ToArray());

    /// <summary>Throws an <see cref="InvalidInputException"/> if anything failed.</summary>
    public void ThrowIfAny()
    {
        if (Any) throw new InvalidInputException(this);
    }

    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private sealed class Counter
    {
        public int Total { get; set; }
    }
}

/// <summary>Something that knows which of its values are legal.</summary>
public interface IChecked
{
    /// <summary>Adds every illegal value to <paramref name="problems"/>; adds nothing when all are legal.</summary>
    void Check(Problems problems);
}
