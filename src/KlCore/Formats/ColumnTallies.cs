namespace KlCore.Formats;

/// <summary>Counts what the cells of each column are. Grows with the columns that were really seen.</summary>
internal sealed class ColumnTallies
{
    private Tally[] _tallies = [];

    /// <summary>Counts one cell.</summary>
    public void Add(int column, CellKind kind)
    {
        if (column >= _tallies.Length) Array.Resize(ref _tallies, Math.Max(column + 1, _tallies.Length * 2));
        ref var tally = ref _tallies[column];
        switch (kind)
        {
            case CellKind.Number:
                tally.AnyNumber = true;
                break;
            case CellKind.Text:
                tally.AnyText = true;
                break;
            case CellKind.NotFinite:
                tally.NotFinite++;
                break;
            default:
                tally.Empty++;
                break;
        }
    }

    /// <summary>The columns with these names; the types are numbers where nothing else was seen and <paramref name="numeric"/> or a number was.</summary>
    public TableColumn[] Describe(IReadOnlyList<string> names, bool numeric = false)
    {
        var columns = new TableColumn[names.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            var tally = i < _tallies.Length ? _tallies[i] : default;
            columns[i] = !tally.AnyText && (tally.AnyNumber || numeric)
                ? new TableColumn(names[i], ColumnType.Number, tally.Empty + tally.NotFinite)
                : new TableColumn(names[i], ColumnType.Text, tally.Empty);
        }
        return columns;
    }

    private struct Tally
    {
        public long Empty, NotFinite;
        public bool AnyNumber, AnyText;
    }
}

/// <summary>What one cell is.</summary>
internal enum CellKind
{
    /// <summary>Nothing, or blanks.</summary>
    Empty,

    /// <summary>A finite number.</summary>
    Number,

    /// <summary>NA, NaN, an infinity, or a number beyond the range of a double.</summary>
    NotFinite,

    /// <summary>Anything else.</summary>
    Text,
}
