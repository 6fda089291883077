namespace KlCore.Drift;

/// <summary>One column of one table: its numbers, or how often each text stands in it, and how many cells hold nothing.</summary>
public sealed class ColumnSample
{
    /// <summary>Texts beyond so many different ones are only counted together.</summary>
    public const int MostTexts = 100_000;

    private List<double>? _numbers = [];
    private Dictionary<string, long> _texts = [];

    /// <summary>A column without cells yet.</summary>
    public ColumnSample(string name) => Name = name;

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>How many cells hold something.</summary>
    public long Count { get; private set; }

    /// <summary>How many cells hold nothing.</summary>
    public long Missing { get; private set; }

    /// <summary>How many cells there are.</summary>
    public long Rows => Count + Missing;

    /// <summary>Whether every cell that holds something is a number, and one is.</summary>
    public bool IsNumeric => _numbers is { Count: > 0 };

    /// <summary>The numbers of a numeric column, in the order of the rows.</summary>
    public IReadOnlyList<double> Numbers => _numbers ?? [];

    /// <summary>How many cells hold texts beyond the first <see cref="MostTexts"/> different ones.</summary>
    public long Uncounted { get; private set; }

    /// <summary>A cell that holds a number; what is not finite counts as missing.</summary>
    public void Add(double number)
    {
        if (!double.IsFinite(number))
        {
            Missing++;
            return;
        }

        Count++;
        // Negative and positive zero are one number, and one category.
        if (_numbers is not null) _numbers.Add(number + 0.0);
        else Tally(Text(number));
    }

    /// <summary>A cell that holds a text; with the first one the numbers before it become texts, too.</summary>
    public void Add(string text)
    {
        Count++;
        if (_numbers is { } numbers)
        {
            _numbers = null;
            foreach (var number in numbers) Tally(Text(number));
        }

        Tally(text);
    }

    /// <summary>Cells that hold nothing.</summary>
    public void AddMissing(long count = 1) => Missing += count;

    /// <summary>How often each text, or each number written as a text, occurs.</summary>
    public IReadOnlyDictionary<string, long> Texts()
    {
        if (_numbers is not { } numbers) return _texts;
        var all = new ColumnSample(Name) { _numbers = null };
        foreach (var number in numbers) all.Tally(Text(number));
        Uncounted = all.Uncounted;
        return all._texts;
    }

    private static string Text(double number) => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private void Tally(string text)
    {
        if (_texts.TryGetValue(text, out var count)) _texts[text] = count + 1;
        else if (_texts.Count < MostTexts) _texts.Add(text, 1);
        else Uncounted++;
    }
}
