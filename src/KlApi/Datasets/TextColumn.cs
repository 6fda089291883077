using System.Text;
using KlApi.Host;
using KlCore;
using KlCore.Formats;
using KlCore.Training;

namespace KlApi.Datasets;

/// <summary>One column of a dataset that is read as text.</summary>
internal sealed class TextColumn
{
    // What a string takes besides its characters, in characters.
    private const int PerRow = 16;
    private const int CharactersPerNumber = sizeof(double) / sizeof(char);

    private readonly Dataset _dataset;
    private readonly bool? _header;
    private readonly int _index;
    private readonly long _most;
    private readonly string _reason;

    private TextColumn(Dataset dataset, bool? header, int index, long most, string reason) => (_dataset, _header, _index, _most, _reason) = (dataset, header, index, most, reason);

    /// <summary>The column that is asked for, or null after adding what keeps it from being read.</summary>
    public static TextColumn? Find(Dataset dataset, bool? header, DatasetText asked, Limits limits, Problems problems)
    {
        if (dataset.Format == DatasetFormat.Npy) problems.Add("dataset", "must hold text, it is an array of numbers (.npy)");
        else if (Index(dataset.Schema!, asked, problems) is { } index)
        {
            // As much memory as the most numbers would take.
            var room = limits.DatasetNumbers * CharactersPerNumber - dataset.Rows * PerRow;
            if (room < 0) problems.Add("dataset", $"must have at most {limits.DatasetNumbers * CharactersPerNumber / PerRow} rows to be read as text, has {dataset.Rows}");
            else return new TextColumn(dataset, header, index, Math.Min(asked.MaximumCharacters, room), asked.MaximumCharacters <= room ? asked.MaximumReason : "");
        }
        return null;
    }

    /// <summary>Adds a problem if the column holds more characters than can be used. Where the size of the file does not tell, it is read.</summary>
    public void CheckLength(FileStream file, Problems problems)
    {
        // No character takes less than a byte.
        if (_dataset.Bytes <= _most) return;
        // Plain text holds nothing else, and a UTF-16 unit of it takes at most three bytes and a line end two.
        var least = _dataset.Format == DatasetFormat.Text ? (_dataset.Bytes - 2 * _dataset.Rows) / 3 : 0;
        if (least > _most) problems.Add("dataset", TooLong(least));
        else if (Count(file) is var count && count > _most) problems.Add("dataset", TooLong(count));
    }

    /// <summary>The cells, one for each row; adds a problem if they are longer than can be used.</summary>
    public string[] Read(FileStream file, Problems problems)
    {
        var texts = new string[_dataset.Rows];
        long characters = 0;
        var reader = _dataset.Format.Open(_header, texts: (row, column, utf8) =>
        {
            if (column != _index || characters > _most) return;
            texts[row] = Encoding.UTF8.GetString(utf8);
            characters += texts[row].Length;
        });
        if (!reader.ReadAll(file, () => characters <= _most)) problems.Add("dataset", TooLong(characters));
        return texts;
    }

    private string TooLong(long count) => $"must have at most {_most} characters in the column that is read{(_reason.Length > 0 ? $" {_reason}" : "")}, has {count} or more";

    private long Count(FileStream file)
    {
        long characters = 0;
        var reader = _dataset.Format.Open(_header, texts: (_, column, utf8) =>
        {
            if (column == _index) characters += Encoding.UTF8.GetCharCount(utf8);
        });
        _ = reader.ReadAll(file, () => characters <= _most);
        return characters;
    }

    private static int? Index(IReadOnlyList<TableColumn> schema, DatasetText asked, Problems problems)
    {
        var name = asked.Column;
        var index = name is null ? OnlyText(schema, problems) : Enumerable.Range(0, schema.Count).FirstOrDefault(i => schema[i].Name == name, -1);
        if (index < 0)
        {
            if (name is not null) problems.Add(asked.Field, $"must be a column of the dataset, which has {ColumnNames.List(schema)}");
            return null;
        }
        if (schema[index].Missing == 0) return index;
        problems.Add(name is null ? "dataset" : asked.Field, $"must have a text in every row, has {schema[index].Missing} cells that hold nothing in column '{ColumnNames.Short(schema[index].Name)}'");
        return null;
    }

    private static int OnlyText(IReadOnlyList<TableColumn> schema, Problems problems)
    {
        var texts = Enumerable.Range(0, schema.Count).Where(i => schema[i].Type == ColumnType.Text).ToList();
        if (texts.Count == 1) return texts[0];
        var named = texts.FindIndex(i => schema[i].Name == "text");
        if (named >= 0) return texts[named];
        if (texts.Count == 0) problems.Add("dataset", $"must have a column of text, it has none; of numbers are {ColumnNames.List(schema)}, which can be named");
        else problems.Add("column", $"must be named where several hold text, of text are {ColumnNames.List(texts.Select(i => schema[i]))}");
        return -1;
    }
}
