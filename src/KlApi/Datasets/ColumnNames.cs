using KlCore.Formats;

namespace KlApi.Datasets;

/// <summary>Names of columns as messages show them: they come from outside and may be of any number and length.</summary>
internal static class ColumnNames
{
    private const int MostShown = 20;

    /// <summary>The names between quotes, not too many of them; "none" where there are none.</summary>
    public static string List(IEnumerable<TableColumn> columns)
    {
        var names = columns.Select(column => $"'{Short(column.Name)}'").Take(MostShown + 1).ToList();
        if (names.Count == 0) return "none";
        return names.Count > MostShown ? $"{string.Join(", ", names.Take(MostShown))}, …" : string.Join(", ", names);
    }

    /// <summary>The name, not too much of it.</summary>
    public static string Short(string name) => name.Length <= 60 ? name : string.Concat(name.AsSpan(0, 60), "…");
}
