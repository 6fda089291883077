using System.Text;

namespace KlCore.Formats;

/// <summary>What the cells of a CSV file mean: the first row names the columns or is a row of numbers, the others have as many cells.</summary>
internal sealed class CsvRows
{
    private readonly bool? _header;
    private readonly ColumnTallies _tallies = new();
    private readonly List<string> _first = [];
    private readonly List<double> _firstNumbers = [];
    private readonly List<CellKind> _firstKinds = [];
    private string[]? _names;
    private long _row;
    private int _column;

    /// <summary>Begins with the first row; <paramref name="header"/> null means that it is a header unless all its cells are numbers.</summary>
    public CsvRows(bool? header) => _header = header;

    /// <summary>Says in words which cell comes next.</summary>
    public string Where() => _names is null ? $"the first row, column {_column + 1}" : $"row {_row + 1}, column {_column + 1}";

    /// <summary>Takes the next cell of the row.</summary>
    public void Cell(ReadOnlySpan<byte> content, long offset, long line, NumberVisitor? numbers, TextVisitor? texts)
    {
        if (_names is null)
        {
            FirstRowCell(content, offset, line);
            return;
        }
        if (_column >= _names.Length)
            throw new MalformedDataException("csv-ragged", $"a row must have {Cells(_names.Length)} as the first has, row {_row + 1} has more", offset, line);
        _tallies.Add(_column, NumericCell.Read(content, out var value));
        numbers?.Invoke(_row, _column, value);
        texts?.Invoke(_row, _column, content);
        _column++;
    }

    /// <summary>Takes the end of the row.</summary>
    public void EndRow(long offset, long line, NumberVisitor? numbers, TextVisitor? texts)
    {
        if (_names is null) EndFirstRow(offset, line, numbers, texts);
        else if (_column != _names.Length)
            throw new MalformedDataException("csv-ragged", $"a row must have {Cells(_names.Length)} as the first has, row {_row + 1} has {_column}", offset, line);
        else _row++;
        _column = 0;
    }

    /// <summary>The shape of the whole.</summary>
    public TableShape Complete(long offset, long line)
    {
        if (_names is null) throw new MalformedDataException("empty", "the table must have at least one row, there was none", offset, line);
        if (_row == 0) throw new MalformedDataException("no-rows", "the table must have at least one row, there was only a header", offset, line);
        return new TableShape(_row, _tallies.Describe(_names));
    }

    private static string Cells(int count) => count == 1 ? "1 cell" : $"{count} cells";

    private void FirstRowCell(ReadOnlySpan<byte> content, long offset, long line)
    {
        if (_column == TableReader.MaximumColumns)
            throw new MalformedDataException("too-many-columns", $"a table must have at most {TableReader.MaximumColumns} columns", offset, line);
        _first.Add(Encoding.UTF8.GetString(content));
        _firstKinds.Add(NumericCell.Read(content, out var value));
        _firstNumbers.Add(value);
        _column++;
    }

    private void EndFirstRow(long offset, long line, NumberVisitor? numbers, TextVisitor? texts)
    {
        if (_header ?? _firstKinds.Exists(kind => kind != CellKind.Number))
        {
            _names = [.. _first];
            CheckDistinct(_names, offset, line);
            return;
        }
        _names = new string[_first.Count];
        for (var column = 0; column < _names.Length; column++)
        {
            _names[column] = column.ToString();
            _tallies.Add(column, _firstKinds[column]);
            numbers?.Invoke(0, column, _firstNumbers[column]);
            texts?.Invoke(0, column, Encoding.UTF8.GetBytes(_first[column]));
        }
        _row = 1;
    }

    private static void CheckDistinct(string[] names, long offset, long line)
    {
        var seen = new Dictionary<string, int>();
        for (var column = 0; column < names.Length; column++)
            if (!seen.TryAdd(names[column], column))
                throw new MalformedDataException(
                    "csv-header", $"the columns' names must differ, columns {seen[names[column]] + 1} and {column + 1} have the same", offset, line);
    }
}
